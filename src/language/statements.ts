/**
 * What `run` and `import` lines and `# @import` name, as data. Nothing is looked up here. Source: dialects.md §14.
 */
import { canonicalDirective } from './directives/canonical.ts';
import type { DirectiveNode, RequestFile, Span, StatementNode } from './types.ts';

export interface ImportTarget {
  /** As written. */
  readonly path: string;
  readonly span: Span;
  readonly line: number;
}

/** The files that a file imports, in its order. Kept with the file: every lookup of a name asks for them. */
export function importTargets(file: RequestFile): readonly ImportTarget[] {
  let known = targets.get(file);
  if (!known) targets.set(file, (known = file.text.includes('import') ? findTargets(file) : []));
  return known;
}

const targets = new WeakMap<RequestFile, readonly ImportTarget[]>();

function findTargets(file: RequestFile): readonly ImportTarget[] {
  const found: ImportTarget[] = [];
  for (const { kind, text, span, line } of file.statements) {
    const path = kind === 'import' ? text.slice('import'.length).trim() : '';
    if (path !== '') found.push({ path, line, span: { start: span.end - path.length, end: span.end } });
  }
  const take = (directives: readonly DirectiveNode[]): void => {
    for (const { name, value, valueSpan, line } of directives) {
      if (value !== '' && canonicalDirective(name) === 'import') found.push({ path: value, span: valueSpan, line });
    }
  };
  take(file.globals?.directives ?? []);
  for (const { directives } of file.requests) take(directives);
  return found.sort((left, right) => left.span.start - right.span.start);
}

export interface RunTarget {
  /** `run #name`: a request of this file or an imported one. */
  readonly name: string | undefined;
  /** `run ./a.http`: all requests of a file, or with a name that one of it. */
  readonly path: string | undefined;
  /** `(@a=1, @b=2)`. */
  readonly variables: readonly (readonly [name: string, value: string])[];
  /** Of name and path, without the variables. */
  readonly span: Span;
}

/** What a `run` line names; undefined for an `import` line and for one that names nothing. */
export function parseRun({ kind, text, span }: StatementNode): RunTarget | undefined {
  if (kind !== 'run') return undefined;
  const found = /^run\s+(\S.*?)\s*(?:\(\s*(@[^]*?)\s*\))?\s*$/.exec(text);
  const target = found?.[1];
  if (target === undefined) return undefined;
  const start = span.start + text.indexOf(target, 'run'.length);
  const hash = target.startsWith('#') ? 0 : target.search(/\s#/);
  return {
    path: hash === 0 ? undefined : (hash < 0 ? target : target.slice(0, hash)).trim(),
    name: hash < 0 ? undefined : target.slice(target.indexOf('#', hash) + 1).trim(),
    variables: toVariables(found?.[2] ?? ''),
    span: { start, end: start + target.length },
  };
}

/** `@a=1, @b=x y`: a comma counts only in front of the next `@`. */
function toVariables(text: string): readonly (readonly [string, string])[] {
  return text.split(/,\s*(?=@)/).flatMap((part) => {
    const found = /^@([^\s=]+)\s*=\s*([^]*?)\s*$/.exec(part);
    return found ? [[found[1]!, found[2]!] as const] : [];
  });
}
