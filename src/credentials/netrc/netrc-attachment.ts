/** Basic with the name and password that the person's netrc file has for exactly this host. Source: RFC 7617 §2. */
import { CountersignError } from '../../errors/countersign-error.ts';
import { toBasicHeader } from '../basic-header.ts';
import { Secret } from '../secret.ts';
import type { NetrcDefinition } from '../schemes/netrc.ts';
import type { Attachment, PrepareContext } from '../types.ts';
import { findNetrcEntry } from './parse-netrc.ts';

/** @throws CountersignError CS-AUTH-NETRC, CS-FILE-MISSING, CS-FILE-PERMISSIONS, CS-STORE-VALUE */
export async function toNetrcAttachment({
  credential,
  request,
  netrc,
}: PrepareContext<NetrcDefinition>): Promise<Attachment> {
  const { name, definition } = credential;
  const file = await netrc?.();
  const host = request.url.hostname.toLowerCase().replace(/^\[|\]$/g, '');
  const entry = file && findNetrcEntry(file.text.reveal(), host, definition.login);
  if (!file || !entry) {
    throw new CountersignError('CS-AUTH-NETRC', `${file?.path ?? 'The netrc file'} has no entry for ${host}.`, {
      facts: { credential: name, host },
    });
  }
  const password = new Secret(entry.password, `${name} password`);
  return {
    headers: [toBasicHeader(entry.login, password, name, 'utf8')],
    query: [],
    cookies: [],
    identity: { label: entry.login, verified: false },
    behind: [password],
    // Another host of the same binding has an entry of its own, or none.
    onlyAt: request.url.origin,
  };
}
