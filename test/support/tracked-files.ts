/** The repository's own files, for tests that read them: what git knows or would add. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../scripts/paths.ts';

/** Paths from the root, with forward slashes, that `wanted` accepts. */
export async function trackedFiles(wanted: (name: string) => boolean): Promise<string[]> {
  const { stdout } = await promisify(execFile)(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '-z'],
    {
      cwd: root,
      maxBuffer: 1 << 26,
    },
  );
  return stdout.split('\0').filter((name) => name !== '' && wanted(name) && existsSync(join(root, name)));
}
