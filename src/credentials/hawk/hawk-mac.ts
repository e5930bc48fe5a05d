/** The codes of Hawk: over a request, over its body, over the time of a server. Source: Hawk API.md, “Protocol Example”. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export interface HawkInput {
  readonly algorithm: string;
  readonly key: string;
  /** Seconds. */
  readonly ts: number;
  readonly nonce: string;
  readonly method: string;
  readonly url: URL;
  readonly hash?: string;
  readonly ext?: string;
  readonly app?: string;
  readonly delegatedBy?: string;
}

export function toHawkMac(input: HawkInput): string {
  const { url, hash = '', ext = '', app, delegatedBy = '' } = input;
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  const lines = [
    'hawk.1.header',
    String(input.ts),
    input.nonce,
    input.method.toUpperCase(),
    url.pathname + url.search,
    url.hostname.toLowerCase(),
    port,
    hash,
    ext.replaceAll('\\', '\\\\').replaceAll('\n', '\\n'),
    ...(app === undefined ? [] : [app, delegatedBy]),
  ];
  return hmac(input, `${lines.join('\n')}\n`);
}

/** @param type `Content-Type` as it is sent */
export async function toPayloadHash(algorithm: string, type: string, body: AsyncIterable<Uint8Array>): Promise<string> {
  const media = (type.split(';')[0] ?? '').trim().toLowerCase();
  const sum = createHash(algorithm).update(`hawk.1.payload\n${media}\n`);
  for await (const chunk of body) sum.update(chunk);
  return sum.update('\n').digest('base64');
}

/** True when the one who states the time has the key: anybody else could move our clock. */
export function isTimeOfServer(input: Pick<HawkInput, 'algorithm' | 'key'>, ts: string, tsm: string): boolean {
  const expected = Buffer.from(hmac(input, `hawk.1.ts\n${ts}\n`));
  const given = Buffer.from(tsm);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function hmac({ algorithm, key }: Pick<HawkInput, 'algorithm' | 'key'>, text: string): string {
  return createHmac(algorithm, key).update(text, 'utf8').digest('base64');
}
