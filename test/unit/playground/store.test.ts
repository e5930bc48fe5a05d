import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IdentityStore } from '../../../src/playground/identity/store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playground-store-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the store', () => {
  it('keeps what lasts and drops what has ended', async () => {
    const store = await IdentityStore.load(folder);
    await store.adapter('Session').upsert('s', { uid: 'u' }, 3_600);
    await store.adapter('Client').upsert('c', { client_id: 'c' });
    await store.adapter('AccessToken').upsert('old', { grantId: 'g' }, -1);
    await store.flush();
    const again = await IdentityStore.load(folder);
    expect(await again.adapter('Session').findByUid('u')).toEqual({ uid: 'u' });
    expect(await again.adapter('Client').find('c')).toEqual({ client_id: 'c' });
    expect(again.has('AccessToken', 'old')).toBe(false);
    expect(await readFile(join(folder, 'identity.json'), 'utf8')).not.toContain('AccessToken:old');
  });

  it('revokes what one grant brought forth, and nothing else', async () => {
    const store = await IdentityStore.load(folder);
    await store.adapter('AccessToken').upsert('a', { grantId: 'g' }, 60);
    await store.adapter('RefreshToken').upsert('r', { grantId: 'g' }, 60);
    await store.adapter('RefreshToken').upsert('other', { grantId: 'h' }, 60);
    await store.adapter('AccessToken').revokeByGrantId('g');
    expect(['a', 'r', 'other'].map((id) => store.has('RefreshToken', id) || store.has('AccessToken', id))).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('marks what was used', async () => {
    const store = await IdentityStore.load(folder);
    await store.adapter('RefreshToken').upsert('r', {}, 60);
    await store.adapter('RefreshToken').consume('r');
    expect(await store.adapter('RefreshToken').find('r')).toMatchObject({ consumed: expect.any(Number) as number });
  });

  it.each(['', '{', 'null'])('starts anew from a file that holds %j', async (text) => {
    await writeFile(join(folder, 'identity.json'), text);
    const store = await IdentityStore.load(folder);
    expect(await store.adapter('Client').find('c')).toBeUndefined();
  });

  it('tells at the end that it could not write', async () => {
    const store = await IdentityStore.load(join(folder, 'file', 'below'));
    await writeFile(join(folder, 'file'), '');
    await store.adapter('Client').upsert('c', {});
    await expect(store.flush()).rejects.toThrow(/ENOTDIR|EEXIST/);
  });
});
