/**
 * Answers what a panel asks about a body, with every live secret hidden: the only way from a spooled body to a
 * webview. Rows come from the reader, bytes from the spool. It keeps no text. Source: design.md E4, E5, E10.1.
 */
import type { SpooledBody } from '../../http/types.ts';
import type {
  BodyAnswer,
  BodyAsk,
  CopyWhat,
  HexRowView,
  TableOrderMessage,
  TreeRowView,
} from '../../webview/protocol.ts';
import type { JsonComparison } from '../../response/compare/compare-json.ts';
import { tokenJson } from '../../response/decoders/jwt.ts';
import { BodyReader } from '../../response/body-reader.ts';
import {
  BodyDocument,
  contextBytes,
  type DocumentKind,
  type FindScope,
  type RawRow,
  type TextView,
} from '../../response/json-index/body-document.ts';
import type { PreviewMember } from '../../response/json-index/read-value.ts';
import type { BodyModel, Piece, Shown } from '../../response/model.ts';
import {
  countHidden,
  cutShown,
  maskedText,
  sliceShown,
  shownText,
  type FindSecrets,
} from '../../response/shown-text.ts';
import { TableAnswers } from './table-answers.ts';

const shownCharacters = 400;
const wholeValueLimit = 1024 * 1024;
const tokenLimit = 64 * 1024;
export const imageLimit = 32 * 1024 * 1024;
/** A page is handed over as a whole, unlike everything else. */
const previewLimit = 2 * 1024 * 1024;
/** Bodies that are compared value by value. */
const comparedLimit = 32 * 1024 * 1024;
/** Text that is copied or opened in an editor as a whole. */
export const textLimit = 50 * 1024 * 1024;

export interface BodyViewOptions {
  readonly body: SpooledBody;
  readonly model: BodyModel;
  readonly skip: number;
  readonly findSecrets: FindSecrets;
  readonly workerUrl: URL;
}

export class BodyView {
  readonly #options: BodyViewOptions;
  readonly #reader: BodyReader;
  readonly #isJson: boolean;
  readonly #hasTree: boolean;
  readonly #tables: TableAnswers;
  #faultKnown: Promise<BodyAnswer | undefined> | undefined;

  constructor(options: BodyViewOptions) {
    this.#options = options;
    const { kind } = options.model;
    this.#isJson = kind === 'json' || kind === 'ndjson';
    this.#hasTree = options.model.views.includes('tree');
    const documentKind = toDocumentKind(options.model);
    const { body, skip, workerUrl } = options;
    this.#reader = new BodyReader({ body, kind: documentKind, charset: options.model.charset, skip, workerUrl });
    this.#tables = new TableAnswers(this.#reader, options.findSecrets);
  }

  dispose(): void {
    this.#reader.dispose();
  }

