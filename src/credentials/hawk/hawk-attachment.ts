/**
 * What a Hawk credential puts on, and what it learns of a refusal: the time of the server, when that is proven with the
 * same key. Source: Hawk API.md, “Replay Protection”.
 */
import { randomBytes } from 'node:crypto';
import { Secret } from '../secret.ts';
import type { HawkDefinition } from '../schemes/hawk.ts';
import type { AnsweredRequest, Attachment, FinalRequest, PrepareContext } from '../types.ts';
import { isTimeOfServer, toHawkMac, toPayloadHash } from './hawk-mac.ts';

export async function toHawkAttachment(context: PrepareContext<HawkDefinition>): Promise<Attachment> {
  const { definition, name, hash } = context.credential;
  const { id = '', algorithm = 'sha256', ext, app, delegated_by: delegatedBy } = definition;
  const secret = await context.secret();
  const key = secret.reveal();
  const clock = context.memo.of(`hawk ${name} ${hash}`, () => ({ skew: 0 }));
  return {
    headers: [],
    query: [],
    cookies: [],
    identity: { label: id, verified: false },
    behind: [secret],
    proof: {
      names: ['Authorization'],
      retry: 'signed by the clock of the server',
      async headers(request) {
        const ts = Math.floor((Date.now() + clock.skew) / 1000);
        const nonce = randomBytes(9).toString('base64url');
        const signed = {
          algorithm,
          key,
          ts,
          nonce,
          method: request.method,
          url: request.url,
          ...(definition.payload_hash === false ? {} : await hashOf(algorithm, request)),
          ...(ext === undefined ? {} : { ext }),
          ...(app === undefined ? {} : { app }),
          ...(delegatedBy === undefined ? {} : { delegatedBy }),
        };
        const attributes: readonly (readonly [string, string | undefined])[] = [
          ['id', id],
          ['ts', String(ts)],
          ['nonce', nonce],
          ['hash', signed.hash],
          ['ext', ext],
          ['mac', toHawkMac(signed)],
          ['app', app],
          ['dlg', delegatedBy],
        ];
        const text = attributes.flatMap(([of, value]) => (value === undefined ? [] : [`${of}="${value}"`])).join(', ');
        return [{ name: 'Authorization', prefix: 'Hawk ', value: new Secret(text, 'Hawk signature') }];
      },
      answered: (answer) => takeTime(answer, { algorithm, key }, clock),
    },
  };
}

/** Nothing for a request without a body: servers then expect no hash. */
async function hashOf(algorithm: string, request: FinalRequest): Promise<{ readonly hash?: string }> {
  const type = request.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const length = request.headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1];
  const chunked = request.headers.some(([name]) => name.toLowerCase() === 'transfer-encoding');
  if (!chunked && (length === undefined || length === '0')) return {};
  return { hash: await toPayloadHash(algorithm, type, request.body()) };
}

/** A stale time is answered once, by the time that the server signs. */
function takeTime(
  { status, challenges }: AnsweredRequest,
  key: { readonly algorithm: string; readonly key: string },
  clock: { skew: number },
): boolean {
  const params = challenges.find(({ scheme }) => scheme.toLowerCase() === 'hawk')?.params;
  const { ts, tsm } = params ?? {};
  if (status !== 401 || ts === undefined || tsm === undefined || !/^\d{1,12}$/.test(ts)) return false;
  if (!isTimeOfServer(key, ts, tsm)) return false;
  const skew = Number(ts) * 1000 - Date.now();
  if (Math.abs(skew - clock.skew) < 1500) return false;
  clock.skew = skew;
  return true;
}
