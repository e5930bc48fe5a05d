/**
 * Asking for tokens that are bound to a key, and noticing when they are not. Source: RFC 9449 §5, auth.md M20, H33.
 */
import { CountersignError } from '../errors/countersign-error.ts';
import { loadDpopKey, makeDpopKey } from './dpop.ts';
import type { Configuration, DPoPOptions, OpenIdClient, TokenAnswer } from './library.ts';
import type { Operation } from './operation.ts';

/** With the handle that signs DPoP proofs, when the definition wants bound tokens; empty otherwise. */
export async function toBoundOptions(
  operation: Operation,
  library: OpenIdClient,
  config: Configuration,
): Promise<DPoPOptions> {
  const { credential, provider, share } = operation;
  if (credential.definition.dpop_bound_access_tokens !== true) return {};
  if (!operation.dpopKey) {
    operation.dpopKey = await makeDpopKey(provider.metadata['dpop_signing_alg_values_supported'], credential.name);
    share.ports.onSecret(operation.dpopKey);
  }
  const { alg, ...pair } = await loadDpopKey(operation.dpopKey);
  return {
    DPoP: library.getDPoPHandle(config, pair, {
      [library.modifyAssertion](header) {
        header['alg'] = alg;
      },
    }),
  };
}

/** A key that the token is not bound to proves nothing. Throws CS-AUTH-TOKEN in the profile `fapi2`. */
export function checkBound(operation: Operation, answer: TokenAnswer, warn: (text: string) => void): void {
  const { host } = operation.provider;
  if (operation.dpopKey === undefined) {
    if (answer.token_type !== 'dpop') return;
    throw new CountersignError('CS-AUTH-TOKEN', `${host} gave a token that is bound to a key nobody sent.`, {
      next: 'Set dpop_bound_access_tokens to true in the definition, and sign in again.',
      facts: { host, bound: true },
    });
  }
  if (answer.token_type === 'dpop') return;
  operation.dpopKey = undefined;
  if (operation.credential.definition.profile === 'fapi2') {
    throw new CountersignError('CS-AUTH-TOKEN', `${host} gave a token that is bound to no key.`, {
      next: 'The profile fapi2 takes no such token. Tell the owner of the identity provider.',
      facts: { host },
    });
  }
  warn('a token bound to a key was asked for, and one bound to none was given (RFC 9449, 5)');
}
