/**
 * Hawk: each request signed with a shared key, its body by hash. The key itself never leaves. What signs is loaded at the
 * first use. Source: the specification of Hawk 1.1 (mozilla/hawk, API.md).
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import type { OtherDefinition, Scheme } from '../types.ts';

export type HawkDefinition = OtherDefinition & {
  readonly id?: string;
  readonly algorithm?: string;
  readonly ext?: string;
  readonly app?: string;
  readonly delegated_by?: string;
  readonly payload_hash?: boolean;
};

const algorithms = ['sha256', 'sha1'];
/** What may stand between the quotes of the header: nothing that has to be escaped there. */
const attribute = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

export const hawk: Scheme<HawkDefinition> = {
  id: 'hawk',
  label: 'Hawk',
  description: 'Signs each request with a shared key (Hawk): its method, address, time and body; the key is not sent.',
  icon: 'key',
  fields: [
    {
      name: 'id',
      label: 'Id',
      description: 'Names the key; it is sent and is no secret.',
      type: 'string',
      required: true,
      example: 'dh37fgj492je',
    },
    {
      name: 'algorithm',
      label: 'Algorithm',
      description: 'sha256 where nothing is said.',
      type: 'string',
      values: algorithms,
    },
    {
      name: 'ext',
      label: 'Ext',
      description: 'Application data that is signed and sent along, where the server asks for it.',
      type: 'string',
    },
    { name: 'app', label: 'App', description: 'Id of the application, for Oz and its kin.', type: 'string' },
    {
      name: 'delegated_by',
      label: 'Delegated by',
      description: 'Id of the application that delegated (dlg); needs “app”.',
      type: 'string',
    },
    {
      name: 'payload_hash',
      label: 'Hash of the body',
      description: 'Signs the body as well; true where nothing is said.',
      type: 'boolean',
    },
  ],
  signs: true,
  slots: () => [{ id: '', label: 'key', required: true }],
  secretUse: () => ({ as: 'only as a signature, in Authorization: Hawk' }),
  check(definition) {
    for (const field of ['id', 'ext', 'app', 'delegated_by'] as const) {
      const value: unknown = definition[field];
      if (typeof value === 'string' && !attribute.test(value)) {
        return [{ field, message: `“${field}” holds a quote, a backslash or a character that a header cannot carry.` }];
      }
    }
    const { algorithm } = definition;
    if (typeof algorithm === 'string' && !algorithm.includes('{{') && !algorithms.includes(algorithm)) {
      return [{ field: 'algorithm', message: `“${algorithm.slice(0, 40)}” is not one of ${algorithms.join(', ')}.` }];
    }
    if (definition.delegated_by !== undefined && definition.app === undefined) {
      return [{ field: 'app', message: '“delegated_by” needs “app” beside it.' }];
    }
    return [];
  },
  async prepare(context) {
    const [wrong] = hawk.check(context.credential.definition);
    if (wrong) throw new CountersignError('CS-DEF-FIELD', `${context.credential.name}: ${wrong.message}`);
    const { toHawkAttachment } = await import('../hawk/hawk-attachment.ts');
    return toHawkAttachment(context);
  },
};
