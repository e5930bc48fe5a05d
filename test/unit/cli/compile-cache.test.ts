import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { privateCacheFolder } from '../../../src/cli/compile-cache.ts';

let home: string;
beforeEach(async () => void (home = await mkdtemp(join(tmpdir(), 'countersign-cache-'))));
afterEach(() => rm(home, { recursive: true, force: true }));
const folderIn = (base: string): string | undefined => privateCacheFolder({ XDG_CACHE_HOME: base }, 'linux');

describe.skipIf(process.platform === 'win32')('the folder of compiled code', () => {
  it('is made, for this person alone', async () => {
    const folder = folderIn(home);
    expect(folder).toBe(join(home, 'countersign', 'compiled'));
    expect((await stat(folder ?? '')).mode & 0o777).toBe(0o700);
    expect(folderIn(home)).toBe(folder);
    expect(await readdir(folder ?? '')).toEqual([]);
  });

  it('is not used when others can write to it', async () => {
    for (const mode of [0o777, 0o770, 0o702]) {
      await chmod(folderIn(home) ?? join(home, 'countersign', 'compiled'), mode);
      expect(folderIn(home)).toBeUndefined();
    }
  });

  it('is not used when it is a link to a place that others can write to', async () => {
    const shared = join(home, 'shared');
    await mkdir(shared);
    await chmod(shared, 0o777);
    await mkdir(join(home, 'countersign'));
    await symlink(shared, join(home, 'countersign', 'compiled'));
    expect(folderIn(home)).toBeUndefined();
  });

  it('is done without where it cannot be made', async () => {
    await writeFile(join(home, 'file'), '');
    expect(folderIn(join(home, 'file'))).toBeUndefined();
  });
});
