/**
 * Several credentials on one request, such as a client certificate, a bearer token and an API key. Each keeps its own
 * binding and approval; they go together or not at all, and what signs comes last. What joins them is loaded at the first
 * use. Source: RFC 9421 §1.4 (a signature covers what is there when it is made).
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import type { OtherDefinition, Scheme } from '../types.ts';

export type SeveralDefinition = OtherDefinition & { readonly credentials?: string | readonly string[] };

/** More than any API asks for. */
const mostParts = 8;

export const several: Scheme<SeveralDefinition> = {
  id: 'several',
  label: 'Several credentials together',
  description: 'Names other credentials that go on one request: a client certificate, a token and an API key, say.',
  icon: 'layers',
  fields: [
    {
      name: 'credentials',
      label: 'Credentials',
      description: 'Names of the credentials. Each has to be bound to the origin itself; what signs is put on last.',
      type: 'string[]',
      required: true,
      example: 'orders-certificate',
    },
  ],
  slots: () => [],
  secretUse: () => ({ as: 'as its credentials say' }),
  check(definition) {
    const names = namesOf(definition);
    if (names.length > mostParts) return [{ field: 'credentials', message: '“credentials” names more than 8.' }];
    if (new Set(names).size < names.length) {
      return [{ field: 'credentials', message: '“credentials” names one of them twice.' }];
    }
    return [];
  },
  async prepare(context) {
    const { definition, name } = context.credential;
    const [wrong] = several.check(definition);
    if (wrong) throw new CountersignError('CS-DEF-FIELD', `${name}: ${wrong.message}`);
    const { toJointAttachment } = await import('../several/joint-attachment.ts');
    return toJointAttachment(context, namesOf(definition));
  },
};

function namesOf({ credentials }: SeveralDefinition): readonly string[] {
  return (typeof credentials === 'string' ? [credentials] : (credentials ?? [])).map((each) => each.trim());
}
