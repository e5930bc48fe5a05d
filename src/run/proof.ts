/**
 * The part of an attachment that belongs to one request only: put on at each hop, taken off before the next, and told of
 * each answer, from which it may learn what to do better. Source: RFC 9449 §7–9.
 */
import type { Attachment } from '../credentials/types.ts';
import type { Exchange, OutgoingRequest } from '../http/types.ts';

/** The proof as an attachment of its own; undefined when the scheme needs none. */
export async function proveRequest(
  attachment: Attachment,
  { method, url }: OutgoingRequest,
): Promise<Attachment | undefined> {
  const headers = await attachment.proof?.headers({ method, url });
  return headers && { headers, query: [], cookies: [] };
}

/** The request without the proof of an earlier hop: it would prove nothing, and tells where it came from. */
export function withoutProof(request: OutgoingRequest, attachment: Attachment | undefined): OutgoingRequest {
  const names = attachment?.proof?.names.map((name) => name.toLowerCase());
  if (!names) return request;
  return { ...request, headers: request.headers.filter(([name]) => !names.includes(name.toLowerCase())) };
}

/** True when the last answer asks for the same request with a new proof. */
export function learnFrom(exchange: Exchange, attachment: Attachment): boolean {
  const last = exchange.hops.at(-1);
  if (!attachment.proof || !last) return false;
  const { status, headers } = exchange.response;
  return attachment.proof.answered({ status, headers, url: new URL(last.url) });
}
