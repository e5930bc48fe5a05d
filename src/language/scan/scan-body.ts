/**
 * Reads the lines after a request's headers: body text, includes, and what stands behind the body (handlers,
 * redirects, assertions, a saved response). What a line means can depend on the lines after it, so
 * `settle-body.ts` has the last word. Source: dialects.md §6, §13, conflicts B3–B5, R3.
 */
import { mediaTraits } from '../body-kind.ts';
import { LINE } from './line-kinds.ts';
import { headerColon, isCommentAt, isInclude, isStatusLine, isVariable, opensHandler } from './line-shapes.ts';
import type { BlockScanner } from './scan-block.ts';
import { pushScript } from './scan-script.ts';
import { settleBody } from './settle-body.ts';

/** @returns the index of the line where another request of the same block begins, or -1. */
export function scanBody(scanner: BlockScanner): number {
  const { reader } = scanner;
  const from = scanner.count;
  const media = mediaTraits(scanner.contentType);
  if (media.kind === 'form') scanner.deep = true;
  const prose = media.declared && media.stripComments === false;
  /** Index of the first and last line that is certainly body text. */
  let firstPlain = -1;
  let lastPlain = -1;
  let special = false;
  while (scanner.next()) {
    const { text, start, ink, end, code } = reader;
    let kind: number = LINE.body;
    if (code === -1) {
      scanner.push(LINE.blank);
      continue;
    }
    if (code >= 65 && code <= 90) {
      if (ink === start && !media.holdsMessages) {
        const split = scanner.splitsHere(firstPlain < 0 || isBehindConstruct(scanner, from));
        if (split === 'split') {
          const next = attachedFrom(scanner, from);
          if (special || firstPlain >= 0)
            settleBody(scanner, { from, to: next, firstPlain, lastPlain, special, media });
          return next;
        }
        if (split === 'looks-so') {
          scanner.push(LINE.body);
          scanner.note('CS-PARSE-SEPARATOR', scanner.count - 1);
          if (firstPlain < 0) firstPlain = scanner.count - 1;
          lastPlain = scanner.count - 1;
          continue;
        }
        if (code === 72 && isSavedResponse(scanner, media.declared, firstPlain) && (!prose || headerFollows(scanner))) {
          special = true;
          readResponse(scanner);
          continue;
        }
      }
    } else if (code === 35 || code === 47) {
      if (isCommentAt(text, ink)) kind = LINE.bodyComment;
    } else if (code === 64) {
      if (isVariable(text, ink, end)) kind = LINE.variable;
    } else if (code === 114 || code === 105) {
      // Below a request without a body, or below a finished one, these are statements (§14), not text to send.
      if ((firstPlain >= 0 || !media.declared) && ink === start && isStatement(reader.inkText)) kind = LINE.statement;
    } else if (code === 62 || code === 60 || code === 63 || code === 123) {
      if (code === 60 && ink === start && isInclude(reader.inkText) && !opensHandler(text, ink, end))
        kind = LINE.bodyFile;
      else if (
        (ink === start || code === 123 || (code === 62 && !prose && opensHandler(text, ink, end))) &&
        (!prose || mayFollowProse(scanner, code)) &&
        pushScript(scanner, prose ? 'prose' : 'body')
      ) {
        special = true;
        continue;
      }
    }
    if (kind === LINE.body || kind === LINE.bodyFile) {
      if (firstPlain < 0) firstPlain = scanner.count;
      lastPlain = scanner.count;
    } else special = true;
    scanner.push(kind);
  }
  if (special || firstPlain >= 0)
    settleBody(scanner, { from, to: scanner.count, firstPlain, lastPlain, special, media });
  return -1;
}

/** Whether the last line before this one that is not blank is a handler, a redirect or the like: the body is over. */
function isBehindConstruct(scanner: BlockScanner, from: number): boolean {
  let index = scanner.count - 1;
  while (index >= from) {
    const kind = scanner.kindAt(index);
    if (kind >= LINE.script && kind <= LINE.response) return true;
    if (kind !== LINE.blank && kind !== LINE.bodyComment && kind !== LINE.variable) return false;
    index--;
  }
  return false;
}

/**
 * In prose a construct stands after a blank line or another construct: `>> nested quote` is none. A handler of
 * JetBrains' kind is nobody's quote and may stand right below the text.
 */
function mayFollowProse(scanner: BlockScanner, code: number): boolean {
  const { text, ink, end } = scanner.reader;
  if (code === 62 && opensHandler(text, ink, end)) return true;
  const before = scanner.kindAt(scanner.count - 1);
  if (before === LINE.body || before === LINE.bodyComment || before === LINE.variable) return code === 60;
  if (code !== 62) return true;
  const line = scanner.reader.inkText;
  return /^>{1,2}!?\s+\S+\s*$/.test(line);
}

/** A status line after a blank line is a response kept in the file, unless it can only be the body itself. */
function isSavedResponse(scanner: BlockScanner, declared: boolean, firstPlain: number): boolean {
  const before = scanner.kindAt(scanner.count - 1);
  if (before === LINE.body || before === LINE.bodyFile) return false;
  if (!isStatusLine(scanner.reader.inkText)) return false;
  return firstPlain >= 0 || !declared || scanner.method === 'GET' || scanner.method === 'HEAD' || scanner.method === '';
}

const statement = /^(?:run\s+(?:#\S|\S+\.(?:http|rest)\b)|import\s+\S+\.(?:http|rest)\b)/;
function isStatement(line: string): boolean {
  return statement.test(line);
}

/** Whether the next line is a header, as in every response a tool writes down; in prose the status line may be text. */
function headerFollows(scanner: BlockScanner): boolean {
  const { text, pos } = scanner.reader;
  const ends = /[\r\n]|$/g;
  ends.lastIndex = pos;
  const end = ends.exec(text)?.index ?? text.length;
  return headerColon(text, pos, end) > pos;
}

/** The saved response: to the end of the block, or a handler, or another request where those are told apart. */
function readResponse(scanner: BlockScanner): void {
  const { reader } = scanner;
  scanner.push(LINE.response);
  while (scanner.next()) {
    const { text, start, ink, end, code } = reader;
    if (code === -1) {
      scanner.push(LINE.blank);
      continue;
    }
    const handler = code === 62 && ink === start && opensHandler(text, ink, end);
    if (handler || (code >= 65 && code <= 90 && ink === start && scanner.splitsHere(false) === 'split')) {
      scanner.hold();
      return;
    }
    scanner.push(LINE.response);
  }
}

/** Where the next request begins: the first of the comments, directives and variables above its request line. */
function attachedFrom(scanner: BlockScanner, from: number): number {
  let index = scanner.count;
  let result = index;
  while (index > from) {
    const kind = scanner.kindAt(index - 1);
    if (kind === LINE.bodyComment || kind === LINE.variable) result = index - 1;
    else if (kind !== LINE.blank) break;
    index--;
  }
  return result;
}
