/**
 * The part of an attachment that belongs to one request only: put on at each hop, taken off before the next, and told of
 * each answer, from which it may learn what to do better. Source: RFC 9449 §7–9, RFC 7616 §3.
 */
import type { Attachment, SchemeMemo } from '../credentials/types.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { parseChallenges } from '../http/challenges.ts';
import { percentDecoded } from '../http/percent-decoding.ts';
import { toRequestHead } from '../http/request-head.ts';
import type { Exchange, OutgoingRequest } from '../http/types.ts';

/** The proof as an attachment of its own, over a request that holds everything else; undefined when there is none. */
export async function proveRequest(attachment: Attachment, request: OutgoingRequest): Promise<Attachment | undefined> {
  const { proof } = attachment;
  if (!proof) return undefined;
  const { method, url } = request;
  // With what framing adds: a signature may cover Host and Content-Length.
  const { headers } = toRequestHead(request);
  const final = { method, url, headers, body: () => readBody(request) };
  return { headers: await proof.headers(final), query: (await proof.query?.(final)) ?? [], cookies: [] };
}

/** The bytes of a body that will be read once more, to be sent. */
async function* readBody({ body }: OutgoingRequest): AsyncIterable<Uint8Array> {
  if (!body) return;
  if (!body.replayable) {
    throw new CountersignError('CS-BODY-SOURCE', 'The body can be read once only, and its credential signs it.');
  }
  yield* body.open();
}

/** The request without the proof of an earlier hop: it would prove nothing, and tells where it came from. */
export function withoutProof(request: OutgoingRequest, attachment: Attachment | undefined): OutgoingRequest {
  const names = attachment?.proof?.names.map((name) => name.toLowerCase());
  if (!names) return request;
  const headers = request.headers.filter(([name]) => !names.includes(name.toLowerCase()));
  const parameters = attachment?.proof?.queryNames ?? [];
  if (parameters.length === 0) return { ...request, headers };
  const url = new URL(request.url);
  url.search = url.search
    .replace(/^\?/, '')
    .split('&')
    .filter((pair) => !parameters.includes(percentDecoded(pair.split('=')[0] ?? '')))
    .join('&');
  return { ...request, url, headers };
}

/** True when the last answer asks for the same request with a new proof. */
export function learnFrom(exchange: Exchange, attachment: Attachment): boolean {
  const last = exchange.hops.at(-1);
  if (!attachment.proof || !last) return false;
  const { status, headers } = exchange.response;
  const asked = headers.filter(([name]) => name.toLowerCase() === 'www-authenticate').map(([, value]) => value);
  return attachment.proof.answered({ status, headers, url: new URL(last.url), challenges: parseChallenges(asked) });
}

/** Lives as long as the engine; what is in it is never written anywhere. */
export function createSchemeMemo(): SchemeMemo {
  const known = new Map<string, unknown>();
  return {
    of<T>(key: string, create: () => T): T {
      if (!known.has(key)) known.set(key, create());
      return known.get(key) as T;
    },
  };
}
