/**
 * HTTP Basic with a user name from the definition and the password from the secret store, in UTF-8 or, where a
 * server reads nothing else, in Latin-1. Source: RFC 7617 §2.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import { toBasicHeader } from '../basic-header.ts';
import type { BasicDefinition, Scheme } from '../types.ts';

const control = /[\u0000-\u001f\u007f]/;

export const basic: Scheme<BasicDefinition> = {
  id: 'basic',
  label: 'User name and password',
  description: 'A user name and a password, sent as Authorization: Basic with every request.',
  icon: 'account',
  fields: [
    {
      name: 'username',
      label: 'User name',
      description: 'Sent with the password; it cannot hold a colon.',
      type: 'string',
      required: true,
      example: 'svc',
    },
    {
      name: 'charset',
      label: 'Encoding',
      description: 'ISO-8859-1 for a server of old that does not read UTF-8; UTF-8 where nothing is said.',
      type: 'string',
      values: ['UTF-8', 'ISO-8859-1'],
    },
  ],
  slots: () => [{ id: '', label: 'password', required: true }],
  secretUse: () => ({ as: 'as Authorization: Basic, with the user name' }),
  check(definition) {
    const name: unknown = definition.username;
    if (typeof name !== 'string') return [];
    const plain = name.replace(/\{\{[^{}]*\}\}/g, '');
    if (plain.includes(':'))
      return [{ field: 'username', message: '“username” holds a colon, which Basic cannot send.' }];
    if (control.test(plain)) return [{ field: 'username', message: '“username” holds a control character.' }];
    return [];
  },
  async prepare({ credential, secret }) {
    const { definition, name } = credential;
    const [wrong] = basic.check(definition);
    if (wrong) throw new CountersignError('CS-DEF-FIELD', `${name}: ${wrong.message}`);
    const encoding = definition.charset?.toUpperCase() === 'ISO-8859-1' ? 'latin1' : 'utf8';
    return {
      headers: [toBasicHeader(definition.username, await secret(), name, encoding)],
      query: [],
      cookies: [],
      identity: { label: definition.username, verified: false },
    };
  },
};
