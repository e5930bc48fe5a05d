/** The vault as the token broker sees it. */
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/credentials/secret.ts';
import type { Session } from '../../../src/credentials/types.ts';
import type { VaultChange } from '../../../src/credentials/vault-types.ts';
import { createSessionStore } from '../../../src/run/session-store.ts';
import { toCredential } from '../../support/broker-bench.ts';

function store(options: { durable: boolean; takes: boolean }) {
  let tell: (changes: readonly VaultChange[]) => void = () => undefined;
  const told: string[] = [];
  const sessions = createSessionStore(
    { describe: () => ({ place: 'a place', durable: options.durable }) },
    {
      session: () => Promise.resolve(undefined),
      setSession: () => Promise.resolve(options.takes),
      deleteSession: () => Promise.resolve(),
      onDidChange: (listener) => {
        tell = listener;
        return { dispose: () => undefined };
      },
    },
  );
  sessions.onDidChange((name) => told.push(name));
  return { sessions, told, tell: (changes: readonly VaultChange[]) => tell(changes) };
}

const orders = toCredential({});
const session = { accessToken: new Secret('t', 'token'), tokenType: 'Bearer' } as unknown as Session;

describe('whether a session rests where it lasts', () => {
  for (const [durable, takes, expected] of [
    [true, true, true],
    [true, false, false],
    [false, true, false],
  ] as const) {
    it(`durable ${String(durable)}, taken ${String(takes)}: ${String(expected)}`, async () => {
      expect(await store({ durable, takes }).sessions.set(orders, session)).toBe(expected);
    });
  }
});

describe('what it tells of changes', () => {
  async function check(changes: readonly VaultChange[], expected: readonly string[]): Promise<void> {
    const { sessions, told, tell } = store({ durable: true, takes: true });
    await sessions.get(orders);
    await sessions.get(toCredential({}, 'batch'));
    tell(changes);
    expect(told).toEqual(expected);
  }

  it('a session by its name', () => check([{ kind: 'session', name: 'orders' }], ['orders']));
  it('S06 many at once, without names: each that was asked for', () =>
    check([{ kind: 'session' }], ['orders', 'batch']));
  it('one name once', () => check([{ kind: 'session' }, { kind: 'session', name: 'orders' }], ['orders', 'batch']));
  it('nothing of other kinds', () => check([{ kind: 'secret', name: 'orders' }, { kind: 'approval' }], []));
});
