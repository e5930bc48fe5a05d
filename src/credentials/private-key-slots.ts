/** The secret slots of a scheme whose key is private; apart from what reads the key, which is loaded when it is needed. */
import type { SecretSlot } from './types.ts';

export const privateKeySlots: readonly SecretSlot[] = [
  { id: 'private_key', label: 'private key', required: true },
  { id: 'passphrase', label: 'passphrase of the private key', required: false },
];
