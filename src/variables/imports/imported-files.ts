/**
 * The request files that a file imports, and those they import in turn, each once. A request file is workspace
 * content, so it may import request files of its own workspace and those beside it, and nothing else. Nothing is sent
 * and nothing is evaluated. Source: dialects.md §14.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import { parseRequestFile } from '../../language/parse-request-file.ts';
import { importTargets, type ImportTarget } from '../../language/statements.ts';
import type { RequestFile } from '../../language/types.ts';
import { loadCached, loadOnce } from '../environments/cached-file.ts';
import type { VariableContext } from '../types.ts';
import { shownName } from '../words.ts';
import { isAllowed, resolveFile } from './paths.ts';

export interface ImportedFile {
  /** Absolute. */
  readonly path: string;
  readonly file: RequestFile;
}

export interface Imports {
  /** Nearest first: those of the file itself in its order, then those of these. */
  readonly files: readonly ImportedFile[];
  /** CS-FILE-MISSING, CS-FILE-OUTSIDE, CS-FILE-UNREADABLE, each with its place. */
  readonly problems: readonly CountersignError[];
}

export type ImportContext = Pick<VariableContext, 'file' | 'path' | 'root' | 'files' | 'snapshot'>;

const most = 200;
const nothing: Imports = { files: [], problems: [] };

/** Never throws. */
export function loadImports(context: ImportContext): Promise<Imports> {
  if (importTargets(context.file).length === 0) return Promise.resolve(nothing);
  return loadOnce(context, `imports of ${context.path ?? ''}`, () => readImports(context));
}

async function readImports(context: ImportContext): Promise<Imports> {
  const files: ImportedFile[] = [];
  const problems: CountersignError[] = [];
  const seen = new Set(context.path === undefined ? [] : [context.path]);
  const waiting: { readonly path: string | undefined; readonly file: RequestFile }[] = [context];
  for (let from = waiting.shift(); from && files.length < most; from = waiting.shift()) {
    for (const target of importTargets(from.file)) {
      try {
        const path = await locate(target, { ...context, path: from.path });
        if (seen.has(path)) continue;
        seen.add(path);
        const found = { path, file: await loadRequestFile(path, target, context) };
        files.push(found);
        waiting.push(found);
      } catch (error) {
        if (!(error instanceof CountersignError)) throw error;
        const { start, end } = target.span;
        problems.push(
          error.at({ ...(from.path === undefined ? {} : { file: from.path }), line: target.line, start, end }),
        );
      }
    }
  }
  return { files, problems };
}

/**
 * The absolute path of a request file that another names.
 * @throws CountersignError CS-FILE-MISSING, CS-FILE-OUTSIDE
 */
export async function locate(
  { path: written }: Pick<ImportTarget, 'path'>,
  context: Pick<ImportContext, 'path' | 'root' | 'files'>,
): Promise<string> {
  const path = resolveFile(written, context);
  if (path === undefined) {
    throw new CountersignError('CS-FILE-MISSING', `The file ${shownName(written, 120)} cannot be looked for.`, {
      next: 'Save the request file first.',
    });
  }
  if (!(await context.files.exists(path))) {
    throw new CountersignError('CS-FILE-MISSING', `The file ${shownName(written, 120)} does not exist.`);
  }
  if (!(await isAllowed(path, context))) {
    throw new CountersignError('CS-FILE-OUTSIDE', `The file ${shownName(written, 120)} is outside this workspace.`, {
      next: 'Copy it into the workspace. Only .http and .rest files of it are imported.',
    });
  }
  return path;
}

/** @throws CountersignError CS-FILE-MISSING, CS-FILE-UNREADABLE */
export async function loadRequestFile(
  path: string,
  { path: written }: Pick<ImportTarget, 'path'>,
  { files }: Pick<ImportContext, 'files'>,
): Promise<RequestFile> {
  const made = await loadCached(files, path, 'request file', (found) =>
    found.kind === 'text' ? { file: parseRequestFile(found.text) } : { reason: found.reason },
  );
  if (made?.file) return made.file;
  const shown = shownName(written, 120);
  throw made === undefined
    ? new CountersignError('CS-FILE-MISSING', `The file ${shown} does not exist.`)
    : new CountersignError('CS-FILE-UNREADABLE', `The file ${shown} ${made.reason}.`);
}
