/** Two answers side by side: what the panel asks for, what it is told at once, and the differences in view. */
import type { Shown } from '../response/model.ts';
import { isCount, isText, type Check, type Fields } from './checks.ts';

export interface CompareModel {
  /** Of the answer on screen. */
  readonly runId: string;
  /** The other one: `listOrders · 200 OK`. */
  readonly title: Shown;
  readonly startedAt: number;
  readonly who?: string;
  /** Of status, headers and body; more than these when `more`. */
  readonly total: number;
  readonly more: boolean;
  /** How the bodies stand to each other, as a sentence, where they are not compared value by value. */
  readonly body?: string;
  readonly ignored: readonly string[];
  /** Of `ignored`, what could not be read as a path. */
  readonly unread: readonly string[];
}

export interface DifferenceView {
  readonly kind: 'added' | 'removed' | 'changed';
  /** `status`, `headers.etag` or a JSONPath. */
  readonly path: Shown;
  readonly before?: Shown;
  readonly after?: Shown;
}

export type CompareAsk = { readonly kind: 'differences'; readonly from: number; readonly to: number };

export type CompareAnswer = {
  readonly kind: 'differences';
  readonly total: number;
  readonly rows: readonly DifferenceView[];
};

export type CompareOrder =
  /** With which answer is asked, when there are several or when another one is wanted. */
  | { readonly type: 'compare' }
  | { readonly type: 'compare-ignore'; readonly paths: readonly string[] }
  /** Both bodies in VS Code's own editor for differences. */
  | { readonly type: 'compare-text' };

const isPaths: Check = (value) => Array.isArray(value) && value.length <= 200 && value.every(isText);

export const compareAsks: Readonly<Record<CompareAsk['kind'], Fields>> = {
  differences: { from: isCount, to: isCount },
};

export const compareOrders: Readonly<Record<CompareOrder['type'], Fields>> = {
  compare: {},
  'compare-ignore': { paths: isPaths },
  'compare-text': {},
};
