/**
 * `>> file` and `>>! file`: the body of the answer goes to a file of the workspace. A request file may be a stranger's, so
 * it writes under the workspace or beside itself only, through no link that leads out, and to nothing hidden: what tools
 * run by themselves (`.git`, `.vscode`) lies there. Source: dialects.md §13 (redirects), auth.md W04.
 */
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { CountersignError, type Place } from '../errors/countersign-error.ts';
import type { Exchange } from '../http/types.ts';
import type { RedirectNode } from '../language/types.ts';
import type { FileReader, FileWriter } from '../ports.ts';
import { clipped } from '../words/clipped.ts';
import { isNetworkPath } from './network-path.ts';

export interface SaveScope {
  /** Absolute path of the request file, when it has one. */
  readonly path: string | undefined;
  readonly root: string | undefined;
  readonly files: FileReader;
  readonly writer: FileWriter;
}

/** `GIT~1` is `.git` to Windows. */
const shortName = /^[^.]{1,6}~\d+(?:\.|$)/;

/** `name-1.json` to `name-999.json`: more answers beside each other are somebody's mistake. */
const mostVersions = 1000;

/**
 * @param written the path with its variables filled in
 * @returns the absolute path of the file @throws CountersignError CS-FILE-OUTSIDE, CS-FILE-UNWRITABLE
 */
export async function saveResponse(
  kind: RedirectNode['kind'],
  written: string,
  exchange: Exchange,
  scope: SaveScope,
  place: Place,
): Promise<string> {
  const target = await allowedTarget(written, scope, place);
  if (kind === 'overwrite') {
    await scope.writer.write(target, exchange.body.stream(), 'replace');
    return target;
  }
  for (let turn = 0; turn < mostVersions; turn++) {
    const path = turn === 0 ? target : version(target, turn);
    if (await scope.writer.write(path, exchange.body.stream(), 'create')) return path;
  }
  throw new CountersignError(
    'CS-FILE-UNWRITABLE',
    `There are ${String(mostVersions)} versions of ${clipped(written, 120)}.`,
    {
      next: 'Delete some of them, or write >>! to replace the file.',
      place,
    },
  );
}

async function allowedTarget(written: string, scope: SaveScope, place: Place): Promise<string> {
  const folder = scope.path === undefined ? scope.root : dirname(scope.path);
  const outside = (why: string): CountersignError =>
    new CountersignError('CS-FILE-OUTSIDE', `The answer is not saved as ${clipped(written, 120)}: ${why}.`, {
      next: 'Name a file of this workspace.',
      place,
    });
  if (folder === undefined) throw outside('the request file has no folder yet');
  if (isNetworkPath(written) || written.includes('\0')) throw outside('it is on a network share');
  const target = isAbsolute(written) ? resolve(written) : resolve(folder, written);
  // The part that exists decides where the rest would come to lie.
  const real = join(await realFolder(dirname(target), scope.files), basename(target));
  const itself = (await scope.files.exists(real)) ? await realPathOf(real, scope.files) : real;
  for (const base of [scope.root, folder]) {
    if (base === undefined) continue;
    const rest = relative(await realPathOf(base, scope.files), itself);
    if (rest === '' || rest === '..' || rest.startsWith(`..${sep}`) || isAbsolute(rest)) continue;
    if (rest.split(sep).some((part) => part.startsWith('.') || shortName.test(part)))
      throw outside('it is hidden, and tools may run what it holds');
    return itself;
  }
  throw outside('it is outside this workspace');
}

async function realFolder(folder: string, files: FileReader): Promise<string> {
  try {
    return (await files.realPath?.(folder)) ?? folder;
  } catch {
    const above = dirname(folder);
    return above === folder ? folder : join(await realFolder(above, files), basename(folder));
  }
}

async function realPathOf(path: string, files: FileReader): Promise<string> {
  return (await files.realPath?.(path).catch(() => path)) ?? path;
}

function version(path: string, turn: number): string {
  const extension = extname(path);
  return `${path.slice(0, path.length - extension.length)}-${String(turn)}${extension}`;
}
