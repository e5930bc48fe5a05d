/**
 * A token that the person has from elsewhere, in `Authorization: Bearer`. It knows nothing of how tokens are made.
 * Source: RFC 6750 §2.1.
 */
import { tokenProblem } from './token-syntax.ts';
import { CountersignError } from '../../errors/countersign-error.ts';
import type { BearerDefinition, Scheme } from '../types.ts';

export const bearer: Scheme<BearerDefinition> = {
  id: 'bearer',
  label: 'Bearer token',
  description: 'A token you already have, sent as Authorization: Bearer.',
  icon: 'shield',
  fields: [],
  slots: () => [{ id: '', label: 'token', required: true }],
  secretUse: () => ({ as: 'as Authorization: Bearer' }),
  check: () => [],
  async prepare({ credential, secret }) {
    const token = await secret();
    const problem = tokenProblem(token.reveal());
    if (problem) {
      throw new CountersignError('CS-STORE-VALUE', `The token of ${credential.name} ${problem}.`, {
        facts: { credential: credential.name },
      });
    }
    return { headers: [{ name: 'Authorization', prefix: 'Bearer ', value: token }], query: [], cookies: [] };
  },
};
