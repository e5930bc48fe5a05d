/**
 * The one place that knows every live secret and its encodings, and takes them out of anything shown, logged, stored or
 * exported. Secrets shorter than four characters are not searched for: they are masked only where they are placed.
 * It holds what was registered until it is dropped with its process, since old tokens still stand in history.
 */
import { Buffer } from 'node:buffer';
import { toSpellings } from './encodings.ts';
import { NeedleIndex, type Hit } from './needle-index.ts';
import { Secret } from './secret.ts';

/** Text without secrets; `secrets` says where the dots stand and for what (design.md E10.1). Offsets are UTF-16. */
export interface RedactedText {
  readonly text: string;
  readonly secrets: readonly { readonly start: number; readonly end: number; readonly label: string }[];
}

export interface RedactingStream {
  /** Text that can be shown now; what may be the beginning of a secret is kept back. */
  push(chunk: string): string;
  /** The rest. */
  end(): string;
}

export interface RedactingByteStream {
  push(chunk: Uint8Array): Uint8Array;
  end(): Uint8Array;
}

export const dots = '••••';

export class Redactor {
  readonly #index = new NeedleIndex();
  readonly #values = new Set<string>();

  /** Makes a secret known. Cheap when it is known already. */
  register(secret: Secret): void {
    const value = secret.reveal();
    if (this.#values.has(value)) return;
    this.#values.add(value);
    for (const text of toSpellings(value)) this.#index.add(text, secret.label);
  }

  /** Makes `name:secret`, as HTTP Basic sends it, known in its raw and its form-encoded spelling (RFC 7617, RFC 6749 §2.3.1). */
  registerPair(name: string, secret: Secret): void {
    this.register(secret);
    if (secret.isEmpty) return;
    const form = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);
    for (const pair of [`${name}:${secret.reveal()}`, `${form(name)}:${form(secret.reveal())}`]) {
      this.register(new Secret(Buffer.from(pair, 'utf8').toString('base64'), secret.label));
      this.register(new Secret(Buffer.from(pair, 'latin1').toString('base64'), secret.label));
    }
  }

  /** Whether the text holds a known secret. */
  holdsSecret(text: string): boolean {
    return this.#index.find(text).length > 0;
  }

  /** `Bearer •••• orders access token`. */
  redact(text: string): string {
    return toPieces(text, merge(this.#index.find(text)))
      .map((piece) => (piece.label === undefined ? piece.text : `${dots} ${piece.label}`))
      .join('');
  }

  /** Where known secrets stand in a text, in order and without overlap; offsets are the text's own. */
  findSpans(text: string): readonly { readonly start: number; readonly end: number; readonly label: string }[] {
    return merge(this.#index.find(text));
  }

  /** As `redact`, with the places of the dots, for chips. The label is in the span, not in the text. */
  redactTracked(text: string): RedactedText {
    const secrets: { start: number; end: number; label: string }[] = [];
    let out = '';
    let from = 0;
    for (const hit of merge(this.#index.find(text))) {
      out += text.slice(from, hit.start);
      secrets.push({ start: out.length, end: out.length + dots.length, label: hit.label });
      out += dots;
      from = hit.end;
    }
    return { text: out + text.slice(from), secrets };
  }

  /** A copy of JSON-like data with every string and key redacted. */
  redactData<T>(data: T): T {
    if (typeof data === 'string') return this.redact(data) as T;
    if (data instanceof Secret) return dots as T;
    if (Array.isArray(data)) return data.map((item: unknown) => this.redactData(item)) as T;
    if (typeof data !== 'object' || data === null) return data;
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => [this.redact(key), this.redactData(value)]),
    ) as T;
  }

  /** For text that comes in pieces: a secret across a border is found all the same. */
  createStream(): RedactingStream {
    const take = this.#createPieces();
    const toText = (pieces: readonly Piece[]): string =>
      pieces.map((piece) => (piece.label === undefined ? piece.text : `${dots} ${piece.label}`)).join('');
    return { push: (chunk) => toText(take(chunk, false)), end: () => toText(take('', true)) };
  }

  /** The same for bytes of any charset that contains ASCII; bytes that are no secret pass unchanged, dots are UTF-8. */
  createByteStream(): RedactingByteStream {
    const take = this.#createPieces();
    const toBytes = (pieces: readonly Piece[]): Uint8Array =>
      Buffer.concat(
        pieces.map((piece) =>
          piece.label === undefined ? Buffer.from(piece.text, 'latin1') : Buffer.from(`${dots} ${piece.label}`, 'utf8'),
        ),
      );
    return {
      push: (chunk) =>
        toBytes(take(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1'), false)),
      end: () => toBytes(take('', true)),
    };
  }

  /** `maskedUntil` is how much of the kept text belongs to a secret whose dots were given out already. */
  #createPieces(): (chunk: string, final: boolean) => Piece[] {
    let buffer = '';
    let maskedUntil = 0;
    return (chunk, final) => {
      buffer += chunk;
      const cut = final ? buffer.length : this.#index.openFrom(buffer);
      const hits = this.#index.find(buffer);
      if (maskedUntil > 0) hits.push({ start: 0, end: maskedUntil, label: '' });
      const spans = merge(hits).filter((hit) => hit.start < cut);
      const pieces = toPieces(buffer.slice(0, cut), spans);
      if (maskedUntil > 0 && spans.length > 0) pieces.shift();
      if (cut > 0 || spans.length > 0) maskedUntil = Math.max(0, (spans.at(-1)?.end ?? 0) - cut);
      buffer = buffer.slice(cut);
      return pieces;
    };
  }
}

interface Piece {
  readonly text: string;
  /** Set when dots stand here instead of text. */
  readonly label?: string;
}

/** Overlapping hits become one, named after the longest; touching ones stay apart. Sorted by start. */
function merge(hits: Hit[]): Hit[] {
  hits.sort((a, b) => a.start - b.start || b.end - a.end);
  const merged: Hit[] = [];
  for (const hit of hits) {
    const last = merged.at(-1);
    if (!last || hit.start >= last.end) {
      merged.push(hit);
    } else if (hit.end > last.end || last.label === '') {
      const longer = hit.end - hit.start > last.end - last.start || last.label === '' ? hit.label : last.label;
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, hit.end), label: longer };
    }
  }
  return merged;
}

function toPieces(text: string, hits: readonly Hit[]): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const hit of hits) {
    if (hit.start > from) pieces.push({ text: text.slice(from, hit.start) });
    pieces.push({ text: '', label: hit.label });
    from = hit.end;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}
