/**
 * The kinds of line a request file consists of. One number a line keeps the line table of a large file small;
 * names exist for the tree and for tests. Source: dialects.md §§1–8, 13, 14.
 */
export const LINE = {
  blank: 0,
  separator: 1,
  comment: 2,
  directive: 3,
  variable: 4,
  statement: 5,
  requestLine: 6,
  urlPart: 7,
  header: 8,
  headerFold: 9,
  headerSpread: 10,
  body: 11,
  bodyFile: 12,
  bodyComment: 13,
  script: 14,
  scriptMore: 15,
  scriptFile: 16,
  redirect: 17,
  assertion: 18,
  response: 19,
  curl: 20,
  curlMore: 21,
  declaration: 22,
  unknown: 23,
  bodyEnd: 24,
} as const;

export type LineKindName = keyof typeof LINE;

const names = Object.keys(LINE) as LineKindName[];

/** `requestLine`, `body`, … for a number of `LINE`. */
export function lineKindName(kind: number): LineKindName {
  return names[kind] ?? 'unknown';
}
