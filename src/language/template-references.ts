/**
 * Finds the `{{…}}` of a text and tells what each refers to, without evaluating anything (V3). A reference runs
 * to the first `}}`. Source: dialects.md §8, §10, conflicts V3, V4.
 */

export type ReferenceKind =
  /** `name`, `api-version`, `Proj.Name_HostAddress`: looked up whole first, then as a path (V4). */
  | 'variable'
  /** `user.name`, `list[0].id`. */
  | 'path'
  /** `$guid`, `$randomInt 1 10`, `$auth.token("id")`. */
  | 'dynamic'
  /** `login.response.body.$.token`. */
  | 'request'
  /** A string or number. */
  | 'literal'
  /** `{{}}`. */
  | 'empty'
  /** JavaScript: needs scripts, is not evaluated. */
  | 'script';

export interface TemplateReference {
  /** Offsets into the text, braces included. */
  readonly start: number;
  readonly end: number;
  /** What stands between the braces, trimmed, without a leading `%`. */
  readonly expression: string;
  /** Offset of the expression. */
  readonly expressionStart: number;
  readonly kind: ReferenceKind;
  /** `{{%name}}`: the value is percent-encoded. */
  readonly encoded: boolean;
}

export function templateReferences(text: string): TemplateReference[] {
  const found: TemplateReference[] = [];
  for (let start = text.indexOf('{{'); start >= 0;) {
    const close = text.indexOf('}}', start + 2);
    if (close < 0) break;
    // `{{{a}}}` is a brace around a reference, as in JSON: the innermost pair counts.
    let open = start;
    while (text.startsWith('{{', open + 1) && open + 3 <= close) open++;
    const nested = text.lastIndexOf('{{', close - 1);
    if (nested > open && !text.slice(open + 2, nested).includes('"') && !text.slice(open + 2, nested).includes("'"))
      open = nested;
    found.push(reference(text, open, close));
    start = text.indexOf('{{', close + 2);
  }
  return found;
}

function reference(text: string, start: number, close: number): TemplateReference {
  let from = start + 2;
  let to = close;
  while (from < to && /\s/.test(text[from]!)) from++;
  const encoded = text[from] === '%' && from < to;
  if (encoded) {
    from++;
    while (from < to && /\s/.test(text[from]!)) from++;
  }
  while (to > from && /\s/.test(text[to - 1]!)) to--;
  const expression = text.slice(from, to);
  return { start, end: close + 2, expression, expressionStart: from, kind: referenceKind(expression), encoded };
}

const word = '[\\p{L}\\p{N}\\p{M}_$-]+';
const variable = new RegExp(`^${word}$`, 'u');
const path = new RegExp(`^${word}(?:\\.${word}|\\[(?:-?\\d+|'[^']*'|"[^"]*")\\])+$`, 'u');
const request = new RegExp(`^${word}\\.(?:request|response)(?:\\.(?:body|headers|cookies|status)\\b.*)?$`, 'su');

/** What an expression refers to, by its shape alone. */
export function referenceKind(expression: string): ReferenceKind {
  if (expression === '') return 'empty';
  if (/^\$(?:global|\.)/.test(expression)) return path.test(expression) ? 'path' : 'script';
  if (/^\$[A-Za-z]/.test(expression)) return 'dynamic';
  if (/^(?:-?\d+(?:\.\d+)?|"[^"]*"|'[^']*')$/.test(expression)) return 'literal';
  if (variable.test(expression)) return 'variable';
  if (request.test(expression)) return 'request';
  return path.test(expression) ? 'path' : 'script';
}
