/**
 * Decides what each line after the headers is, once all of them are known. Rules: comments are dropped where
 * they cannot be data (C1); a construct that body text follows is body text (B3, B4); `@x = y` in a body defines
 * nothing (B5), but behind a finished body it does. Blank lines around the body are not part of it.
 */
import { kindByLook, looksLikeGraphql, type MediaTraits } from '../body-kind.ts';
import { LINE } from './line-kinds.ts';
import { directiveAt, isSpace } from './line-shapes.ts';
import type { BlockScanner } from './scan-block.ts';

export interface BodyLines {
  readonly from: number;
  readonly to: number;
  readonly firstPlain: number;
  readonly lastPlain: number;
  /** Whether any line is more than text or blank. */
  readonly special: boolean;
  readonly media: MediaTraits;
}

export function settleBody(scanner: BlockScanner, body: BodyLines): void {
  const { from, to, media } = body;
  if (body.special) settleSpecial(scanner, body);
  let first = -1;
  let last = -1;
  for (let index = from; index < to; index++) {
    const kind = scanner.kindAt(index);
    if (kind !== LINE.body && kind !== LINE.bodyFile) continue;
    if (first < 0) first = index;
    last = index;
  }
  if (
    last > first &&
    scanner.kindAt(last) === LINE.body &&
    scanner.context.text.startsWith('<--->', scanner.startOf(last)) &&
    scanner.textAt(last).trim() === '<--->' &&
    !media.holdsMessages
  ) {
    scanner.setKind(last, LINE.bodyEnd);
    do last--;
    while (last > first && scanner.kindAt(last) !== LINE.body && scanner.kindAt(last) !== LINE.bodyFile);
  }
  for (let index = first + 1; index < last; index++)
    if (scanner.kindAt(index) === LINE.blank) scanner.setKind(index, LINE.body);
}

function settleSpecial(scanner: BlockScanner, { from, to, firstPlain, lastPlain, media }: BodyLines): void {
  const look = firstPlain < 0 ? null : scanner.textAt(firstPlain);
  const structured = media.kind === 'json' || (media.kind === null && look !== null && kindByLook(look) === 'json');
  const graphql =
    scanner.graphql || (look !== null && looksLikeGraphql(look) && (!media.declared || media.kind === 'json'));
  const byType = media.stripComments ?? (structured || graphql);
  const { comments } = scanner.context;
  const strips = comments === 'auto' ? byType : comments === 'strip';
  const keepsText = media.declared && !strips;
  const hasBody = firstPlain >= 0;
  let end = lastPlain;
  /** A construct was passed behind the last line of text. */
  let behind = false;
  let closed = false;
  let indented = false;
  /** A blank line was passed behind the last line of text. */
  let blank = false;
  for (let index = from; index < to; index++) {
    const kind = scanner.kindAt(index);
    const inside = index <= end;
    if (index === end + 1) blank = false;
    if (kind === LINE.blank) blank = true;
    if (kind === LINE.bodyComment) {
      if (inside) {
        if (!strips) scanner.setKind(index, LINE.body);
        continue;
      }
      const afterBlank = index === from || scanner.kindAt(index - 1) !== LINE.body;
      const bodiless = scanner.method === 'GET' || scanner.method === 'HEAD';
      const isText = behind
        ? false
        : keepsText
          ? hasBody
            ? !(media.kind === 'multipart' && (closed ||= closesMultipart(scanner, end)))
            : !bodiless && media.kind !== 'multipart'
          : hasBody && !strips && !afterBlank;
      if (isText) {
        scanner.setKind(index, LINE.body);
        end = index;
      } else scanner.setKind(index, settledComment(scanner, index, hasBody, afterBlank || behind));
    } else if (kind === LINE.variable) {
      const finished = hasBody ? structured && blank : !media.declared || media.kind === 'json';
      if (!inside && (behind || finished)) continue;
      scanner.setKind(index, LINE.body);
      scanner.note('CS-PARSE-VARIABLE-IN-BODY', index);
      if (!inside) end = index;
    } else if (kind === LINE.statement) {
      if (!inside && (behind || !hasBody || (structured && blank))) continue;
      scanner.setKind(index, LINE.body);
      if (!inside) end = index;
    } else if (kind === LINE.script || kind === LINE.scriptMore) {
      if (kind === LINE.script) indented = isSpace(scanner.context.text.charCodeAt(scanner.startOf(index)));
      // An indented `> {%` is a handler behind a body only; a script block may stand anywhere in httpYac's files.
      if (inside && (indented || !strips) && !scanner.splitsAnywhere()) scanner.setKind(index, LINE.body);
      else if (!inside) behind = true;
    } else if (kind === LINE.scriptFile || kind === LINE.redirect || kind === LINE.assertion) {
      if (inside && !(kind === LINE.assertion && scanner.splitsAnywhere())) scanner.setKind(index, LINE.body);
      else if (!inside) behind = true;
    } else if (kind === LINE.response && !inside) behind = true;
  }
}

function settledComment(scanner: BlockScanner, index: number, hasBody: boolean, apart: boolean): number {
  const start = scanner.startOf(index);
  const line = scanner.textAt(index);
  const isDirective = directiveAt(line, line.length - line.trimStart().length, line.length) >= 0;
  if (isDirective && (!hasBody || apart)) return LINE.directive;
  return hasBody && start >= 0 ? LINE.bodyComment : LINE.comment;
}

/** Whether the last text line of a multipart body is its closing delimiter. */
function closesMultipart(scanner: BlockScanner, last: number): boolean {
  let index = last;
  while (index >= 0 && scanner.kindAt(index) === LINE.blank) index--;
  return /^--.+--\s*$/.test(scanner.textAt(index));
}
