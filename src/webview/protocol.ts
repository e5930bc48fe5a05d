/**
 * Every message between the response panel and the extension host, and the checks both sides make before they act on
 * one. A message that does not fit is dropped. Nothing in here carries a secret; bodies travel as the rows in view.
 */
import type { ResponseModel, Shown } from '../response/model.ts';
import {
  fits,
  isCount,
  isFlag,
  isHttpUrl,
  isNode,
  isObject,
  isText,
  oneOf,
  optional,
  type Check,
  type Fields,
} from './checks.ts';
import {
  compareAsks,
  compareOrders,
  type CompareAnswer,
  type CompareAsk,
  type CompareModel,
  type CompareOrder,
} from './compare-messages.ts';
import { identityOrders, type IdentitiesModel, type IdentityOrder } from './identities-messages.ts';
import { tableAsks, tableOrders, type TableAnswer, type TableAsk, type TableOrderMessage } from './table-messages.ts';

export type {
  BodyModel,
  CertificateModel,
  CookieRow,
  ErrorModel,
  ExceptionModel,
  HeaderRow,
  HopModel,
  Outcome,
  PhaseTimes,
  Piece,
  ProblemModel,
  ResponseModel,
  SecurityModel,
  SentModel,
  Shown,
  StepUpModel,
  TestRow,
  TraceModel,
  TraceStepModel,
  ViewId,
  WhoModel,
} from '../response/model.ts';

export type { CompareAsk, CompareModel, CompareOrder, DifferenceView } from './compare-messages.ts';
export type { IdentitiesModel, IdentityOrder, IdentityRow } from './identities-messages.ts';
export type { TableAsk, TableCellView, TableOrderMessage, TablePart } from './table-messages.ts';

/** What is known before there is an answer. */
export interface RunStart {
  readonly runId: string;
  readonly title: string;
  readonly name: string | null;
  readonly method: string;
  readonly target: Shown;
  readonly host: string;
  readonly secure: boolean;
  readonly startedAt: number;
  readonly who?: { readonly name: string; readonly identity?: string; readonly person: boolean };
}

/** One line of the list shown while sending. */
export interface StepLine {
  readonly id: string;
  readonly title: string;
  readonly state: 'done' | 'running';
  /** Milliseconds since the run began. */
  readonly at: number;
  readonly note?: string;
}

/** The head, before the body is complete. */
export interface RunHead {
  readonly status: number;
  readonly statusText: string;
  readonly httpVersion: string;
  readonly mediaType: string;
}

export interface PanelSettings {
  /** Key presses for the empty state: `Ctrl+Alt+R`. */
  readonly sendKey: string;
  readonly mac: boolean;
  /** Set when it differs from the editor's. */
  readonly fontSize?: number;
  readonly fontFamily?: string;
}

/** Facts that are kept by the webview and shown after a reload of the window. */
export interface RestoredFacts {
  readonly title: string;
  readonly method: string;
  readonly target: string;
  readonly host: string;
  readonly status: string;
  readonly family: string;
  readonly at: number;
  readonly runId: string;
  /** Of the request file, for sending again. */
  readonly path?: string;
  readonly line: number;
  readonly name: string | null;
}

export type ToPanel =
  | { readonly type: 'settings'; readonly settings: PanelSettings; readonly pinned: boolean }
  | { readonly type: 'idle' }
  | { readonly type: 'restored'; readonly facts: RestoredFacts }
  | { readonly type: 'start'; readonly run: RunStart }
  | { readonly type: 'steps'; readonly runId: string; readonly steps: readonly StepLine[] }
  | { readonly type: 'head'; readonly runId: string; readonly head: RunHead }
  | { readonly type: 'progress'; readonly runId: string; readonly bytes: number; readonly encodedBytes: number }
  | { readonly type: 'finish'; readonly model: ResponseModel }
  | { readonly type: 'show-tab'; readonly tab: string }
  | { readonly type: 'pinned'; readonly pinned: boolean }
  /** One sentence, for the eye and for a screen reader. */
  | { readonly type: 'say'; readonly sentence: string }
  | { readonly type: 'compare'; readonly comparison: CompareModel }
  /** No rows: what was there is gone. */
  | { readonly type: 'identities'; readonly matrix: IdentitiesModel }
  | { readonly type: 'answer'; readonly id: number; readonly answer: BodyAnswer };

