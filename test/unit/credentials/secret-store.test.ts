import { describe, expect, it } from 'vitest';
import { ChangeFeed } from '../../../src/credentials/change-feed.ts';
import { belongsTo, parseKey, secretKey, sessionKey, variableKey } from '../../../src/credentials/secret-keys.ts';
import { toShownText } from '../../../src/credentials/shown-text.ts';
import { SturdySecrets } from '../../../src/credentials/sturdy-secrets.ts';
import { MemorySecretStore } from '../../support/memory-secret-store.ts';

const own = { name: 'orders', owner: 'user' } as const;

describe('keys of the secret store', () => {
  it('name the main slot by the credential', () => expect(secretKey(own, '')).toBe('countersign/secret/user/orders'));
  it('name another slot after a dot', () =>
    expect(secretKey(own, 'private_key')).toBe('countersign/secret/user/orders.private_key'));
  it('cannot be mixed up by names', () => {
    const tricky = ['orders.private_key', 'orders/x', 'a b', '../user/orders', 'é', '__proto__'].map((name) => ({
      ...own,
      name,
    }));
    expect(new Set([own, ...tricky].map((each) => secretKey(each, ''))).size).toBe(7);
    for (const each of tricky)
      expect([belongsTo(secretKey(each, 'x'), each), belongsTo(secretKey(each, ''), own)]).toEqual([true, false]);
  });
  it('differ by file', () => {
    const [a, b] = ['/a', '/b'].map((file) => secretKey({ name: 'x', owner: 'workspace', file }, ''));
    expect(a).not.toBe(b);
  });
  it('are read back', () =>
    expect(parseKey(sessionKey(own, 'f'.repeat(64)))).toEqual({ kind: 'session', scope: 'user', name: 'orders' }));
  it('of variables are no credential’s', () => expect(parseKey(variableKey('/a', 'x'))).toBeUndefined());
  it('of others are ignored', () =>
    expect([parseKey('lease:1'), parseKey(''), parseKey('countersign/secret/user/%')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]));
});

describe('SturdySecrets', () => {
  it('keeps writes of one key in order, however slow', async () => {
    const store = new MemorySecretStore(undefined, { latencyMs: 1 });
    const sturdy = new SturdySecrets(store);
    await Promise.all(['1', '2', '3'].map((value) => sturdy.set('k', value)));
    expect(store.content.values.get('k')).toBe('3');
  });
  it('reads after the writes before it', async () => {
    const sturdy = new SturdySecrets(new MemorySecretStore(undefined, { latencyMs: 1 }));
    void sturdy.set('k', '1');
    expect(await sturdy.get('k')).toBe('1');
  });
  it('takes another window’s newer value over its own in memory', async () => {
    const store = new MemorySecretStore(undefined, { rejectSet: true });
    const sturdy = new SturdySecrets(store);
    expect(await sturdy.set('k', 'mine')).toBe(false);
    store.content.values.set('k', 'theirs');
    sturdy.noteChange('k');
    expect(await sturdy.get('k')).toBe('theirs');
  });
  it('forgets what the store does not delete, and says so', async () => {
    const store = new MemorySecretStore();
    const sturdy = new SturdySecrets(store);
    await sturdy.set('k', '1');
    store.faults.rejectDelete = true;
    await expect(sturdy.delete('k')).rejects.toMatchObject({ code: 'CS-STORE-REJECTED' });
    expect([await sturdy.get('k'), (await sturdy.keys()).has('k')]).toEqual([undefined, false]);
  });
});

describe('ChangeFeed', () => {
  it('tells nothing after dispose', async () => {
    const feed = new ChangeFeed<number>(1);
    const seen: (readonly number[])[] = [];
    feed.listen((changes) => seen.push(changes));
    feed.add(1);
    feed.dispose();
    await new Promise((done) => setTimeout(done, 10));
    expect(seen).toEqual([]);
  });
});

describe('toShownText', () => {
  it('shows what hides', () => expect(toShownText('a\u202eb\u0000c\u200b')).toBe('a⟪U+202E⟫b⟪U+0000⟫c⟪U+200B⟫'));
  it('keeps letters and pictures', () => expect(toShownText('é😀日')).toBe('é😀日'));
  it('cuts', () => expect(toShownText('abcdef', 3)).toBe('abc…'));
});
