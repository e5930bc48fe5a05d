/** Takes the private members out of JSON Web Keys (RFC 7518 §6), for what is published. */
import type { JSONWebKeySet, JWK } from 'jose';

const privateMembers = new Set(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']);

export function toPublicKeys(keys: readonly JWK[]): JSONWebKeySet {
  return {
    keys: keys.map(
      (key) => Object.fromEntries(Object.entries(key).filter(([name]) => !privateMembers.has(name))) as JWK,
    ),
  };
}
