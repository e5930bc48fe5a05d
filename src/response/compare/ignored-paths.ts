/**
 * Which places of a JSON body a comparison passes over: `$.a.b`, `$.list[*].at`, `$.list[0]`, `$['odd name']`, and
 * `$..name` for a name at any depth. A place covers all below it. What cannot be read is told, not guessed. Pure.
 */

export type PathStep = string | number;

type Part =
  | { readonly kind: 'step'; readonly step: PathStep }
  | { readonly kind: 'any' }
  | { readonly kind: 'deep'; readonly name: string };

export interface IgnoredPaths {
  readonly patterns: readonly (readonly Part[])[];
  /** Those that are no path. */
  readonly unread: readonly string[];
}

const part =
  /^(?:\.\.([A-Za-z_$][\w$-]*)|\.(\*)|\.([A-Za-z_$][\w$-]*)|\[(\*)\]|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\])/;

export function parseIgnoredPaths(texts: readonly string[]): IgnoredPaths {
  const patterns: Part[][] = [];
  const unread: string[] = [];
  for (const text of texts) {
    const parts = parsePath(text.trim());
    if (parts) patterns.push(parts);
    else unread.push(text);
  }
  return { patterns, unread };
}

function parsePath(text: string): Part[] | undefined {
  if (!text.startsWith('$')) return undefined;
  const parts: Part[] = [];
  let rest = text.slice(1);
  while (rest !== '') {
    const match = part.exec(rest);
    if (!match) return undefined;
    const [whole, deep, dotAny, name, any, index, single, double] = match;
    if (deep !== undefined) parts.push({ kind: 'deep', name: deep });
    else if (dotAny !== undefined || any !== undefined) parts.push({ kind: 'any' });
    else if (index !== undefined) parts.push({ kind: 'step', step: Number(index) });
    else parts.push({ kind: 'step', step: name ?? (single ?? double ?? '').replace(/\\(.)/g, '$1') });
    rest = rest.slice(whole.length);
  }
  return parts.length === 0 ? undefined : parts;
}

/** Whether a place is named itself; what is above it was asked for before. */
export function isIgnored({ patterns }: IgnoredPaths, path: readonly PathStep[]): boolean {
  return patterns.some((pattern) => fits(pattern, 0, path, 0));
}

function fits(pattern: readonly Part[], at: number, path: readonly PathStep[], from: number): boolean {
  const next = pattern[at];
  if (!next) return from === path.length;
  if (next.kind === 'deep') {
    for (let i = from; i < path.length; i++) {
      if (path[i] === next.name && fits(pattern, at + 1, path, i + 1)) return true;
    }
    return false;
  }
  if (from === path.length) return false;
  return (next.kind === 'any' || next.step === path[from]) && fits(pattern, at + 1, path, from + 1);
}