export interface TreeRowView {
  readonly row: number;
  readonly node: number;
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
  readonly parentRow: number;
  readonly kind: 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null' | 'range';
  readonly container: boolean;
  readonly open: boolean;
  readonly key?: Shown;
  /** Position in an array. */
  readonly ordinal?: number;
  readonly count?: number;
  /** Positions of a range row. */
  readonly from?: number;
  readonly to?: number;
  readonly value?: Shown;
  /** Bytes of the whole value, when `value` is only its beginning. */
  readonly cutBytes?: number;
  readonly preview?: Shown;
  readonly path?: string;
  /** True when the value reads as a token and is no live secret. */
  readonly token?: boolean;
  /** Set when the value is an http(s) address as a whole. */
  readonly url?: string;
}

export interface LineView {
  /** 0 for a row that continues a line. */
  readonly line: number;
  readonly text: Shown;
}

export interface HexRowView {
  readonly offset: number;
  /** Two digits each; `••` where a secret stands. */
  readonly bytes: readonly string[];
  readonly text: string;
}

/** What the panel asks about the body of the response it shows. */
export type BodyAsk =
  | { readonly kind: 'tree-rows'; readonly list: 'body' | 'filter'; readonly from: number; readonly to: number }
  | {
      readonly kind: 'tree-toggle';
      readonly list: 'body' | 'filter';
      readonly row: number;
      readonly open: boolean;
      readonly how: 'one' | 'level' | 'all';
    }
  | {
      readonly kind: 'lines';
      readonly view: 'text' | 'raw';
      readonly from: number;
      readonly to: number;
      readonly width: number;
    }
  | { readonly kind: 'hex'; readonly from: number; readonly to: number; readonly width: number }
  | { readonly kind: 'image' }
  | { readonly kind: 'preview' }
  | {
      readonly kind: 'find';
      readonly view: 'tree' | 'text' | 'raw';
      readonly text: string;
      readonly caseSensitive: boolean;
      readonly word: boolean;
      readonly regex: boolean;
    }
  | { readonly kind: 'find-go'; readonly n: number; readonly width: number }
  | { readonly kind: 'filter'; readonly path: string }
  | { readonly kind: 'reveal'; readonly node: number }
  | { readonly kind: 'path'; readonly node: number }
  | { readonly kind: 'whole-value'; readonly node: number }
  /** A token in a value, laid open. */
  | { readonly kind: 'token'; readonly node: number }
  | TableAsk
  | CompareAsk;

export type BodyAnswer =
  | {
      readonly kind: 'tree-rows';
      readonly total: number;
      readonly rows: readonly TreeRowView[];
      readonly hidden: number;
    }
  | { readonly kind: 'toggled'; readonly total: number; readonly row: number; readonly whole: boolean }
  | {
      readonly kind: 'lines';
      readonly total: number;
      readonly rows: readonly LineView[];
      readonly asReceived: boolean;
      readonly hidden: number;
    }
  | { readonly kind: 'hex'; readonly total: number; readonly rows: readonly HexRowView[] }
  | { readonly kind: 'image'; readonly bytes: ArrayBuffer; readonly mediaType: string }
  | { readonly kind: 'preview'; readonly text: string }
  | { readonly kind: 'found'; readonly count: number; readonly more: boolean }
  | { readonly kind: 'at'; readonly row: number; readonly total: number }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'value'; readonly text: Shown }
  | TableAnswer
  | CompareAnswer
  /** The body is not what its type says; line and column are 1-based, `byte` is there where it is no text. */
  | {
      readonly kind: 'fault';
      readonly line: number;
      readonly column: number;
      readonly expected: string;
      /** What it was taken for: `JSON`. */
      readonly name: string;
      readonly byte?: number;
      /** The whole sentence, when it is another reason. */
      readonly why?: string;
    }
  /** The question itself could not be answered: one sentence. */
  | { readonly kind: 'refused'; readonly message: string };

export type CopyWhat = 'value' | 'path' | 'pointer' | 'jq' | 'javascript' | 'body' | 'trace' | 'headers' | 'text';

export type FromPanel =
  | { readonly type: 'ready' }
  | { readonly type: 'ask'; readonly id: number; readonly runId: string; readonly ask: BodyAsk }
  | { readonly type: 'copy'; readonly what: CopyWhat; readonly node?: number; readonly text?: string }
  | TableOrderMessage
  | CompareOrder
  | IdentityOrder
  | { readonly type: 'resend' }
  | { readonly type: 'cancel' }
  | { readonly type: 'open-in-editor'; readonly view: 'text' | 'raw' }
  | { readonly type: 'save-body' }
  | { readonly type: 'save-har' }
  | { readonly type: 'copy-as-curl' }
  | {
      readonly type: 'trust-certificate';
      readonly choice: 'pin' | 'any' | 'ca-file' | 'show' | 'revoke';
      /** To revoke: of one of the exceptions on screen. */
      readonly origin?: string;
    }
  | { readonly type: 'show-credential' }
  | { readonly type: 'sign-in'; readonly scope?: string }
  /** For the request on screen; the address is the extension’s own. */
  | { readonly type: 'set-up-sign-in' }
  /** The tab Security was opened by the person. */
  | { readonly type: 'security-seen' }
  | { readonly type: 'send-as' }
  | { readonly type: 'open-request-line'; readonly line?: number }
  | { readonly type: 'open-settings'; readonly key: string }
  | { readonly type: 'open-external'; readonly url: string }
  | { readonly type: 'error-action' }
  | { readonly type: 'pin'; readonly pinned: boolean };

