/**
 * HTTP Basic with a user name from the definition and the password from the secret store, in UTF-8. Source: RFC 7617 §2.
 */
import { Buffer } from 'node:buffer';
import { CountersignError } from '../../errors/countersign-error.ts';
import { Secret } from '../secret.ts';
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
    const password = await secret();
    if (control.test(password.reveal())) {
      throw new CountersignError('CS-STORE-VALUE', `The password of ${name} holds a control character.`, {
        facts: { credential: name },
      });
    }
    const pair = Buffer.from(`${definition.username}:${password.reveal()}`, 'utf8').toString('base64');
    return {
      headers: [{ name: 'Authorization', prefix: 'Basic ', value: new Secret(pair, password.label) }],
      query: [],
      cookies: [],
      identity: { label: definition.username, verified: false },
    };
  },
};
