/**
 * A plan as the request that is handed to the wire, and as the request that is shown. What is shown holds dots, not
 * secrets. Source: ux.md E10, auth.md §1.3 (what a redirect may not carry).
 */
import { normaliseAuthorization } from '../credentials/literal-auth.ts';
import { schemeNameOf } from '../credentials/scheme-name.ts';
import type { Attachment } from '../credentials/types.ts';
import type { HeaderPair, OutgoingRequest } from '../http/types.ts';
import { concat, plain, type Tracked } from '../variables/tracked.ts';
import { shownVersion, toHttpVersion } from './http-version.ts';
import { maskSpans } from './request-body.ts';
import type { Plan } from './plan.ts';
import type { SentRequest } from './types.ts';

/** @param anonymous take out what says who asks: Authorization, cookies, keys by their name, and any secret in a header */
export function toOutgoing(plan: Plan, anonymous: boolean): OutgoingRequest {
  const headers: HeaderPair[] = [];
  for (const { name, value } of plan.headers) {
    if (anonymous && (value.secrets.length > 0 || sensitiveHeader(name))) continue;
    if (name.toLowerCase() === 'authorization') {
      headers.push([name, normaliseAuthorization(value.text)]);
    } else {
      headers.push([name, value.text]);
    }
  }
  const userinfo = plan.target.userinfo;
  if (userinfo && !anonymous && !headers.some(([name]) => name.toLowerCase() === 'authorization')) {
    const pair = Buffer.from(`${userinfo.username}:${userinfo.password}`, 'utf8').toString('base64');
    headers.push(['Authorization', `Basic ${pair}`]);
  }
  return {
    method: plan.method,
    url: plan.target.url,
    headers,
    sensitiveHeaders: plan.headers.filter((header) => header.value.secrets.length > 0).map((header) => header.name),
    ...toHttpVersion(plan.node.httpVersion, plan.target.url),
    ...(plan.body === undefined ? {} : { body: plan.body.body }),
  };
}

const sensitiveName = /^(authorization|cookie|proxy-authorization)$|api[-_]?key|token|secret|password|signature/i;

/** Whether a header is one that carries a credential, by its name. */
export function sensitiveHeader(name: string): boolean {
  return sensitiveName.test(name);
}

/** For every hop after the origin changed once: nothing that may be a credential travels on, not even by hand. */
export function dropSensitive(request: OutgoingRequest, plan: Plan): OutgoingRequest {
  const secretNames = new Set(
    plan.headers.filter((header) => header.value.secrets.length > 0).map((header) => header.name.toLowerCase()),
  );
  return {
    ...request,
    headers: request.headers.filter(([name]) => !sensitiveName.test(name) && !secretNames.has(name.toLowerCase())),
  };
}

export function literalScheme(plan: Plan): string {
  const value = plan.headers.find((header) => header.name.toLowerCase() === 'authorization')?.value.text ?? '';
  return schemeNameOf(value).toLowerCase() || 'literal';
}

/** The request for show. @param credential name for the chips of what it put on */
export function toSentRequest(
  plan: Plan,
  request: OutgoingRequest,
  attachments: readonly Attachment[],
  credential: string | undefined,
): SentRequest {
  let headers = shownHeaders(plan, request);
  for (const attachment of attachments) headers = withAttachment(headers, attachment, credential ?? 'credential');
  if (!headers.some((header) => header.name.toLowerCase() === 'host')) {
    headers.unshift({ name: 'Host', value: plain(request.url.host) });
  }
  if (plan.body?.body.length !== undefined) {
    headers.push({ name: 'Content-Length', value: plain(String(plan.body.body.length)) });
  }
  return {
    method: plan.method,
    url: shownUrl(plan.target.shown, attachments),
    headers,
    httpVersion: shownVersion(request.httpVersion),
    bodyBytes: plan.body?.body.length ?? 0,
    strippedLines: plan.node.body?.stripped.length ?? 0,
    ...(plan.body === undefined ? {} : { body: plan.body.shown }),
  };
}

const mark = '••••';

type ShownHeader = SentRequest['headers'][number];

/** Each header that leaves, beside the one of the plan it came from: the same name, the same turn. */
function shownHeaders(plan: Plan, request: OutgoingRequest): ShownHeader[] {
  const turns = new Map<string, number>();
  return request.headers.map(([name, value]) => {
    const turn = turns.get(name) ?? 0;
    turns.set(name, turn + 1);
    const written = plan.headers.filter((header) => header.name === name)[turn]?.value;
    if (name.toLowerCase() === 'authorization') return { name, value: shownAuthorization(value) };
    return { name, value: written ? maskSpans(written) : plain(value) };
  });
}

/** A literal Authorization is a secret whatever it holds; a scheme that is known is not. */
function shownAuthorization(value: string): Tracked {
  const scheme = schemeNameOf(value);
  return dotsBehind(scheme === '' ? '' : `${scheme} `, 'literal in the file');
}

function withAttachment(headers: readonly ShownHeader[], attachment: Attachment, credential: string): ShownHeader[] {
  let shown = [...headers];
  for (const { name, prefix, value } of attachment.headers) {
    shown = shown.filter((header) => header.name.toLowerCase() !== name.toLowerCase());
    shown.push({ name, value: value ? dotsBehind(prefix, value.label || `${credential} secret`) : plain(prefix) });
  }
  for (const { name, value } of attachment.cookies) {
    const pair = dotsBehind(`${name}=`, value.label || `${credential} secret`);
    const at = shown.findIndex((header) => header.name.toLowerCase() === 'cookie');
    const before = shown[at];
    if (!before) shown.push({ name: 'Cookie', value: pair });
    else shown[at] = { name: before.name, value: concat([before.value, plain('; '), pair]) };
  }
  return shown;
}

function dotsBehind(before: string, label: string): Tracked {
  return {
    text: before + mark,
    secrets: [{ start: before.length, end: before.length + mark.length, label }],
  };
}

function shownUrl(url: Tracked, attachments: readonly Attachment[]): Tracked {
  let shown = url;
  for (const attachment of attachments) {
    for (const { name, value } of attachment.query) {
      const before = `${shown.text}${shown.text.includes('?') ? '&' : '?'}${encodeURIComponent(name)}=`;
      shown = {
        text: before + mark,
        secrets: [...shown.secrets, { start: before.length, end: before.length + mark.length, label: value.label }],
      };
    }
  }
  return shown;
}
