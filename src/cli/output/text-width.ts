/** Text in the columns of a terminal: wide characters take two, combining ones none. */

// Latin and other plain text has a column a character; only the rest is looked at one by one.
const plain = /^[\u0000-\u02ff\u2010-\u2027\u2190-\u21ff\u2713\u2717•]*$/;
const none = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]$|\p{Emoji_Presentation}/u;

function widthOfCharacter(character: string): number {
  return none.test(character) ? 0 : wide.test(character) ? 2 : 1;
}

export function widthOf(text: string): number {
  if (plain.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += widthOfCharacter(character);
  return width;
}

/** At most `room` columns, with `…` where something was cut. */
export function cut(text: string, room: number): string {
  if (widthOf(text) <= room) return text;
  if (room <= 1) return '';
  let kept = '';
  let width = 0;
  for (const character of text) {
    width += widthOfCharacter(character);
    if (width > room - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Lines of at most `room` columns, broken between words, and inside a word only when it is longer than a line. */
export function wrapped(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (widthOf(joined) <= room) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (widthOf(line) > room) {
      const head = cut(line, room + 1).slice(0, -1);
      lines.push(head);
      line = line.slice(head.length);
    }
  }
  return [...lines, line];
}
