/**
 * HTTP Digest with a user name from the definition and the password from the secret store; the password never leaves.
 * Source: RFC 7616.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import type { Attachment, DigestDefinition, Scheme, SchemeMemo } from '../types.ts';
import type { Secret } from '../secret.ts';
import { DigestAnswers } from '../digest/digest-answers.ts';

const control = /[\u0000-\u001f\u007f]/;

export const digest: Scheme<DigestDefinition> = {
  id: 'digest',
  label: 'User name and password (Digest)',
  description: 'A user name and a password that answer the challenge of the server; the password itself is not sent.',
  icon: 'account',
  fields: [
    {
      name: 'username',
      label: 'User name',
      description: 'Sent with the answer to each challenge, hashed where the server asks for that.',
      type: 'string',
      required: true,
      example: 'svc',
    },
  ],
  slots: () => [{ id: '', label: 'password', required: true }],
  secretUse: () => ({ as: 'only as a hash, in Authorization: Digest' }),
  check({ username }) {
    const name: unknown = username;
    if (typeof name !== 'string') return [];
    if (control.test(name)) return [{ field: 'username', message: '“username” holds a control character.' }];
    // The hash is over “name:realm:password”: a colon in the name would move the borders (RFC 7616 §3.4.2).
    if (name.replace(/\{\{[^{}]*\}\}/g, '').includes(':')) {
      return [{ field: 'username', message: '“username” holds a colon, which Digest cannot tell from its own.' }];
    }
    return [];
  },
  async prepare({ credential, secret, memo }) {
    const { definition, name, hash } = credential;
    const [wrong] = digest.check(definition);
    if (wrong) throw new CountersignError('CS-DEF-FIELD', `${name}: ${wrong.message}`);
    return toDigestAttachment(definition.username, await secret(), memo, `${name} ${hash}`);
  },
};

/** @param key of the credential, under which nonces and their counts are remembered */
export function toDigestAttachment(username: string, password: Secret, memo: SchemeMemo, key: string): Attachment {
  const answers = memo.of(`digest ${key}`, () => new DigestAnswers());
  return {
    headers: [],
    query: [],
    cookies: [],
    identity: { label: username, verified: false },
    behind: [password],
    proof: answers.proof(username, password),
  };
}
