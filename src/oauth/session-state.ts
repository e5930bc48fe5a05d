/** What lens, tree and status may say of a session, from memory alone. Source: design.md C2.1. */
import type { Session } from '../credentials/types.ts';
import type { OAuthCredential } from './ports.ts';
import { isPossiblySpent, isRefreshable } from './session.ts';
import type { SessionState } from './types.ts';

/** What the broker is doing, or last failed at. */
export type Activity = Extract<SessionState, { kind: 'signing-in' | 'failed' | 'unreachable' }>;

const soonMs = 5 * 60_000;
/** A refresh that has not been answered for this long will not be. */
const lostMs = 2 * 60_000;

export function toSessionState(
  credential: OAuthCredential,
  session: Session | undefined,
  activity: Activity | undefined,
  now: number,
): SessionState {
  if (activity?.kind === 'signing-in') return activity;
  const current = session?.definitionHash === credential.hash ? session : undefined;
  const valid = current && (current.expiresAt === undefined || current.expiresAt > now);
  if (!valid && activity && current?.endedAt === undefined) return activity;
  if (!current) return { kind: 'none' };
  const lost = isPossiblySpent(current) && now - (current.refreshStartedAt ?? now) > lostMs;
  const refreshable = isRefreshable(current, credential) && !lost;
  if (current.endedAt !== undefined || (lost && !valid)) return { kind: 'ended', session: current };
  if (!valid) return { kind: 'expired', session: current, refreshable };
  const soon = current.expiresAt !== undefined && current.expiresAt - now < soonMs;
  return { kind: soon && !refreshable ? 'expires-soon' : 'signed-in', session: current };
}
