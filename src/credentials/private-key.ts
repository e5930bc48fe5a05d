/**
 * A private key for schemes that sign requests, from what a person keeps: PEM (PKCS#8, PKCS#1, SEC 1, encrypted or not) or
 * a JWK. The text of the key is in no error. Source: RFC 7468, RFC 5958, RFC 7517.
 */
import { createPrivateKey, type JsonWebKeyInput, type KeyObject } from 'node:crypto';
import { CountersignError } from '../errors/countersign-error.ts';
import { optionalSecret } from './optional-secret.ts';
import type { Secret } from './secret.ts';
import type { PrepareContext } from './types.ts';

/** The key of a credential's slots, and the secrets it came from. @throws CountersignError CS-AUTH-KEY, CS-AUTH-SECRET-MISSING */
export async function loadPrivateKey(
  context: Pick<PrepareContext, 'secret'> & { readonly credential: { readonly name: string } },
): Promise<{ readonly key: KeyObject; readonly behind: readonly Secret[] }> {
  const text = await context.secret('private_key');
  const passphrase = await optionalSecret(context, 'passphrase');
  const key = toPrivateKey(text, passphrase, context.credential.name);
  return { key, behind: passphrase === undefined ? [text] : [text, passphrase] };
}

/** @throws CountersignError CS-AUTH-KEY */
export function toPrivateKey(text: Secret, passphrase: Secret | undefined, name: string): KeyObject {
  const plain = text.reveal().trim();
  try {
    if (plain.startsWith('{'))
      return createPrivateKey({ key: JSON.parse(plain) as JsonWebKeyInput['key'], format: 'jwk' });
    // Secret stores and environment variables often lose the line breaks.
    const pem = plain.includes('\n') ? plain : plain.replaceAll('\\n', '\n');
    return createPrivateKey({
      key: pem,
      format: 'pem',
      ...(passphrase === undefined ? {} : { passphrase: passphrase.reveal() }),
    });
  } catch {
    // What went wrong in detail may quote the key.
    const encrypted = plain.includes('ENCRYPTED');
    const why = encrypted
      ? passphrase === undefined
        ? 'is encrypted, and its passphrase is not there'
        : 'does not open with its passphrase'
      : 'is no private key as PEM or JWK';
    throw keyError(name, why);
  }
}

export function keyError(name: string, why: string, next?: string): CountersignError {
  return new CountersignError('CS-AUTH-KEY', `The private key of ${name} ${why}.`, {
    ...(next === undefined ? {} : { next }),
    facts: { credential: name, slot: 'private_key' },
  });
}
