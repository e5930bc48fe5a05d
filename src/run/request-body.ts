/**
 * The body of a request, from its parts to bytes: variables resolved, files read, form and multipart repaired,
 * GraphQL wrapped. It decides nothing about headers but reports the content type it implies.
 * Source: dialects.md §6.
 */
import { CountersignError, type Place } from '../errors/countersign-error.ts';
import type { OutgoingBody } from '../http/types.ts';
import type { BodyNode, BodyPart, Template } from '../language/types.ts';
import { concat, plain, type SecretSpan, type Tracked } from '../variables/tracked.ts';
import { resolveBodyFile, type BodyFileScope } from './body-file.ts';
import { textOfFile } from './body-variables.ts';
import { toFormBody, toFormBodyAlways, type FormEncoding } from './form-encoding.ts';
import { boundaryOf, missingEnd, toCrlf } from './multipart.ts';

export interface ResolvedBody {
  readonly body: OutgoingBody;
  /** The first 64 KiB for show, dots for secrets. */
  readonly shown: Tracked;
  readonly contentType?: string;
  /** The first 64 KiB as they will be sent, to look for secrets in; never shown. */
  readonly beginning: string;
  /** Every secret value that stands in it, for the redactor. */
  readonly secrets: readonly { readonly value: string; readonly label: string }[];
}

export interface BodyContext {
  readonly scope: BodyFileScope;
  readonly contentType: string | undefined;
  /** `# @no-auto-encoding`. */
  readonly autoEncoding: boolean;
  /** How form bodies are encoded where the request does not say otherwise; `automatic` when absent. */
  readonly formEncoding?: FormEncoding;
  /** Variables are filled into files named with `<` too (B1). */
  readonly fillsFiles?: boolean;
  readonly graphql: ((text: string) => string) | undefined;
  resolve(template: Template): Promise<Tracked>;
  placeOf(part: BodyPart): Place;
}

interface Chunk {
  readonly bytes: Uint8Array;
  readonly tracked?: Tracked;
}

const shownLimit = 64 * 1024;
const encoder = new TextEncoder();

/** @throws CountersignError of variables, `CS-FILE-*` */
export async function resolveBody(node: BodyNode, context: BodyContext): Promise<ResolvedBody> {
  const boundary = boundaryOf(context.contentType ?? '');
  const chunks: Chunk[] = [];
  for (const part of node.parts) chunks.push(await resolvePart(part, node, boundary !== undefined, context));
  if (context.graphql) chunks.splice(0, chunks.length, graphqlChunk(chunks, context.graphql));
  if (boundary !== undefined) {
    const last = chunks.at(-1);
    const end = missingEnd(last?.tracked?.text ?? '', boundary);
    if (end !== '') chunks.push(textChunk(plain(end)));
  } else if (/ndjson|x-jsonlines|json-seq/i.test(context.contentType ?? '')) {
    if (!chunks.at(-1)?.tracked?.text.endsWith('\n')) chunks.push(textChunk(plain('\n')));
  }
  const encoding = encodingOf(context.contentType);
  const bytes = chunks.map((chunk) =>
    chunk.tracked && encoding ? Buffer.from(chunk.tracked.text, encoding) : chunk.bytes,
  );
  const length = bytes.reduce((sum, each) => sum + each.byteLength, 0);
  return {
    body: {
      length,
      replayable: true,
      open: () => streamOf(bytes),
    },
    shown: shownOf(chunks),
    beginning: beginningOf(bytes),
    ...(context.graphql === undefined ? {} : { contentType: 'application/json' }),
    secrets: chunks.flatMap((chunk) =>
      (chunk.tracked?.secrets ?? []).map((span) => ({
        value: (chunk.tracked as Tracked).text.slice(span.start, span.end),
        label: span.label,
      })),
    ),
  };
}

async function resolvePart(part: BodyPart, node: BodyNode, multipart: boolean, context: BodyContext): Promise<Chunk> {
  if (part.kind === 'text') {
    let text = await context.resolve(part.text);
    if (node.kind === 'form' && context.autoEncoding && context.formEncoding !== 'never') {
      text = mapText(text, context.formEncoding === 'always' ? toFormBodyAlways : toFormBody);
    }
    if (multipart) text = mapText(text, toCrlf);
    return textChunk(text);
  }
  const place = context.placeOf(part);
  const written = (await context.resolve(part.path)).text;
  const path = await resolveBodyFile(written, context.scope, place);
  const bytes = await readFile(path, context.scope, place);
  const encoding = part.encoding && Buffer.isEncoding(part.encoding) ? part.encoding : 'utf8';
  const filled = part.variables ? Buffer.from(bytes).toString(encoding) : undefined;
  const text = filled ?? (context.fillsFiles ? textOfFile(bytes) : undefined);
  if (text === undefined) return { bytes };
  const template: Template = { text, pieces: [], span: part.span };
  return textChunk(await context.resolve(template));
}

