/**
 * Rows as comma-separated values (RFC 4180) for a clipboard. Text that a spreadsheet would run as a formula gets an
 * apostrophe in front, since what a server sent is never to run. Pure.
 */

export interface CsvCell {
  readonly text: string;
  /** Text, not a number: only text can be taken for a formula. */
  readonly isText: boolean;
}

const formula = /^[=+\-@\t\r]/;

/** One record with its line end. */
export function toCsvRecord(cells: readonly CsvCell[]): string {
  return `${cells.map(toField).join(',')}\r\n`;
}

function toField({ text, isText }: CsvCell): string {
  const safe = isText && formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
