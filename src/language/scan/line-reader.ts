/**
 * Walks the lines of a text from an offset, one at a time, without copying any. Stops in front of a separator
 * line. Line ends are LF, CRLF, and CR where the text has lone CRs.
 */
import { HASH, isSeparatorAt, skipSpace } from './line-shapes.ts';

/** Whether a CR stands without an LF after it. */
export function hasLoneCr(text: string): boolean {
  let at = text.indexOf('\r');
  while (at >= 0) {
    if (text.charCodeAt(at + 1) !== 10) return true;
    at = text.indexOf('\r', at + 2);
  }
  return false;
}

export class LineReader {
  readonly text: string;
  readonly loneCr: boolean;
  /** Where the next line starts. */
  pos: number;
  start = 0;
  end = 0;
  /** First character of the line that is not a space or tab; `end` on a blank line. */
  ink = 0;
  /** Char code at `ink`; -1 on a blank line. */
  code = -1;

  constructor(text: string, pos: number, loneCr: boolean) {
    this.text = text;
    this.pos = pos;
    this.loneCr = loneCr;
  }

  /** Moves to the next line; false at the end of the text. */
  advance(): boolean {
    const { text, pos } = this;
    if (pos >= text.length) return false;
    this.start = pos;
    if (this.loneCr) this.findEnd();
    else {
      const lf = text.indexOf('\n', pos);
      if (lf < 0) this.end = this.pos = text.length;
      else {
        this.end = lf > pos && text.charCodeAt(lf - 1) === 13 ? lf - 1 : lf;
        this.pos = lf + 1;
      }
    }
    let code = pos < this.end ? text.charCodeAt(pos) : -1;
    let ink = pos;
    if (code === 32 || code === 9) {
      ink = skipSpace(text, pos, this.end);
      code = ink < this.end ? text.charCodeAt(ink) : -1;
    }
    this.ink = ink;
    this.code = code;
    return true;
  }

  /** The end of the line where CR alone ends lines too. */
  private findEnd(): void {
    const { text } = this;
    let end = this.pos;
    let code = 0;
    while (end < text.length) {
      code = text.charCodeAt(end);
      if (code === 10 || code === 13) break;
      end++;
    }
    this.end = end;
    this.pos = end >= text.length ? end : code === 13 && text.charCodeAt(end + 1) === 10 ? end + 2 : end + 1;
  }

  get isSeparator(): boolean {
    return this.code === HASH && isSeparatorAt(this.text, this.ink);
  }

  /** The line from its first ink on. Copies: for rare shapes only. */
  get inkText(): string {
    return this.text.slice(this.ink, this.end);
  }
}
