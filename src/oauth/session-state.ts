/** What lens, tree and status may say of a session, from memory alone. Source: design.md C2.1. */
import type { Session } from '../credentials/types.ts';
import type { CountersignError } from '../errors/countersign-error.ts';
import { toHost } from './credential-facts.ts';
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

/** Errors that say all there is to say by themselves, and leave no failure behind. */
const quiet: ReadonlySet<string> = new Set([
  'CS-AUTH-CANCELLED',
  'CS-AUTH-ENDED',
  'CS-AUTH-SIGN-IN-NEEDED',
  'CS-AUTH-SECRET-MISSING',
]);

/** What a row says after an operation failed; undefined when the session itself tells it. */
export function toActivityAfter(error: CountersignError, credential: OAuthCredential): Activity | undefined {
  if (error.code === 'CS-AUTH-UNREACHABLE' || error.code.startsWith('CS-NET-')) {
    const host = error.facts['host'];
    return { kind: 'unreachable', host: typeof host === 'string' ? host : toHost(credential) };
  }
  const ended = error.facts['error'] === 'invalid_grant' && error.facts['step'] === 'refresh';
  if (ended || quiet.has(error.code)) return undefined;
  return { kind: 'failed', code: error.code, message: error.message };
}
