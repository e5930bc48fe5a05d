/**
 * Renames a variable or a request in one file. What the new name does in other files is the adapter’s to ask, file by
 * file, with `renameUses`. Credentials are renamed by their own command, since their secrets move too.
 */
import { canonicalDirective } from '../directives/canonical.ts';
import type { RequestFile, Span } from '../types.ts';
import type { TextChange } from './code-actions.ts';
import { nameAt, referencesTo, referencesToName, type NameAt } from './definition.ts';

export interface RenamePlace {
  readonly name: string;
  readonly span: Span;
  readonly kind: 'variable' | 'request';
  /** The file itself defines it. */
  readonly own: boolean;
}

/** What would be renamed at an offset; undefined when nothing can be. */
export function renamePlace(file: RequestFile, offset: number): RenamePlace | undefined {
  const found = nameAt(file, offset);
  if (found?.kind !== 'name' || found.name.startsWith('$')) return undefined;
  const variable = file.variables.some(({ name }) => name === found.name);
  const request = !variable && file.requests.some(({ name }) => name === found.name);
  return {
    name: found.name,
    span: { start: found.span.start, end: found.span.start + found.name.length },
    kind: request || isNamed(file, found) ? 'request' : 'variable',
    own: variable || request,
  };
}

function isNamed({ requests }: RequestFile, { span }: NameAt): boolean {
  return requests.some(({ directives }) =>
    directives.some(
      ({ name, valueSpan }) =>
        valueSpan.start === span.start && ['name', 'ref', 'force-ref'].includes(canonicalDirective(name)),
    ),
  );
}

/** Why a name cannot be; undefined when it can. */
export function wrongName({ kind }: Pick<RenamePlace, 'kind'>, name: string): string | undefined {
  if (kind === 'request') {
    return /^[\p{L}\p{N}_$][\p{L}\p{N}\p{M}_$-]*$/u.test(name)
      ? undefined
      : 'A name that other requests refer to holds letters, digits, “_” and “-” only.';
  }
  return /^[^\s=:{}@$"'()[\]][^\s={}"'()[\]]*$/.test(name)
    ? undefined
    : 'A variable’s name holds no spaces, quotes, brackets or “=”, and does not begin with “$” or “@”.';
}

/** Every use and definition of the name at an offset, changed. */
export function rename(file: RequestFile, offset: number, to: string): readonly TextChange[] {
  return referencesTo(file, offset, true).map((span) => ({ span, text: to }));
}

/**
 * For another file: the uses of the name, changed, and with `defined` its definitions. Without it nothing changes where
 * the file has a definition of its own, which is another thing of the same name.
 */
export function renameElsewhere(file: RequestFile, name: string, to: string, defined: boolean): readonly TextChange[] {
  const own = [...file.variables, ...file.requests].some((one) => one.name === name);
  if (own && !defined) return [];
  return referencesToName(file, { kind: 'name', name }, defined).map((span) => ({ span, text: to }));
}
