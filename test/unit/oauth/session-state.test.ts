import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/credentials/secret.ts';
import type { Session } from '../../../src/credentials/types.ts';
import { CountersignError } from '../../../src/errors/countersign-error.ts';
import { toActivityAfter, toSessionState, type Activity } from '../../../src/oauth/session-state.ts';
import { isUsable } from '../../../src/oauth/session.ts';
import { toCredential } from '../../support/broker-bench.ts';

const credential = toCredential({ issuer: 'https://idp.example' });
const now = 1_000_000_000_000;
const minutes = (count: number): number => count * 60_000;

function session(change: Partial<Session> = {}): Session {
  return {
    accessToken: new Secret('a', 'access token'),
    tokenType: 'Bearer',
    scope: [],
    requestedScope: [],
    obtainedAt: now - minutes(10),
    expiresAt: now + minutes(50),
    definitionHash: credential.hash,
    ...change,
  };
}
const refreshToken = new Secret('r', 'refresh token');
const failed: Activity = { kind: 'failed', code: 'CS-AUTH-CLIENT', message: 'x' };

function check(given: Session | undefined, activity: Activity | undefined, expected: string): void {
  it(`is ${expected}`, () => expect(toSessionState(credential, given, activity, now).kind).toBe(expected));
}

describe('toSessionState', () => {
  check(undefined, undefined, 'none');
  check(session(), undefined, 'signed-in');
  check(session(), failed, 'signed-in');
  check(session(), { kind: 'signing-in', since: now }, 'signing-in');
  check(session({ expiresAt: now + minutes(4) }), undefined, 'expires-soon');
  check(session({ expiresAt: now + minutes(4), refreshToken }), undefined, 'signed-in');
  check(session({ expiresAt: now - 1 }), undefined, 'expired');
  check(session({ expiresAt: now - 1, refreshToken, refreshStartedAt: now - 1000 }), undefined, 'expired');
  check(session({ expiresAt: now - 1, refreshToken, refreshStartedAt: now - minutes(3) }), undefined, 'ended');
  check(session({ expiresAt: now - 1, endedAt: now }), undefined, 'ended');
  check(session({ expiresAt: now - 1, endedAt: now }), failed, 'ended');
  check(session({ expiresAt: now - 1 }), failed, 'failed');
  check(session({ definitionHash: 'other' }), undefined, 'none');
  check(undefined, failed, 'failed');
  check(session({ expiresAt: now - 1 }), { kind: 'unreachable', host: 'idp.example' }, 'unreachable');
});

describe('isUsable', () => {
  const usable = (change: Partial<Session>, rejected?: Secret): boolean =>
    isUsable(session(change), credential, now, rejected);
  const cases: [Partial<Session>, boolean][] = [
    [{}, true],
    [{ expiresAt: now + 61_000 }, true],
    [{ expiresAt: now + 59_000 }, false],
    [{ obtainedAt: now, expiresAt: now + 30_000 }, true],
    [{ obtainedAt: now - 25_000, expiresAt: now + 5000 }, false],
    [{ definitionHash: 'other' }, false],
  ];
  for (const [change, expected] of cases) {
    it(`${JSON.stringify(change)}: ${expected}`, () => expect(usable(change)).toBe(expected));
  }
  it('takes a session without an end until an API refuses it', () => {
    const { expiresAt: _end, ...endless } = session();
    expect(isUsable(endless, credential, now, undefined)).toBe(true);
    expect(isUsable(endless, credential, now, new Secret('a', 'x'))).toBe(false);
  });
});

describe('toActivityAfter', () => {
  const kind = (code: 'CS-AUTH-CANCELLED' | 'CS-NET-DNS' | 'CS-AUTH-CLIENT' | 'CS-AUTH-CODE', facts = {}) =>
    toActivityAfter(new CountersignError(code, 'x', { facts }), credential);
  it('keeps what a row has to say', () => {
    expect(kind('CS-AUTH-CANCELLED')).toBeUndefined();
    expect(kind('CS-NET-DNS')).toEqual({ kind: 'unreachable', host: 'idp.example' });
    expect(kind('CS-AUTH-CLIENT')?.kind).toBe('failed');
    expect(kind('CS-AUTH-CODE', { error: 'invalid_grant', step: 'token' })?.kind).toBe('failed');
    expect(kind('CS-AUTH-CODE', { error: 'invalid_grant', step: 'refresh' })).toBeUndefined();
  });
});
