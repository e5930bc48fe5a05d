/**
 * What may stand before a request line: comments, directives, variables, scripts, `run` and `import`, httpYac's
 * declarations, a saved response; then the request line or a cURL command. Source: dialects.md §1, §2, §12, §14.
 */
import { LINE } from './line-kinds.ts';
import {
  directiveAt,
  headerColon,
  isCommentAt,
  isHandlerFile,
  isRedirect,
  isStatusLine,
  isVariable,
  looksLikeUrl,
  opensHandler,
  requestLineShape,
  trimEnd,
  upperWord,
} from './line-shapes.ts';
import { scanBody } from './scan-body.ts';
import type { BlockScanner } from './scan-block.ts';
import { scanRequest } from './scan-request.ts';
import { pushBlockComment, pushScript } from './scan-script.ts';

/** Scans up to and including one request. True when another request follows in the same block. */
export function scanHead(scanner: BlockScanner): boolean {
  const { reader } = scanner;
  while (scanner.next()) {
    const { text, ink, end, code } = reader;
    if (code === -1) {
      scanner.push(LINE.blank);
      continue;
    }
    if (isCommentAt(text, ink)) {
      scanner.push(directiveAt(text, ink, end) < 0 ? LINE.comment : LINE.directive);
      continue;
    }
    if (code === 64) {
      if (isVariable(text, ink, end)) scanner.push(LINE.variable);
      else pushUnknown(scanner);
      continue;
    }
    if (pushScript(scanner, 'head') || pushBlockComment(scanner)) continue;
    if (code === 99 || code === 67) {
      const line = pushCurl(scanner);
      if (line >= 0) return scanner.endRequest(line, scanBody(scanner));
    }
    if (code === 72 && isStatusLine(reader.inkText)) {
      scanner.pushRest(LINE.response);
      return false;
    }
    if (pushStatement(scanner) || pushDeclaration(scanner)) continue;
    if (code !== 60 && code !== 62 && code !== 125 && requestLineShape(text, ink, trimEnd(text, ink, end)))
      return scanRequest(scanner);
    pushUnknown(scanner);
  }
  return false;
}

function pushUnknown(scanner: BlockScanner): void {
  scanner.push(LINE.unknown);
  const { text, ink, end } = scanner.reader;
  scanner.note('CS-PARSE-LINE', scanner.count - 1, text.slice(ink, trimEnd(text, ink, end)));
}

function pushStatement(scanner: BlockScanner): boolean {
  const { code, inkText } = scanner.reader;
  if ((code !== 114 && code !== 105) || !/^(?:run|import)\s+\S/.test(inkText)) return false;
  scanner.push(LINE.statement);
  return true;
}

/** `proto < f` with its options, `gql NAME < f`, a GraphQL fragment: httpYac's declarations. */
function pushDeclaration(scanner: BlockScanner): boolean {
  const { reader } = scanner;
  const { code } = reader;
  if (code !== 112 && code !== 103 && code !== 102) return false;
  const line = reader.inkText;
  const proto = /^proto\s+<\s*\S/.test(line);
  const fragment = /^fragment\s+\w+\s+on\s+\w+/.test(line);
  if (!proto && !fragment && !/^gql\s+\w+\s+<\s*\S/.test(line)) return false;
  scanner.push(LINE.declaration);
  scanner.note('CS-PARSE-UNSUPPORTED', scanner.count - 1, line.split(/\s/, 1)[0]);
  if (!proto && !fragment) return true;
  while (scanner.next()) {
    const { text, ink, end } = reader;
    const option = headerColon(text, ink, end) >= 0 && upperWord(text, ink, end) === 0 && !looksLikeUrl(reader.inkText);
    if (reader.code === -1 || (proto && !option)) {
      scanner.hold();
      break;
    }
    scanner.push(LINE.declaration);
  }
  return true;
}

/**
 * A cURL command: to the first blank line outside of quotes, or a handler. Comment lines between are left out.
 * @returns the index of its first line, or -1.
 */
function pushCurl(scanner: BlockScanner): number {
  const { reader } = scanner;
  if (!/^curl(?:\.exe)?(?:\s|$)/i.test(reader.inkText)) return -1;
  scanner.contentType = null;
  scanner.method = '';
  scanner.graphql = false;
  scanner.deep = true;
  scanner.push(LINE.curl);
  const index = scanner.count - 1;
  let quote = quoteAfter(reader.inkText, '');
  while (scanner.next()) {
    const { text, start, ink, end, code } = reader;
    if (quote === '') {
      const handler =
        code === 62 && (opensHandler(text, ink, end) || isRedirect(reader.inkText) || isHandlerFile(reader.inkText));
      if (code === -1 || handler) {
        scanner.hold();
        break;
      }
      if (isCommentAt(text, ink)) {
        scanner.push(directiveAt(text, ink, end) < 0 ? LINE.comment : LINE.directive);
        continue;
      }
    }
    scanner.push(LINE.curlMore);
    quote = quoteAfter(text.slice(start, end), quote);
  }
  return index;
}

/** The quote that is open after a line of shell text: `'`, `"`, or none. */
function quoteAfter(line: string, open: string): string {
  let quote = open;
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!;
    if (char === '\\' && quote !== "'") at++;
    else if (quote === '') {
      if (char === "'" || char === '"') quote = char;
    } else if (char === quote) quote = '';
  }
  return quote;
}
