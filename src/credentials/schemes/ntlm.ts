/**
 * NTLM, also as a mechanism of Negotiate: a user name and a password that answer the challenge of the server, by version
 * 2 alone. What answers is loaded at the first use. Source: MS-NTHT, MS-NLMP.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import type { OtherDefinition, Scheme } from '../types.ts';

export type NtlmDefinition = OtherDefinition & {
  readonly username?: string;
  readonly domain?: string;
  readonly workstation?: string;
  readonly mechanism?: string;
};

const control = /[\u0000-\u001f\u007f]/;

export const ntlm: Scheme<NtlmDefinition> = {
  id: 'ntlm',
  label: 'User name and password (NTLM)',
  description:
    'A user name and a password that answer the challenge of a Windows server (NTLMv2); never sent themselves.',
  icon: 'account',
  fields: [
    {
      name: 'username',
      label: 'User name',
      description: 'Alone, as DOMAIN\\user or as user@domain.',
      type: 'string',
      required: true,
      example: 'CORP\\svc',
    },
    {
      name: 'domain',
      label: 'Domain',
      description: 'Of the account, where the user name does not say it.',
      type: 'string',
      example: 'CORP',
    },
    { name: 'workstation', label: 'Workstation', description: 'Sent where a server asks for one.', type: 'string' },
    {
      name: 'mechanism',
      label: 'Mechanism',
      description: 'NTLM or Negotiate; the one that the server offers where nothing is said.',
      type: 'string',
      values: ['NTLM', 'Negotiate'],
    },
  ],
  slots: () => [{ id: '', label: 'password', required: true }],
  secretUse: () => ({ as: 'only as an answer to the challenge, in Authorization: NTLM or Negotiate' }),
  check(definition) {
    for (const field of ['username', 'domain', 'workstation'] as const) {
      const value: unknown = definition[field];
      if (typeof value === 'string' && (control.test(value) || value.length > 256)) {
        return [{ field, message: `“${field}” holds a control character, or more than 256 characters.` }];
      }
    }
    return [];
  },
  async prepare(context) {
    const [wrong] = ntlm.check(context.credential.definition);
    if (wrong) throw new CountersignError('CS-DEF-FIELD', `${context.credential.name}: ${wrong.message}`);
    const { toNtlmAttachment } = await import('../ntlm/ntlm-attachment.ts');
    return toNtlmAttachment(context);
  },
};
