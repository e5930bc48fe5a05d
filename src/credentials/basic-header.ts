/** `Authorization: Basic`, in the encoding that a server reads. Source: RFC 7617 §2, §3. */
import { Buffer } from 'node:buffer';
import { CountersignError } from '../errors/countersign-error.ts';
import { Secret } from './secret.ts';
import type { AttachedHeader } from './types.ts';

const control = /[\u0000-\u001f\u007f]/;

/** @param name of the credential, for errors @throws CountersignError CS-STORE-VALUE when the pair cannot be sent so */
export function toBasicHeader(
  username: string,
  password: Secret,
  name: string,
  encoding: 'utf8' | 'latin1',
): AttachedHeader {
  const text = password.reveal();
  const refuse = (what: string, next?: string): CountersignError =>
    new CountersignError('CS-STORE-VALUE', `${what} of ${name} cannot be sent as Basic.`, {
      ...(next === undefined ? {} : { next }),
      facts: { credential: name },
    });
  if (control.test(text)) {
    throw new CountersignError('CS-STORE-VALUE', `The password of ${name} holds a control character.`, {
      facts: { credential: name },
    });
  }
  if (username.includes(':') || control.test(username)) throw refuse('The user name');
  if (encoding === 'latin1' && /[^\u0000-\u00ff]/.test(username + text)) {
    throw refuse('A character', 'It is not in ISO-8859-1; take “charset” out of the definition to send UTF-8.');
  }
  const pair = Buffer.from(`${username}:${text}`, encoding).toString('base64');
  return { name: 'Authorization', prefix: 'Basic ', value: new Secret(pair, password.label) };
}
