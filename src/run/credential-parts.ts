/**
 * The parts of a credential that names several: each is found, checked against its own binding and approval, and known to
 * the redactor, as if the request had named it alone. Source: house.md §6.3.
 */
import type { CredentialPart, NamedDefinition } from '../credentials/types.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import type { OutgoingRequest } from '../http/types.ts';
import { authorize, type AuthorizeContext } from './authorize.ts';

export interface PartsContext {
  readonly context: AuthorizeContext;
  readonly root: string | undefined;
  resolveText(text: string): Promise<string>;
  /** Each part with what it puts on, before anything is sent. */
  onPart(named: NamedDefinition, part: CredentialPart): void;
}

/** @throws CountersignError CS-DEF-UNKNOWN, and whatever `authorize` throws for the part */
export function toPartSource(
  outgoing: OutgoingRequest,
  { context, root, resolveText, onPart }: PartsContext,
): (name: string) => Promise<CredentialPart> {
  return async (name) => {
    const found = await context.book.find(name, root);
    if (!found) {
      throw new CountersignError('CS-DEF-UNKNOWN', `No credential is called “${name.slice(0, 60)}”.`, {
        next: 'Check the spelling, or add the credential.',
        facts: { name },
      });
    }
    const named = await context.book.resolve(found, resolveText);
    const { scheme } = named.definition;
    // One that names several is refused by who asked; its own parts are not even looked for.
    const attachment =
      scheme === 'several' ? { headers: [], query: [], cookies: [] } : await authorize(named, outgoing, context);
    const part = { name, scheme, signs: context.book.scheme(named)?.signs === true, attachment };
    onPart(named, part);
    return part;
  };
}
