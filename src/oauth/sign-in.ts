/** One grant from start to stored session: prepare, obtain, vet, store, in this order. Source: house.md §4. */
import type { Session } from '../credentials/types.ts';
import { toRightsDifference } from './authorization-details.ts';
import type { Grant } from './grants/grant.ts';
import type { Operation } from './operation.ts';
import { toLockName } from './refresh.ts';
import { toSession } from './session.ts';
import { storeSession } from './session-storage.ts';
import { toScopeDifference, toScopeList, toVettedTokens } from './token-answer.ts';

/** @param interactive true when a person is there to ask. Throws `CS-AUTH-*`, `CS-BIND-APPROVAL` or the network's. */
export async function obtainSession(operation: Operation, grant: Grant, interactive: boolean): Promise<Session> {
  const { credential, share, trace, signal } = operation;
  await operation.prepare(interactive);
  const { answer, identity } = await grant.obtain(operation);
  const requested = toScopeList(credential.definition.scope);
  const tokens = toVettedTokens(answer, { credential: credential.name, host: operation.provider.host, requested });
  const difference = toScopeDifference(requested, tokens.scope);
  if (difference === undefined) trace.amend(operation.tokenStep, 'ok', 'scope as asked');
  else trace.amend(operation.tokenStep, 'warning', `scope ${difference}`);
  const rights = toRightsDifference(credential.definition.authorization_details, answer['authorization_details']);
  if (rights !== undefined) trace.amend(operation.tokenStep, 'warning', rights);
  signal.throwIfAborted();
  const session = toSession(credential, tokens, {
    now: share.ports.clock.now(),
    issuer: operation.provider.issuer,
    identity,
    dpopKey: operation.dpopKey,
  });
  const { lockStaleMs } = share.limits;
  const release = await share.ports.lock.acquire(toLockName(operation), { staleMs: lockStaleMs, signal });
  try {
    signal.throwIfAborted();
    await storeSession(operation, session);
  } finally {
    await release();
  }
  return session;
}
