/** What was revoked in one window does not come back through another; a certificate cannot hold the judge up. */
import { describe, expect, it } from 'vitest';
import { ApprovalLog } from '../../src/credentials/approval-log.ts';
import type { NamedDefinition } from '../../src/credentials/types.ts';
import { splitNames } from '../../src/http/certificate-info.ts';
import type { LockProvider, StateStore } from '../../src/ports.ts';
import { TrustDecisions } from '../../src/run/trust-decisions.ts';
import { MemoryStateStore } from '../support/memory-state-store.ts';

const clock = { now: () => 1000 };
const any = (origin: string) => ({ kind: 'any', origin, expires: 5000 }) as const;

/** A lock that lets one in at a time, and tells how many were inside at once. */
function createLock(): LockProvider & { most: number } {
  let last: Promise<void> = Promise.resolve();
  let inside = 0;
  const lock = {
    most: 0,
    async acquire(): Promise<() => Promise<void>> {
      const before = last;
      let open = (): void => undefined;
      last = new Promise<void>((resolve) => (open = resolve));
      await before;
      lock.most = Math.max(lock.most, (inside += 1));
      return async () => {
        inside -= 1;
        open();
      };
    },
  };
  return lock;
}

/** State of one machine, whose other window does not hear of changes. */
function deaf(state: MemoryStateStore): StateStore {
  return {
    get: (key) => state.get(key),
    set: (key, value) => state.set(key, value),
    onDidChange: () => ({ dispose: () => undefined }),
  };
}

describe('decisions of two windows', () => {
  it('a revoked exception does not come back with a new one', async () => {
    const state = new MemoryStateStore();
    const lock = createLock();
    const [one, two] = [new TrustDecisions(deaf(state), clock, lock), new TrustDecisions(deaf(state), clock, lock)];
    await one.add(any('https://old.example'));
    await two.load();
    await one.revoke('https://old.example');
    await two.add(any('https://new.example'));
    await one.load();
    for (const window of [one, two]) {
      expect(window.exceptionFor('https://old.example')).toBeUndefined();
      expect(window.exceptionFor('https://new.example')).toBeDefined();
    }
  });
  it('decisions made at the same moment are all kept', async () => {
    const state = new MemoryStateStore();
    const lock = createLock();
    const windows = [1, 2, 3].map(() => new TrustDecisions(deaf(state), clock, lock));
    await Promise.all(windows.map((window, i) => window.add(any(`https://${i}.example`))));
    await windows[0]?.load();
    expect(
      windows[0]
        ?.list()
        .map(({ origin }) => origin)
        .sort(),
    ).toEqual([0, 1, 2].map((i) => `https://${i}.example`));
    expect(lock.most).toBe(1);
  });
  it('a revoked approval does not come back with a new one', async () => {
    const state = new MemoryStateStore();
    const lock = createLock();
    const named = (name: string): NamedDefinition => ({
      name,
      definition: { scheme: 'bearer', origins: ['https://a.example'] },
      owner: 'workspace',
      file: '/w/countersign.json',
      hash: 'a'.repeat(64),
    });
    const [one, two] = [new ApprovalLog(deaf(state), clock, lock), new ApprovalLog(deaf(state), clock, lock)];
    await one.approve(named('old'));
    await two.load();
    await Promise.all([one.revoke(named('old')), two.approve(named('new'))]);
    one.forgetSnapshot();
    expect((await one.list()).map(({ name }) => name)).toEqual(['new']);
    expect(lock.most).toBe(1);
  });
});

describe('names of a certificate', () => {
  it('are read in one pass and capped', () => {
    expect(splitNames(`DNS:a.example, ${'"'.repeat(2_000_000)}`)).toEqual(['DNS:a.example']);
    expect(splitNames(`DNS:a.example, DNS:${'b'.repeat(20_000)}`)).toEqual(['DNS:a.example']);
  });
  it('may hold quoted commas', () =>
    expect(splitNames('DNS:"a,b\\"c", IP Address:127.0.0.1')).toEqual(['DNS:"a,b\\"c"', 'IP Address:127.0.0.1']));
});
