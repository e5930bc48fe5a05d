/**
 * The path of a value, as JSONPath (RFC 9535 §2.7, short names with a dot), JSON Pointer (RFC 6901), jq, and a
 * JavaScript expression on `body`. Duplicate names give the same path; which of them is meant is not told by any of them. Pure.
 */
import type { JsonIndex } from './index-json.ts';
import { kindOf, keyOf, pathTo } from './read-value.ts';

export type PathForm = 'jsonpath' | 'pointer' | 'jq' | 'javascript';

export function valuePath(index: JsonIndex, node: number, form: PathForm): string {
  const nodes = pathTo(index, node);
  const steps: (string | number)[] = [];
  for (let i = 1; i < nodes.length; i++) {
    const parent = nodes[i - 1] as number;
    const child = nodes[i] as number;
    steps.push(kindOf(index, parent) === 'object' ? (keyOf(index, child) ?? '') : positionIn(index, parent, child));
  }
  return toPath(steps, form);
}

export function toPath(steps: readonly (string | number)[], form: PathForm): string {
  if (form === 'pointer') {
    return steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  }
  if (form === 'javascript') {
    return `body${steps.map((step) => (typeof step === 'string' && /^[A-Za-z_$][\w$]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`)).join('')}`;
  }
  let out = form === 'jq' ? '.' : '$';
  for (const step of steps) {
    if (typeof step === 'number') out += `[${String(step)}]`;
    else if (form === 'jq') {
      const dot = out === '.' ? '' : '.';
      out += /^[A-Za-z_]\w*$/.test(step) ? `${dot}${step}` : `${out === '.' ? '' : ''}[${JSON.stringify(step)}]`;
    } else out += /^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `['${escapeName(step)}']`;
  }
  return out;
}

function escapeName(name: string): string {
  return JSON.stringify(name).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
}

export function positionIn(index: JsonIndex, parent: number, child: number): number {
  let position = 0;
  for (let at = parent + 1; at < child; at = index.next[at] as number) position += 1;
  return position;
}