  async ask(ask: BodyAsk): Promise<BodyAnswer> {
    switch (ask.kind) {
      case 'tree-rows':
        return (await this.#fault()) ?? this.#treeRows(ask.list, ask.from, clampedEnd(ask));
      case 'tree-toggle': {
        const fault = await this.#fault();
        return (
          fault ?? { kind: 'toggled', ...(await this.#reader.call('toggle', ask.list, ask.row, ask.open, ask.how)) }
        );
      }
      case 'lines':
        return this.#lines(ask.view, ask.from, clampedEnd(ask), ask.width);
      case 'hex':
        return this.#hex(ask.from, clampedEnd(ask), ask.width);
      case 'image':
        return this.#image();
      case 'preview': {
        const { body } = this.#options;
        const text = body.bytes > previewLimit ? undefined : await this.wholeText('raw');
        if (text === undefined) return { kind: 'refused', message: 'A page is shown up to 2 MB. Look at its text.' };
        return { kind: 'preview', text };
      }
      case 'find':
        return this.#find(ask);
      case 'find-go':
        return { kind: 'at', ...(await this.#reader.call('goToMatch', ask.n, ask.width)) };
      case 'reveal':
        return (await this.#fault()) ?? { kind: 'at', ...(await this.#reader.call('reveal', Math.max(0, ask.node))) };
      case 'filter':
        return (await this.#fault()) ?? this.#filter(ask.path);
      case 'path': {
        const path = await this.#reader.call('path', ask.node, 'jsonpath');
        return { kind: 'path', path: maskedText(path, this.#options.findSecrets) };
      }
      case 'table':
      case 'table-rows':
      case 'table-sort':
      case 'table-cell':
        return (this.#hasTree ? await this.#fault() : undefined) ?? this.#tables.ask(ask, this.#hasTree);
      case 'differences':
        return { kind: 'refused', message: 'A body alone has no differences.' };
      case 'token':
        return (await this.#fault()) ?? this.#token(ask.node);
      case 'whole-value': {
        const text = await this.#reader.call('value', ask.node, wholeValueLimit);
        if (text === undefined)
          return { kind: 'refused', message: 'This value is longer than 1 MB. Save the body to read it.' };
        return { kind: 'value', text: shownText(text, this.#options.findSecrets) };
      }
    }
  }

  /** What differs from an earlier body, value by value; a sentence where that cannot be told. */
  async compareWith(earlier: BodyView, ignored: readonly string[], limit: number): Promise<JsonComparison | string> {
    if (Math.max(earlier.#options.body.bytes, this.#options.body.bytes) > comparedLimit)
      return 'Values are compared up to 32 MB. Open the bodies as text to see where they differ.';
    const bytes = await earlier.#options.body.bytesUpTo(comparedLimit);
    const own = await this.#options.body.bytesUpTo(comparedLimit);
    if (Buffer.compare(bytes, own) === 0) return { differences: [], more: false };
    if (!this.#isJson || !earlier.#isJson)
      return 'The bodies differ. They are no JSON: open them as text to see where.';
    const utf8 = (view: BodyView): boolean => view.#options.model.charset === 'utf-8';
    if (!utf8(this) || !utf8(earlier)) return 'The bodies differ. Values are compared in UTF-8 only.';
    const { model, skip } = earlier.#options;
    const plainBytes = Uint8Array.from(bytes);
    const compared = await this.#reader.compare(
      { bytes: plainBytes, skip, sequence: model.kind === 'ndjson' },
      ignored,
      limit,
    );
    return compared ?? 'The bodies differ. One of them is not valid JSON: open them as text to see where.';
  }

  /** One value of a table, or with no cell the rows of the part as comma-separated values; undefined when too long. */
  copyTable({ part, cell }: TableOrderMessage): Promise<string | undefined> {
    return cell ? this.#tables.copyCell(part.node, cell.row, cell.column) : this.#tables.copyCsv(part, textLimit);
  }

  /** Text for the clipboard, secrets as dots; undefined when it is too long for one. */
  async copyText(what: CopyWhat, node: number): Promise<string | undefined> {
    const { findSecrets } = this.#options;
    let text: string | undefined;
    if (what === 'value') text = await this.#reader.call('value', node, textLimit);
    else if (what === 'path') text = await this.#reader.call('path', node, 'jsonpath');
    else if (what === 'pointer' || what === 'jq' || what === 'javascript')
      text = await this.#reader.call('path', node, what);
    else text = await this.#reader.call('wholeText', 'raw', textLimit);
    return text === undefined ? undefined : maskedText(text, findSecrets);
  }

  /** The text of a view as a whole, secrets as dots; undefined above 50 MB. */
  async wholeText(view: TextView): Promise<string | undefined> {
    const text = await this.#reader.call('wholeText', view, textLimit);
    return text === undefined ? undefined : maskedText(text, this.#options.findSecrets);
  }

  #fault(): Promise<BodyAnswer | undefined> {
    if (!this.#hasTree) return Promise.resolve({ kind: 'refused', message: 'This body has no tree.' });
    this.#faultKnown ??= this.#findFault();
    return this.#faultKnown;
  }

  async #findFault(): Promise<BodyAnswer | undefined> {
    if (this.#options.model.kind === 'jwt' && (await this.#holdsSecret())) {
      const why = 'This token is a secret of yours, so it is not laid open.';
      return { kind: 'fault', line: 1, column: 1, expected: '', name: '', why };
    }
    const fault = await this.#reader.call('fault');
    return fault ? { kind: 'fault', ...fault } : undefined;
  }

  async #holdsSecret(): Promise<boolean> {
    const text = await this.#reader.call('wholeText', 'raw', wholeValueLimit);
    return text === undefined || this.#options.findSecrets(text).length > 0;
  }

  /** A token in a value, laid open; never one that is a live secret. */
  async #token(node: number): Promise<BodyAnswer> {
    const { findSecrets } = this.#options;
    const text = (await this.#reader.call('value', node, tokenLimit)) ?? '';
    const json = findSecrets(text).length > 0 ? undefined : tokenJson(text);
    const document = json === undefined ? undefined : new BodyDocument(new TextEncoder().encode(json), 0, 'json');
    const laidOut = document?.wholeText('text', wholeValueLimit);
    if (laidOut === undefined) return { kind: 'refused', message: 'This value is no token that can be laid open.' };
    return { kind: 'value', text: shownText(laidOut, findSecrets) };
  }

  async #treeRows(list: 'body' | 'filter', from: number, to: number): Promise<BodyAnswer> {
    const { total, rows } = await this.#reader.call('rows', list, from, to);
    const shown = rows.map((row, i) => this.#treeRow(row, from + i));
    const hidden = shown.reduce((sum, row) => sum + countHidden(row.value ?? [], row.key ?? [], row.preview ?? []), 0);
    return { kind: 'tree-rows', total, rows: shown, hidden };
  }

  #treeRow(row: RawRow, number: number): TreeRowView {
    const find = this.#options.findSecrets;
    // A filter's results are a list: their own names are in the path beside them.
    const named = row.key !== undefined && row.path === undefined;
    const base: TreeRowView = {
      row: number,
      node: row.node,
      level: row.level,
      position: row.position,
      siblings: row.siblings,
      parentRow: row.parentRow,
      kind: row.range === undefined ? row.kind : 'range',
      container: row.container,
      open: row.open,
      ...(named ? { key: cutShown(row.key, find, shownCharacters).shown } : {}),
      ...(!named && row.level > 1 ? { ordinal: row.ordinal } : {}),
      ...(row.count === undefined ? {} : { count: row.count }),
      ...(row.from === undefined || row.to === undefined ? {} : { from: row.from, to: row.to }),
      ...(row.path === undefined ? {} : { path: maskedText(row.path, find) }),
      ...(row.preview && row.preview.length > 0 ? { preview: previewShown(row.preview, find) } : {}),
    };
    if (row.value === undefined) return base;
    const { shown, cut } = cutShown(row.value, find, shownCharacters);
    const whole = !cut && row.valueCut !== true;
    const isToken =
      row.kind === 'string' &&
      find(row.value).length === 0 &&
      /^ey[\w-]+\.[\w-]*\.[\w-]*(?:\.[\w-]*\.[\w-]*)?$/.test(row.value);
    const isUrl = whole && row.kind === 'string' && shown.length === 1 && /^https?:\/\/[^\s]+$/i.test(row.value);
    return {
      ...base,
      value: shown,
      ...(whole ? {} : { cutBytes: row.valueBytes ?? 0 }),
      ...(isUrl ? { url: row.value } : {}),
      ...(isToken ? { token: true } : {}),
    };
  }

  async #lines(view: TextView, from: number, to: number, width: number): Promise<BodyAnswer> {
    const { total, text, rows, asReceived } = await this.#reader.call('lines', view, from, to, width);
    const secrets = this.#options.findSecrets(text);
    const shown = rows.map((row) => ({ line: row.line, text: sliceShown(text, secrets, row.from, row.to) }));
    return { kind: 'lines', total, rows: shown, asReceived, hidden: countHidden(...shown.map((row) => row.text)) };
  }

  async #hex(from: number, to: number, width: number): Promise<BodyAnswer> {
    const { body, findSecrets } = this.#options;
    const total = Math.ceil(body.bytes / width);
    const start = Math.min(from * width, body.bytes);
    const end = Math.min(to * width, body.bytes);
    const before = Math.max(0, start - contextBytes);
    const bytes = await body.read(before, Math.min(body.bytes, end + contextBytes));
    const masked = maskedBytes(bytes, findSecrets);
    const rows: HexRowView[] = [];
    for (let at = start; at < end; at += width) {
      rows.push(hexRow(bytes, masked, at, before, Math.min(at + width, end)));
    }
    return { kind: 'hex', total, rows };
  }

  async #image(): Promise<BodyAnswer> {
    const { body, model, findSecrets } = this.#options;
    if (body.bytes > imageLimit)
      return { kind: 'refused', message: 'This image is larger than 32 MB. Save the body to look at it.' };
    const bytes = await body.bytesUpTo(imageLimit);
    if (findSecrets(latin1(bytes)).length > 0) {
      return { kind: 'refused', message: 'This image holds a secret of yours, so it is not drawn.' };
    }
    return { kind: 'image', bytes: Uint8Array.from(bytes).buffer, mediaType: model.mediaType };
  }

  async #find(ask: Extract<BodyAsk, { kind: 'find' }>): Promise<BodyAnswer> {
    const scope: FindScope = ask.view;
    if (scope === 'tree') {
      const fault = await this.#fault();
      if (fault) return fault;
    }
    const outcome = await this.#reader.find(ask, scope);
    if (!outcome.ok) return { kind: 'refused', message: outcome.message };
    return { kind: 'found', count: outcome.offsets.length, more: outcome.more };
  }

  async #filter(path: string): Promise<BodyAnswer> {
    const outcome = await this.#reader.filter(path);
    if (!outcome.ok) return { kind: 'refused', message: outcome.message };
    return { kind: 'found', count: outcome.nodes.length, more: false };
  }
}

function clampedEnd(ask: { readonly from: number; readonly to: number }): number {
  return Math.max(ask.from, Math.min(ask.to, ask.from + 1000));
}

function toDocumentKind({ kind, mediaType }: BodyModel): DocumentKind {
  if (kind === 'csv') return mediaType === 'text/tab-separated-values' ? 'tsv' : 'csv';
  return kind === 'empty' || kind === 'html' || kind === 'image' || kind === 'pdf' || kind === 'binary' ? 'text' : kind;
}

function previewShown(members: readonly PreviewMember[], find: FindSecrets): Shown {
  const pieces: Piece[] = [];
  for (const [i, { key, kind, text }] of members.entries()) {
    pieces.push(i === 0 ? '' : ', ');
    if (key !== undefined) pieces.push(...cutShown(key, find, 40).shown, ' ');
    const { shown, cut } = cutShown(text, find, 60);
    const mark = kind === 'string' ? '"' : '';
    pieces.push(mark, ...shown, cut ? `…${mark}` : mark);
  }
  return joined(pieces);
}

function joined(pieces: readonly Piece[]): Shown {
  const out: Piece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') out[out.length - 1] = last + piece;
    else if (piece !== '') out.push(piece);
  }
  return out;
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}

function maskedBytes(bytes: Uint8Array, find: FindSecrets): (offset: number) => boolean {
  // Windows-1252 and Latin-1 give one character a byte, so places in the text are places in the bytes.
  const spans = find(latin1(bytes));
  return (offset) => spans.some((span) => offset >= span.start && offset < span.end);
}

function hexRow(
  bytes: Uint8Array,
  masked: (offset: number) => boolean,
  from: number,
  base: number,
  to: number,
): HexRowView {
  const digits: string[] = [];
  let text = '';
  for (let at = from; at < to; at++) {
    const byte = bytes[at - base] as number;
    const secret = masked(at - base);
    digits.push(secret ? '••' : byte.toString(16).padStart(2, '0'));
    text += secret ? '•' : byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
  }
  return { offset: from, bytes: digits, text };
}
