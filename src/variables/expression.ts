/**
 * Reads the inside of a reference: a name, a path, a dynamic variable or a literal. Nothing is evaluated;
 * what would need a program is said to be a script (V3). Source: dialects.md §8, §10.3.
 */
import type { PathSegment } from './types.ts';

export type Expression =
  /** `name`, `a.b[0]`: `text` is tried as an exact name first (V4), `heads` are the ways to read it as a path. */
  | {
      readonly kind: 'name';
      readonly text: string;
      readonly heads: readonly { readonly name: string; readonly path: readonly PathSegment[] }[];
      readonly encode: boolean;
    }
  | { readonly kind: 'dynamic'; readonly text: string }
  | { readonly kind: 'literal'; readonly value: string }
  /** Not readable as any of these; `text` is still tried as an exact name. */
  | { readonly kind: 'script'; readonly text: string; readonly encode: boolean };

const maxSegments = 32;

/** Reads what stands between the braces. Never throws. */
export function parseExpression(inner: string): Expression {
  let text = inner.trim();
  let encode = false;
  if (text.startsWith('%') && text.length > 1) {
    encode = true;
    text = text.slice(1).trim();
  }
  if (text.startsWith('$.')) {
    text = text.slice(2);
  } else if (text.startsWith('$')) {
    return { kind: 'dynamic', text };
  }
  const literal = parseLiteral(text);
  if (literal !== undefined) return { kind: 'literal', value: literal };
  const segments = parsePath(text);
  if (segments) return { kind: 'name', text, encode, heads: toHeads(segments) };
  return looksLikeScript(text) ? { kind: 'script', text, encode } : { kind: 'name', text, encode, heads: [] };
}

function parseLiteral(text: string): string | undefined {
  const quoted = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')$/.exec(text);
  if (quoted) return (quoted[1] ?? quoted[2] ?? '').replace(/\\(.)/g, (_, c: string) => escapes.get(c) ?? c);
  return /^-?\d+(?:\.\d+)?$/.test(text) ? text : undefined;
}

const escapes = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

function looksLikeScript(text: string): boolean {
  return /[()+*/?!&|=<>,;`"'[\]{}]/.test(text) || /^(?:new|await|typeof|return)\s/.test(text);
}

export interface PathPart {
  readonly segment: PathSegment;
  /** Offset behind the part in the text. */
  readonly end: number;
}

/**
 * Splits `a.b[0]["x y"]` into its parts; a leading `.` or `[` is allowed when `relative`.
 * Undefined when the text is not such a path.
 */
export function parsePath(text: string, relative = false): readonly PathPart[] | undefined {
  const part = /\.?([^\s.[\]()"'`+*/?!&|=<>,;{}]+)|\[\s*(?:(-?\d+)|"([^"]*)"|'([^']*)')\s*\]/y;
  const parts: PathPart[] = [];
  let at = 0;
  while (at < text.length) {
    part.lastIndex = at;
    const match = part.exec(text);
    if (!match || parts.length >= maxSegments) return undefined;
    const first = parts.length === 0;
    const dotted = match[0].startsWith('.');
    if (first ? !relative && (dotted || match[1] === undefined) : match[1] !== undefined && !dotted) return undefined;
    at = part.lastIndex;
    parts.push({
      segment: match[2] === undefined ? (match[1] ?? match[3] ?? match[4] ?? '') : Number(match[2]),
      end: at,
    });
  }
  return parts.length === 0 ? undefined : parts;
}

/** Ways to read a path as variable plus rest, longest name first. */
function toHeads(parts: readonly PathPart[]): { name: string; path: PathSegment[] }[] {
  const heads: { name: string; path: PathSegment[] }[] = [];
  for (let count = parts.length - 1; count >= 1; count -= 1) {
    const names = parts.slice(0, count);
    if (names.some((one) => typeof one.segment === 'number')) continue;
    heads.push({
      name: names.map((one) => one.segment).join('.'),
      path: parts.slice(count).map((one) => one.segment),
    });
  }
  return heads;
}
