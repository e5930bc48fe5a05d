/**
 * Where `< path` in a body may read. A request file is workspace content: it may name files under the workspace or
 * beside itself; anything else asks the person first, and network paths are refused (auth.md W04).
 * Source: dialects.md §6 (path base).
 */
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { CountersignError, type Place } from '../errors/countersign-error.ts';
import type { FileReader, Prompts } from '../ports.ts';
import { clipped } from '../words/clipped.ts';
import { isNetworkPath } from './network-path.ts';

export interface BodyFileScope {
  /** Absolute path of the request file, when it has one. */
  readonly path: string | undefined;
  readonly root: string | undefined;
  readonly files: FileReader;
  readonly prompts: Prompts;
  readonly signal: AbortSignal;
  /** How a file outside is asked about, when it is not the body of a request. */
  readonly words?: { readonly title: string; readonly detail: string; readonly agree: string };
}

/**
 * The absolute path to read: as written when absolute, else under the workspace root if it exists there, else
 * beside the request file.
 * @throws CountersignError CS-FILE-MISSING, CS-FILE-OUTSIDE
 */
export async function resolveBodyFile(written: string, scope: BodyFileScope, place: Place): Promise<string> {
  if (isNetworkPath(written)) {
    throw new CountersignError('CS-FILE-OUTSIDE', 'No file is read from a network share.', {
      next: 'Copy the file into the workspace.',
      place,
    });
  }
  const folder = scope.path === undefined ? scope.root : join(scope.path, '..');
  const candidates = isAbsolute(written)
    ? [written]
    : [scope.root, folder].filter((base) => base !== undefined).map((base) => resolve(base, written));
  for (const candidate of candidates) {
    if (await scope.files.exists(candidate)) return allowed(candidate, written, folder, scope, place);
  }
  throw new CountersignError('CS-FILE-MISSING', `The file ${clipped(written, 120)} does not exist.`, {
    next: folder === undefined ? 'Save the request file first, or write an absolute path.' : 'Check the path.',
    place,
  });
}

async function allowed(
  path: string,
  written: string,
  folder: string | undefined,
  scope: BodyFileScope,
  place: Place,
): Promise<string> {
  const real = (await scope.files.realPath?.(path)) ?? path;
  for (const base of [scope.root, folder]) {
    if (base === undefined) continue;
    const realBase = (await scope.files.realPath?.(base)) ?? base;
    if (isInside(real, realBase)) return real;
  }
  const words = scope.words ?? {
    title: 'Send the content of',
    detail: 'The request file names it as',
    agree: 'Send This File',
  };
  const choice = scope.prompts.interactive
    ? await scope.prompts.choose(
        {
          title: `${words.title} ${clipped(real, 120)}?`,
          detail: `${words.detail} “${clipped(written, 120)}”. It is outside this workspace.`,
          choices: ['Cancel', words.agree],
        },
        scope.signal,
      )
    : undefined;
  if (choice === words.agree) return real;
  throw new CountersignError('CS-FILE-OUTSIDE', `The file ${clipped(written, 120)} is outside this workspace.`, {
    place,
  });
}

function isInside(path: string, base: string): boolean {
  const rest = relative(base, path);
  return rest !== '' && rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest);
}
