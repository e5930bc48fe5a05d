/**
 * Recognises scripts and the other lines that stand around a request without being sent: handlers, httpYac
 * script blocks, script files, redirects, assertions, block comments. Source: dialects.md §13, B2–B4.
 */
import { LINE } from './line-kinds.ts';
import { isAssertion, isHandlerFile, isRedirect, opensHandler, opensScriptBlock } from './line-shapes.ts';
import type { BlockScanner } from './scan-block.ts';

/** Where a script line stands: before the request line, after the headers, or inside text that may be prose. */
export type ScriptPlace = 'head' | 'body' | 'prose';

/** Pushes the current line, and those of a script that it opens; false when it is nothing of the kind. */
export function pushScript(scanner: BlockScanner, place: ScriptPlace): boolean {
  const { reader } = scanner;
  const { text, ink, end, code } = reader;
  if (code === 62 || code === 60) {
    if (opensHandler(text, ink, end)) return pushUntil(scanner, '%}', place === 'prose');
    const line = reader.inkText;
    if (isRedirect(line)) scanner.push(LINE.redirect);
    else if (code === 62 ? isHandlerFile(line) : place === 'head' && /^<\s+\S/.test(line))
      scanner.push(LINE.scriptFile);
    else return false;
    return true;
  }
  if (code === 123 && text.charCodeAt(ink + 1) === 123 && opensScriptBlock(reader.inkText))
    return pushUntil(scanner, '}}', true);
  if (code === 63 && isAssertion(reader.inkText)) {
    scanner.push(LINE.assertion);
    return true;
  }
  return false;
}

/**
 * From the line that opens a script to the line that closes it: a handler at the first `%}`, a `{{` block at `}}`
 * alone on a line. What nothing closes is a script to the block's end, or with `must` no script at all.
 */
function pushUntil(scanner: BlockScanner, close: '%}' | '}}', must: boolean): boolean {
  if (must && scanner.missing.has(close)) return false;
  const { reader } = scanner;
  const from = scanner.count;
  const opener = reader.ink + 1;
  scanner.push(LINE.script);
  if (close === '%}' && closesOnLine(reader.text, opener, reader.end)) return true;
  while (scanner.next()) {
    scanner.push(LINE.scriptMore);
    if (close === '%}') {
      if (closesOnLine(reader.text, reader.start, reader.end)) return true;
    } else if (reader.code === 125 && reader.inkText.trim() === '}}') return true;
  }
  if (must) {
    scanner.missing.add(close);
    scanner.rewindTo(from);
    scanner.next();
    return false;
  }
  scanner.note('CS-PARSE-SCRIPT-END', from, close);
  return true;
}

function closesOnLine(text: string, from: number, end: number): boolean {
  for (let at = from; at < end - 1; at++) {
    if (text.charCodeAt(at) === 37 && text.charCodeAt(at + 1) === 125) return true;
  }
  return false;
}

/** httpYac's block comment, from a line that begins with slash-star to one that ends with star-slash. */
export function pushBlockComment(scanner: BlockScanner): boolean {
  const { reader } = scanner;
  if (reader.code !== 47 || reader.text.charCodeAt(reader.ink + 1) !== 42) return false;
  if (scanner.missing.has('*/')) return false;
  const from = scanner.count;
  do {
    scanner.push(LINE.comment);
    const line = reader.inkText.trim();
    if (line.endsWith('*/') && (scanner.count > from + 1 || line.length > 3)) return true;
  } while (scanner.next());
  scanner.missing.add('*/');
  scanner.rewindTo(from);
  scanner.next();
  return false;
}