const list = oneOf('body', 'filter');
const textView = oneOf('text', 'raw');
const width: Check = (value) => isCount(value) && (value as number) >= 4 && (value as number) <= 20_000;

const asks: Readonly<Record<BodyAsk['kind'], Fields>> = {
  'tree-rows': { list, from: isCount, to: isCount },
  'tree-toggle': { list, row: isCount, open: isFlag, how: oneOf('one', 'level', 'all') },
  lines: { view: textView, from: isCount, to: isCount, width },
  hex: { from: isCount, to: isCount, width: (value) => value === 8 || value === 16 },
  image: {},
  preview: {},
  find: { view: oneOf('tree', 'text', 'raw'), text: isText, caseSensitive: isFlag, word: isFlag, regex: isFlag },
  'find-go': { n: isCount, width },
  filter: { path: isText },
  reveal: { node: isNode },
  path: { node: isNode },
  'whole-value': { node: isNode },
  token: { node: isNode },
  ...tableAsks,
  ...compareAsks,
};

const fromPanel: Readonly<Record<FromPanel['type'], Fields>> = {
  ready: {},
  ask: { id: isCount, runId: isText, ask: (value) => fits(value, 'kind', asks) },
  copy: {
    what: oneOf('value', 'path', 'pointer', 'jq', 'javascript', 'body', 'trace', 'headers', 'text'),
    node: optional(isNode),
    text: optional(isText),
  },
  ...tableOrders,
  ...compareOrders,
  ...identityOrders,
  resend: {},
  cancel: {},
  'open-in-editor': { view: textView },
  'save-body': {},
  'save-har': {},
  'copy-as-curl': {},
  'trust-certificate': { choice: oneOf('pin', 'any', 'ca-file', 'show', 'revoke'), origin: optional(isText) },
  'show-credential': {},
  'sign-in': { scope: optional(isText) },
  'set-up-sign-in': {},
  'security-seen': {},
  'send-as': {},
  'open-request-line': { line: optional(isCount) },
  'open-settings': { key: (value) => isText(value) && /^countersign\.[\w.]+$/.test(value as string) },
  'open-external': { url: isHttpUrl },
  'error-action': {},
  pin: { pinned: isFlag },
};

const isRun: Check = (value) =>
  isObject(value) && isText(value['runId']) && isText(value['title']) && isText(value['method']);

const toPanel: Readonly<Record<ToPanel['type'], Fields>> = {
  settings: { settings: isObject, pinned: isFlag },
  idle: {},
  restored: { facts: isRestored },
  start: { run: isRun },
  steps: { runId: isText, steps: Array.isArray },
  head: { runId: isText, head: isObject },
  progress: { runId: isText, bytes: isCount, encodedBytes: isCount },
  finish: { model: (value) => isRun(value) && isObject((value as Record<string, unknown>)['body']) },
  'show-tab': { tab: isText },
  pinned: { pinned: isFlag },
  say: { sentence: isText },
  compare: { comparison: (value) => isObject(value) && isText(value['runId']) && isCount(value['total']) },
  identities: { matrix: (value) => isObject(value) && Array.isArray(value['rows']) && isCount(value['current']) },
  answer: { id: isCount, answer: (value) => isObject(value) && isText(value['kind']) },
};

/** The message, or undefined when its shape is not one we know. */
export function toFromPanel(value: unknown): FromPanel | undefined {
  return fits(value, 'type', fromPanel) ? (value as FromPanel) : undefined;
}

export function toToPanel(value: unknown): ToPanel | undefined {
  return fits(value, 'type', toPanel) ? (value as ToPanel) : undefined;
}

/** State that a webview kept over a reload; it may come from an older version. */
export function isRestored(value: unknown): value is RestoredFacts {
  if (!isObject(value)) return false;
  const words = ['title', 'method', 'target', 'host', 'status', 'family', 'runId'];
  return (
    words.every((word) => isText(value[word])) &&
    typeof value['at'] === 'number' &&
    isCount(value['line']) &&
    optional(isText)(value['path'])
  );
}
