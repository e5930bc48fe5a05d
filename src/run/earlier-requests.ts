/**
 * The requests that have to be sent before another: `# @ref` when it has no answer yet, `# @force-ref` each time. Names
 * are looked up in the file first, then in what it imports. It sends nothing. Source: dialects.md §12, §14.
 */
import { CountersignError, type Place } from '../errors/countersign-error.ts';
import { canonicalDirective } from '../language/directives/canonical.ts';
import type { RequestFile, RequestNode } from '../language/types.ts';
import { loadImports, type ImportContext, type ImportedFile } from '../variables/imports/imported-files.ts';
import { closestNames, shownName } from '../variables/words.ts';

export interface NamedRequest {
  /** Undefined for a text without a file. */
  readonly path: string | undefined;
  readonly file: RequestFile;
  readonly request: RequestNode;
}

export interface EarlierRequest extends NamedRequest {
  /** Send it although it has an answer. */
  readonly always: boolean;
  /** Of the directive that asks for it. */
  readonly place: Place;
}

/**
 * In the order of the directives.
 * @throws CountersignError CS-PARSE-REF, and CS-FILE-* for a file that is imported and not there
 */
export async function earlierRequests(node: RequestNode, context: ImportContext): Promise<readonly EarlierRequest[]> {
  const imports = await loadImports(context);
  if (imports.problems[0]) throw imports.problems[0];
  return node.directives.flatMap(({ name, value, valueSpan, line }) => {
    const kind = canonicalDirective(name);
    if ((kind !== 'ref' && kind !== 'force-ref') || value === '') return [];
    const place: Place = {
      ...(context.path === undefined ? {} : { file: context.path }),
      line,
      start: valueSpan.start,
      end: valueSpan.end,
    };
    return [{ ...findNamed(value, context, imports.files, place), always: kind === 'force-ref', place }];
  });
}

/**
 * By its name, else by its title.
 * @throws CountersignError CS-PARSE-REF
 */
export function findNamed(
  name: string,
  { file, path }: Pick<ImportContext, 'file' | 'path'>,
  imported: readonly ImportedFile[],
  place: Place,
): NamedRequest {
  const files: readonly Pick<NamedRequest, 'path' | 'file'>[] = [{ path, file }, ...imported];
  for (const label of ['name', 'title'] as const) {
    for (const one of files) {
      const request = one.file.requests.find((each) => each[label] === name);
      if (request) return { ...one, request };
    }
  }
  const known = files.flatMap(({ file: { requests } }) => requests.flatMap((each) => each.name ?? each.title ?? []));
  const close = closestNames(name, known);
  throw new CountersignError('CS-PARSE-REF', `No request is called “${shownName(name)}” here.`, {
    place,
    ...(close.length > 0 ? { next: `Did you mean ${close.map((one) => shownName(one)).join(' or ')}?` } : {}),
  });
}

/** Tells one request of one file from all others, for finding a circle. */
export function identityOf({ path, request }: Pick<NamedRequest, 'path' | 'request'>): string {
  return `${path ?? ''}#${request.index}`;
}

/** Requests that one press of Send may send, and that a run of one file may name by `run` lines. */
export const mostRequests = { earlier: 200, named: 10_000 } as const;

export function tooMany(count: number, place: Place): CountersignError {
  return new CountersignError('CS-PARSE-LIMIT', `More than ${count} requests would be sent.`, { place });
}

/** @param chain the requests that led here, by their labels, the one that comes again last */
export function circle(chain: readonly string[], place: Place): CountersignError {
  return new CountersignError('CS-PARSE-CYCLE', `${chain.map((one) => shownName(one)).join(' → ')} is a circle.`, {
    place,
  });
}
