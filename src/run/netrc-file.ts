/**
 * The netrc file of this person: where it is, and that nobody else can read it. Its path comes from the environment of
 * this process alone, never from a workspace (W02). Source: netrc(5).
 */
import { join } from 'node:path';
import type { NetrcFile } from '../credentials/types.ts';
import { Secret } from '../credentials/secret.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import type { FileReader } from '../ports.ts';

/** A file of logins is small; anything larger is something else. */
const mostBytes = 1024 * 1024;

/** @throws CountersignError CS-FILE-MISSING, CS-FILE-PERMISSIONS, CS-FILE-UNREADABLE */
export async function readNetrc(
  files: FileReader,
  env: Readonly<Record<string, string | undefined>>,
): Promise<NetrcFile> {
  const home = env['HOME'] ?? env['USERPROFILE'];
  const named = env['NETRC'];
  const candidates = [
    ...(named === undefined || named === '' ? [] : [named]),
    ...(home === undefined ? [] : [join(home, '.netrc'), join(home, '_netrc')]),
  ];
  for (const path of candidates) {
    const size = await files.size(path);
    if (size === undefined) continue;
    if (size > mostBytes) throw new CountersignError('CS-FILE-UNREADABLE', `${path} is too large to be a netrc file.`);
    if ((await files.stat?.(path))?.readableByOthers === true) {
      throw new CountersignError('CS-FILE-PERMISSIONS', `Others on this machine can read ${path}.`, {
        next: `Take their rights away: chmod 600 ${path}`,
        facts: { path },
      });
    }
    return { path, text: new Secret(await files.readText(path), 'netrc file') };
  }
  throw new CountersignError('CS-FILE-MISSING', `There is no netrc file${home === undefined ? '' : ` in ${home}`}.`, {
    next: 'Make ~/.netrc with a line such as: machine api.example.com login NAME password SECRET',
  });
}
