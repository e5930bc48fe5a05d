/**
 * The name and password of the person's netrc file, by choice: for origins of a definition alone, for exactly the host
 * that is asked, and never for another one a redirect leads to. What reads is loaded at the first use.
 * Source: netrc(5); auth.md §2.4.
 */
import type { OtherDefinition, Scheme } from '../types.ts';

export type NetrcDefinition = OtherDefinition & { readonly login?: string };

export const netrc: Scheme<NetrcDefinition> = {
  id: 'netrc',
  label: 'Entry of .netrc',
  description:
    'A user name and password from your netrc file (NETRC, ~/.netrc or ~/_netrc), sent as Basic to its own host.',
  icon: 'file',
  fields: [
    {
      name: 'login',
      label: 'User name',
      description: 'Which entry, where the file has several for one host.',
      type: 'string',
      example: 'svc',
    },
  ],
  slots: () => [],
  secretUse: () => ({ as: 'as Authorization: Basic' }),
  check: () => [],
  async prepare(context) {
    const { toNetrcAttachment } = await import('../netrc/netrc-attachment.ts');
    return toNetrcAttachment(context);
  },
};
