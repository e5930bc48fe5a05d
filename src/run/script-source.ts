/**
 * Where a script's text comes from, for which tool it is written, whether it is one that is run here, and where a place
 * in it stands for the person. Lua, scripts for events of httpYac that do not happen here and those with Kulala's own names are not run.
 * Source: dialects.md §13.
 */
import { isAbsolute, join, resolve } from 'node:path';
import { CountersignError, type Place } from '../errors/countersign-error.ts';
import type { DialectId, RequestFile, ScriptNode } from '../language/types.ts';
import type { Prompts } from '../ports.ts';
import type { ScriptDialect, ScriptPlace } from '../scripting/types.ts';
import { resolveBodyFile, type BodyFileScope } from './body-file.ts';
import { isNetworkPath } from './network-path.ts';

const fileLimit = 1024 * 1024;

export interface ScriptSource {
  readonly code: string;
  placeOf(place: ScriptPlace | undefined): Place;
}

/** Why a script is not run, in words that end a sentence; undefined when it is. */
export function whyNotRun(node: ScriptNode, code: string, dialect: DialectId): string | undefined {
  if (node.syntax === 'lua' || (node.syntax === 'file' && /\.lua$/i.test(node.text.trim()))) return 'it is Lua';
  if (node.when === 'other') return 'it is written for an event of httpYac that does not happen here';
  if (dialect === 'kulala' && /(?<![.\w])assert\s*[.(]|\brequest\s*\.\s*(?:skip|abort|replay)\b/.test(code)) {
    return 'it is written for Kulala';
  }
  return undefined;
}

/** Whose names a script uses: httpYac runs JavaScript of its own also between `{%` and `%}`. */
export function dialectOf(node: ScriptNode, code: string, dialect: DialectId): ScriptDialect {
  if (node.syntax === 'httpyac') return 'httpyac';
  if (/\brequire\s*\(|\bexports\s*[.[]/.test(code)) return 'httpyac';
  const jetbrains = /\bclient\s*\.|\brequest\s*\.\s*(?:variables|environment)\b/.test(code);
  return dialect === 'httpyac' && !jetbrains ? 'httpyac' : 'jetbrains';
}

export function toInlineSource(file: RequestFile, path: string | undefined, node: ScriptNode): ScriptSource {
  const { text } = file;
  const { start } = node.textSpan;
  const before = text.slice(node.span.start, start);
  const firstLine = node.line + (before.match(/\r\n?|\n/g)?.length ?? 0);
  const firstColumn = start - Math.max(text.lastIndexOf('\n', start - 1), text.lastIndexOf('\r', start - 1));
  return {
    code: node.text,
    placeOf: (place) => {
      const inFile = path === undefined ? {} : { file: path };
      if (!place) return { ...inFile, line: node.line, start: node.span.start, end: node.span.end };
      const { line } = place;
      // The engine says column 1 for what stands first, also after spaces.
      const ink = line === 1 ? (/^[ \t]*/.exec(node.text)?.[0].length ?? 0) : 0;
      const column = Math.max(place.column, ink + 1);
      const at = offsetOf(node.text, line) + column - 1;
      const offset = start + Math.min(at, node.text.length);
      return {
        ...inFile,
        line: firstLine + line - 1,
        column: line === 1 ? firstColumn + column - 1 : column,
        start: offset,
        end: offset,
      };
    },
  };
}

/**
 * A script file is code: it is taken from the workspace or from beside the request file, and nobody is asked for more.
 * @throws CountersignError CS-FILE-MISSING, CS-FILE-OUTSIDE, CS-SCRIPT-FILE
 */
export async function loadFileSource(
  written: string,
  node: ScriptNode,
  scope: Omit<BodyFileScope, 'prompts'> & { readonly prompts: Prompts },
): Promise<ScriptSource> {
  const place: Place = {
    ...(scope.path === undefined ? {} : { file: scope.path }),
    line: node.line,
    start: node.textSpan.start,
    end: node.textSpan.end,
  };
  const beside = scope.path === undefined || isAbsolute(written) ? written : resolve(join(scope.path, '..'), written);
  const wanted = !isNetworkPath(written) && (await scope.files.exists(beside)) ? beside : written;
  const path = await resolveBodyFile(wanted, { ...scope, prompts: { ...scope.prompts, interactive: false } }, place);
  if (((await scope.files.size(path)) ?? 0) > fileLimit) {
    throw new CountersignError('CS-SCRIPT-FILE', 'The script file is larger than 1 MB.', { place });
  }
  return {
    code: await scope.files.readText(path),
    placeOf: (at) => (at ? { file: path, line: at.line, column: at.column } : place),
  };
}

function offsetOf(text: string, line: number): number {
  let offset = 0;
  for (let at = 1; at < line; at++) {
    const next = text.indexOf('\n', offset);
    if (next < 0) return text.length;
    offset = next + 1;
  }
  return offset;
}
