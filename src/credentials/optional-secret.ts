/** A slot of a credential that may be empty. Source: contracts.md §3 (slots). */
import { isCountersignError } from '../errors/countersign-error.ts';
import type { Secret } from './secret.ts';
import type { PrepareContext } from './types.ts';

/** Undefined for an empty slot. @throws what the store itself throws */
export function optionalSecret({ secret }: Pick<PrepareContext, 'secret'>, slot: string): Promise<Secret | undefined> {
  return secret(slot).catch((error: unknown) => {
    if (isCountersignError(error) && error.code === 'CS-AUTH-SECRET-MISSING') return undefined;
    throw error;
  });
}
