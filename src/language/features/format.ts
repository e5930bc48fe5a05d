/**
 * Canonical spacing of everything that is not sent: separators, request lines, headers, variables, directives, blank
 * lines. Bodies and scripts stay as they are. What would change a request in any way is not done at all. Pure.
 */
import { toParseReport } from '../parse-report.ts';
import { parseRequestFile } from '../parse-request-file.ts';
import type { LineKindName } from '../scan/line-kinds.ts';
import { parseTree } from '../tree.ts';
import type { RequestFile } from '../types.ts';
import type { TextChange } from './code-actions.ts';

interface FormattedLine {
  readonly kind: LineKindName;
  /** Without its line end. */
  readonly start: number;
  readonly end: number;
  readonly next: number;
}

/** The changes; none when the file is formatted, or when one of them would change what is sent. */
export function format(file: RequestFile): readonly TextChange[] {
  const changes = changesOf(file);
  if (changes.length === 0) return [];
  const formatted = applied(file.text, changes);
  const again = parseRequestFile(formatted, { dialect: file.dialect });
  return factsOf(parseRequestFile(file.text, { dialect: file.dialect })) === factsOf(again) ? changes : [];
}

/** All that a request means, without the places where it stands. */
function factsOf(file: RequestFile): string {
  const { requests, variables } = toParseReport('', file);
  return JSON.stringify(
    [
      requests.map(({ line: _line, scripts, ...request }) => ({
        ...request,
        scripts: scripts.map(({ when }) => when),
      })),
      file.requests.map(({ scripts, redirects, protocol }) => [
        protocol,
        scripts.map(({ syntax, text }) => [syntax, text]),
        redirects.map(({ kind, path }) => [kind, path.text]),
      ]),
      variables,
      file.statements.map(({ text }) => text),
      file.globals,
    ],
    (key, value: unknown) => (/^(?:span|nameSpan|valueSpan|textSpan|line)$/.test(key) ? undefined : value),
  );
}

function changesOf(file: RequestFile): readonly TextChange[] {
  const { text } = file;
  const lines = linesOf(file);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const changes: TextChange[] = [];
  let before: LineKindName | undefined;
  let blanks = 0;
  /** A line of an open quote or script may be blank too. */
  let empty = false;
  for (const { kind, start, end, next } of lines) {
    if (kind === 'blank') {
      blanks++;
      if (before === 'response') continue;
      // One blank line is enough, and none is needed at the beginning.
      if (blanks > 1 || before === undefined) changes.push({ span: { start, end: next }, text: '' });
      else if (end > start) changes.push({ span: { start, end }, text: '' });
      continue;
    }
    const written = text.slice(start, end);
    const apart: boolean =
      kind === 'separator' && before !== undefined && before !== 'separator' && blanks === 0 && !empty;
    const ends = next === end && start < end && next === text.length;
    const wanted: string = (apart ? eol : '') + formatLine(kind, written) + (ends ? eol : '');
    if (wanted !== written) changes.push({ span: { start, end }, text: wanted });
    before = kind;
    blanks = 0;
    empty = written.trim() === '';
  }
  return changes;
}

function formatLine(kind: LineKindName, line: string): string {
  switch (kind) {
    case 'separator': {
      const [, hashes = '', title = ''] = /^\s*(#{3,})\s*(.*?)\s*$/s.exec(line) ?? [];
      return title === '' ? hashes : `${hashes} ${title}`;
    }
    case 'requestLine': {
      const found = /^\s*([A-Za-z][A-Za-z-]*)[ \t]+(\S.*?)\s*$/s.exec(line);
      const rest = (found?.[2] ?? line.trim()).replace(/[ \t]+(HTTP\/\S+)$/i, ' $1');
      return found ? `${found[1]} ${rest}` : rest;
    }
    case 'urlPart':
      return `    ${line.trim().replace(/[ \t]+(HTTP\/\S+)$/i, ' $1')}`;
    case 'header': {
      const found = /^\s*((?:\{\{.*?\}\}|[^:{])+?)\s*:\s*(.*?)\s*$/s.exec(line);
      return found ? `${found[1]}: ${found[2]}`.trimEnd() : line;
    }
    case 'variable': {
      const found = /^\s*@([^\s=]+?)\s*(:?=)\s*(.*?)\s*$/s.exec(line);
      return found ? `@${found[1]} ${found[2]} ${found[3]}`.trimEnd() : line;
    }
    case 'directive': {
      const found = /^\s*(#+|\/\/+)\s*@([\w.-]+)(.*?)\s*$/s.exec(line);
      return found ? `${found[1]} @${found[2]} ${found[3]!.trimStart()}`.trimEnd() : line;
    }
    case 'comment':
    case 'statement':
      return line.trimEnd();
    default:
      return line;
  }
}

function linesOf(file: RequestFile): readonly FormattedLine[] {
  return parseTree(file.text, file).blocks.flatMap((block) =>
    block.lines.map(({ kind, start, end, leaves }) => {
      const [first] = leaves;
      const last = leaves.at(-1);
      return {
        kind,
        start: first?.kind === 'bom' ? first.end : start,
        end: last?.kind === 'line-end' ? last.start : end,
        next: end,
      };
    }),
  );
}

function applied(text: string, changes: readonly TextChange[]): string {
  let out = '';
  let at = 0;
  for (const { span, text: put } of changes) {
    out += text.slice(at, span.start) + put;
    at = span.end;
  }
  return out + text.slice(at);
}