/** The document may come from files and the variables stand below it, so all parts make one request. */
function graphqlChunk(chunks: readonly Chunk[], graphql: (text: string) => string): Chunk {
  const whole = concat(chunks.map(({ tracked, bytes }) => tracked ?? plain(Buffer.from(bytes).toString('utf8'))));
  return textChunk(mapText(whole, graphql));
}

async function readFile(path: string, scope: BodyFileScope, place: Place): Promise<Uint8Array> {
  try {
    return await scope.files.readBytes(path);
  } catch (cause) {
    throw new CountersignError('CS-FILE-UNREADABLE', `The file ${path} cannot be read.`, { place, cause });
  }
}

function textChunk(tracked: Tracked): Chunk {
  return { bytes: encoder.encode(tracked.text), tracked };
}

/**
 * Applies a change of notation to text with secrets: between the secrets as a whole where nothing is secret, piece
 * by piece otherwise, so that every span still covers the secret in its new notation.
 */
function mapText(value: Tracked, change: (text: string) => string): Tracked {
  if (value.secrets.length === 0) return plain(change(value.text));
  if (change === toFormBody || change === toFormBodyAlways || change === toCrlf) {
    const parts: Tracked[] = [];
    let from = 0;
    for (const span of value.secrets) {
      parts.push(plain(change(value.text.slice(from, span.start))));
      const inner = change(value.text.slice(span.start, span.end));
      parts.push({ text: inner, secrets: [{ start: 0, end: inner.length, label: span.label }] });
      from = span.end;
    }
    parts.push(plain(change(value.text.slice(from))));
    return concat(parts);
  }
  return relocate(value, change(value.text));
}

/** Finds each secret again in text that was wrapped as JSON. */
function relocate(before: Tracked, after: string): Tracked {
  const secrets: SecretSpan[] = [];
  for (const span of before.secrets) {
    const value = JSON.stringify(before.text.slice(span.start, span.end)).slice(1, -1);
    for (let at = after.indexOf(value); value !== '' && at !== -1; at = after.indexOf(value, at + value.length)) {
      secrets.push({ start: at, end: at + value.length, label: span.label });
    }
  }
  secrets.sort((a, b) => a.start - b.start);
  const separate = secrets.filter((span, index) => index === 0 || span.start >= (secrets[index - 1] as SecretSpan).end);
  return { text: after, secrets: separate };
}

function beginningOf(chunks: readonly Uint8Array[]): string {
  let text = '';
  for (const chunk of chunks) {
    if (text.length >= shownLimit) break;
    text += Buffer.from(chunk.buffer, chunk.byteOffset, Math.min(chunk.byteLength, shownLimit)).toString('utf8');
  }
  return text;
}

function shownOf(chunks: readonly Chunk[]): Tracked {
  const parts: Tracked[] = [];
  let size = 0;
  for (const chunk of chunks) {
    if (size > shownLimit) break;
    const part = chunk.tracked ? maskSpans(chunk.tracked) : plain(`‹${chunk.bytes.byteLength} bytes of a file›`);
    size += part.text.length;
    parts.push(part);
  }
  return clip(concat(parts), shownLimit);
}

/** The same text with dots at every secret, the spans moved to the dots. */
export function maskSpans(value: Tracked): Tracked {
  if (value.secrets.length === 0) return value;
  const parts: Tracked[] = [];
  let from = 0;
  for (const span of value.secrets) {
    parts.push(plain(value.text.slice(from, span.start)));
    parts.push({ text: '••••', secrets: [{ start: 0, end: 4, label: span.label }] });
    from = span.end;
  }
  parts.push(plain(value.text.slice(from)));
  return concat(parts);
}

function clip(value: Tracked, limit: number): Tracked {
  if (value.text.length <= limit) return value;
  return {
    text: `${value.text.slice(0, limit)}…`,
    secrets: value.secrets.filter((span) => span.end <= limit),
  };
}

function encodingOf(contentType: string | undefined): BufferEncoding | undefined {
  const charset = /;\s*charset\s*=\s*"?([\w-]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase();
  if (charset === 'iso-8859-1' || charset === 'latin1') return 'latin1';
  if (charset === 'utf-16le') return 'utf16le';
  return undefined;
}

async function* streamOf(chunks: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* chunks;
}
