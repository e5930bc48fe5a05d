/**
 * A literal `Authorization` that is not to be sent as it is written: the name and password of Digest, the keys of AWS.
 * It becomes what a credential of that scheme would put on, for the one origin the request is written for.
 * Source: dialects.md §11, RFC 7616.
 */
import { toLiteralAttachment } from '../credentials/literal-schemes.ts';
import type { Attachment, SchemeMemo } from '../credentials/types.ts';
import type { OutgoingRequest } from '../http/types.ts';
import type { Plan } from './plan.ts';

export interface LiteralCredential {
  readonly attachment: Attachment;
  readonly origin: string;
}

/** Undefined for a literal that is sent as it stands. @throws CountersignError CS-DEF-FIELD when a part is missing */
export async function toLiteralCredential(plan: Plan, memo: SchemeMemo): Promise<LiteralCredential | undefined> {
  const { url } = plan.target;
  const value = plan.headers.find(({ name }) => name.toLowerCase() === 'authorization')?.value.text ?? '';
  const attachment = await toLiteralAttachment(value, url, memo);
  return attachment && { attachment, origin: url.origin };
}

export function withoutAuthorization(request: OutgoingRequest): OutgoingRequest {
  return { ...request, headers: request.headers.filter(([name]) => name.toLowerCase() !== 'authorization') };
}
