/**
 * The request line and what belongs to it: continuation lines of the URL and headers, up to where the body
 * begins. Source: dialects.md §4, §5, conflicts R1, R3, shapes 1, 2 and 17 of §17.
 */
import { LINE } from './line-kinds.ts';
import {
  directiveAt,
  endsWithVersion,
  headerColon,
  isAssertion,
  isCommentAt,
  isHandlerFile,
  isRedirect,
  isSpace,
  isStatusLine,
  isVariable,
  opensHandler,
  opensScriptBlock,
  skipSpace,
  trimEnd,
  upperWord,
} from './line-shapes.ts';
import { scanBody } from './scan-body.ts';
import type { BlockScanner } from './scan-block.ts';
import { pushBlockComment } from './scan-script.ts';

/** The current line is a request line. True when another request follows in the same block. */
export function scanRequest(scanner: BlockScanner): boolean {
  const { reader } = scanner;
  scanner.push(LINE.requestLine);
  const line = scanner.count - 1;
  const end = trimEnd(reader.text, reader.ink, reader.end);
  const word = upperWord(reader.text, reader.ink, end);
  scanner.contentType = null;
  scanner.method = word > 0 ? reader.text.slice(reader.ink, reader.ink + word) : '';
  scanner.graphql = scanner.method === 'GRAPHQL';
  if (word > 0 && word === end - reader.ink) scanner.deep = true;
  const next = scanHeaders(scanner, !endsWithVersion(reader.text, reader.ink, end));
  return scanner.endRequest(line, next >= 0 ? next : scanBody(scanner));
}

/** @returns the line where another request begins, or -1 when the body comes next. */
function scanHeaders(scanner: BlockScanner, versionOpen: boolean): number {
  const { reader } = scanner;
  const { text } = reader;
  let queryOpen = versionOpen;
  let urlOpen = versionOpen;
  let fragment = false;
  let headers = 0;
  while (scanner.next()) {
    const { start, ink, code } = reader;
    const end = trimEnd(text, ink, reader.end);
    const indented = ink > start;
    if (code === -1 || beginsBody(scanner)) {
      scanner.hold();
      return -1;
    }
    if (isCommentAt(text, ink)) {
      if (indented && urlOpen && code === 35 && isFragment(scanner)) {
        scanner.push(LINE.urlPart);
        fragment = true;
      } else scanner.push(directiveAt(text, ink, end) < 0 ? LINE.comment : LINE.directive);
      continue;
    }
    if (pushBlockComment(scanner)) continue;
    if (code === 64 && isVariable(text, ink, end)) {
      scanner.push(LINE.variable);
      continue;
    }
    if (!indented && code >= 65 && code <= 90 && scanner.splitsHere(true) === 'split') return attachedFrom(scanner);
    const colon = headerColon(text, ink, end);
    const isPart =
      code === 63 || code === 38
        ? queryOpen
        : urlOpen && (code === 47 || (indented && continuesUrl(scanner, colon, fragment)));
    if (isPart) {
      scanner.push(LINE.urlPart);
      if (endsWithVersion(text, ink, end)) queryOpen = urlOpen = false;
      continue;
    }
    if (colon > 0 && code !== 47 && code !== 63 && code !== 38) {
      urlOpen = false;
      headers++;
      scanner.push(LINE.header);
      readHeader(scanner, ink, colon, end);
    } else if (code === 46 && text.startsWith('...', ink)) {
      urlOpen = false;
      scanner.push(LINE.headerSpread);
      scanner.note('CS-PARSE-UNSUPPORTED', scanner.count - 1, text.slice(ink, end));
    } else if (indented && headers > 0 && folds(scanner, code)) scanner.push(LINE.headerFold);
    else {
      // Anything else begins the body although no blank line precedes it (§17.17).
      scanner.push(LINE.body);
      scanner.note('CS-PARSE-BLANK-LINE', scanner.count - 1);
      scanner.rewindTo(scanner.count - 1);
      return -1;
    }
  }
  return -1;
}

/** An indented line continues the header above it, unless it looks like the start of a body. */
function folds(scanner: BlockScanner, code: number): boolean {
  const before = scanner.kindAt(scanner.count - 1);
  return (
    (before === LINE.header || before === LINE.headerFold) && code !== 123 && code !== 91 && code !== 60 && code !== 34
  );
}

/** Whether an indented line continues the URL: it does unless it is `name:` or begins a body (R1). */
function continuesUrl(scanner: BlockScanner, colon: number, fragment: boolean): boolean {
  const { text, ink, code } = scanner.reader;
  const template = code === 123 && text.charCodeAt(ink + 1) === 123;
  if (!template && (code === 123 || code === 91 || code === 60 || code === 34)) return false;
  if (colon < 0 || fragment) return true;
  if (text.startsWith('//', colon + 1)) return true;
  return template && !isSpace(text.charCodeAt(colon + 1));
}

/** An indented `#word` is the URL's fragment, not a comment, when no further `?`, `&` or `/` line follows it. */
function isFragment(scanner: BlockScanner): boolean {
  const { reader } = scanner;
  const { text } = reader;
  if (!/^#[\w-]+\s*$/.test(reader.inkText)) return false;
  let at = reader.pos;
  while (at < text.length) {
    const ink = skipSpace(text, at, text.length);
    if (ink === at) break;
    const code = text.charCodeAt(ink);
    if (code === 63 || code === 38 || code === 35 || code === 47) return false;
    const lf = text.indexOf('\n', at);
    if (lf < 0) break;
    at = lf + 1;
  }
  return true;
}

function readHeader(scanner: BlockScanner, ink: number, colon: number, end: number): void {
  const { text } = scanner.reader;
  const length = trimEnd(text, ink, colon) - ink;
  if (length !== 12 && length !== 14) return;
  const name = text.slice(ink, ink + length).toLowerCase();
  if (name === 'content-type') scanner.contentType = text.slice(colon + 1, end).trim();
  else if (
    name === 'x-request-type' &&
    text
      .slice(colon + 1, end)
      .trim()
      .toLowerCase() === 'graphql'
  )
    scanner.graphql = true;
}

/** Constructs that end the headers although no blank line precedes them. */
function beginsBody(scanner: BlockScanner): boolean {
  const { reader } = scanner;
  const { text, ink, end, code } = reader;
  if (code === 62 || code === 60) {
    if (opensHandler(text, ink, end)) return true;
    const line = reader.inkText;
    return isRedirect(line) || isHandlerFile(line) || /^<(?:@\w*)?\s+\S/.test(line);
  }
  if (code === 123) return text.charCodeAt(ink + 1) === 123 && opensScriptBlock(reader.inkText);
  if (code === 63) return isAssertion(reader.inkText);
  if (code === 72) return isStatusLine(reader.inkText);
  return code === 61 && text.startsWith('===', ink);
}

/** The first of the comment, directive and variable lines directly above the current one. */
function attachedFrom(scanner: BlockScanner): number {
  let index = scanner.count;
  for (;;) {
    const kind = scanner.kindAt(index - 1);
    if (kind !== LINE.comment && kind !== LINE.directive && kind !== LINE.variable) return index;
    index--;
  }
}
