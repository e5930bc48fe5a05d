/**
 * Which body this is and which views it has: media type, charset, renderer, and the reason where a view is not to
 * be had. It reads the first bytes only. Source: design.md E4.2, E6.2.
 */
import type { Exchange, HeaderPair, SpooledBody } from '../../http/types.ts';
import { documentLimit } from '../../response/body-reader.ts';
import { decoderFor } from '../../response/decoders/registry.ts';
import {
  detectCharset,
  looksLikeText,
  parseMediaType,
  sniffMediaType,
  type Charset,
  type MediaType,
} from '../../response/media-type.ts';
import type { BodyModel, ViewId } from '../../response/model.ts';
import { isProblem, problemLimit, toProblemDetails, type ProblemDetails } from '../../response/problem-details.ts';
import { rendererFor } from '../../response/renderers/registry.ts';

const headBytes = 4096;
const asBytes: Charset = { label: 'utf-8', skip: 0 };
const transcodeLimit = 64 * 1024 * 1024;

export interface BodyFacts {
  readonly model: BodyModel;
  /** Bytes of a byte-order mark. */
  readonly skip: number;
  /** As received: whoever shows it hides secrets. */
  readonly problem?: ProblemDetails;
}

export const noBody: BodyModel = {
  kind: 'empty',
  mediaType: '',
  bytes: 0,
  encodedBytes: 0,
  charset: 'utf-8',
  views: [],
  view: 'raw',
  disabled: [],
  onDisk: false,
  complete: true,
};

export async function loadBodyModel(exchange: Exchange, method: string): Promise<BodyFacts> {
  const { body, response } = exchange;
  const head = await body.read(0, Math.min(headBytes, body.bytes));
  const type = parseMediaType(headerOf(response.headers, 'content-type'));
  const sniffed = sniffMediaType(head);
  const facts = { type, sniffed, looksLikeText: looksLikeText(head), bytes: body.bytes, head };
  const { kind, views } = rendererFor(facts);
  const { label, skip, unknown } = decoderFor(kind)?.binary === true ? asBytes : detectCharset(type, head);
  const disabled = disabledViews(views, body.bytes, label);
  const offered = views.filter((view) => !disabled.some((other) => other.view === view));
  const encoding = headerOf(response.headers, 'content-encoding');
  const shownType =
    kind === 'image' && sniffed !== undefined && !type.essence.startsWith('image/') ? sniffed : type.essence;
  const named = headerOf(response.headers, 'content-type') !== undefined;
  const problem = await loadProblem(type, body, skip);
  return {
    skip,
    ...(problem ? { problem } : {}),
    model: {
      kind,
      mediaType: shownType,
      bytes: body.bytes,
      encodedBytes: body.encodedBytes,
      ...(encoding === undefined || encoding === 'identity' ? {} : { encoding: encoding.slice(0, 40) }),
      charset: label,
      ...(unknown === undefined || kind === 'image' || kind === 'binary' ? {} : { unknownCharset: unknown }),
      views,
      view: offered[0] ?? 'hex',
      disabled,
      onDisk: body.file !== undefined,
      complete: body.complete && exchange.bodyError === undefined,
      ...(sniffed !== undefined && (!named || type.essence !== sniffed) ? { sniffed } : {}),
      ...(body.bytes === 0 ? { empty: emptyWords(exchange, method) } : {}),
    },
  };
}

async function loadProblem(type: MediaType, body: SpooledBody, skip: number): Promise<ProblemDetails | undefined> {
  if (!isProblem(type) || body.bytes === 0 || body.bytes > problemLimit) return undefined;
  return toProblemDetails(new TextDecoder().decode(await body.read(skip, body.bytes)));
}

function disabledViews(views: readonly ViewId[], bytes: number, charset: string): BodyModel['disabled'] {
  const textual = views.filter((view) => view !== 'hex' && view !== 'image');
  if (charset !== 'utf-8' && bytes > transcodeLimit) {
    return textual.map((view) => ({
      view,
      reason: `Text in ${charset} is shown up to 64 MB. Save the body to read it.`,
    }));
  }
  if (bytes > documentLimit) {
    return textual.map((view) => ({ view, reason: 'Text is shown up to 1 GB. Save the body to read it.' }));
  }
  return [];
}

function emptyWords({ response, bodyError }: Exchange, method: string): NonNullable<BodyModel['empty']> {
  const { status } = response;
  if (bodyError) return { heading: 'The body did not arrive', detail: bodyError.message };
  if (method === 'HEAD')
    return { heading: 'HEAD has no body', detail: 'Only the headers of the answer were asked for.' };
  if (status === 204 || status === 205) {
    return { heading: `No body, as ${String(status)} promises`, detail: 'The server did it and had nothing to add.' };
  }
  if (status === 304) return { heading: 'No body, as 304 promises', detail: 'What you have is still current.' };
  const length = Number(headerOf(response.headers, 'content-length') ?? '0');
  if (length > 0) {
    return {
      heading: `The body is empty, although content-length said ${String(length)}`,
      detail: 'The server announced more than it sent.',
    };
  }
  return { heading: 'The body is empty', detail: 'The server sent headers and nothing after them.' };
}

export function headerOf(headers: readonly HeaderPair[], name: string): string | undefined {
  return headers.find(([other]) => other.toLowerCase() === name)?.[1];
}
