/** The header of Akamai EdgeGrid over one request. Source: Akamai, “EdgeGrid authentication” (EG1-HMAC-SHA256). */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { CountersignError } from '../../errors/countersign-error.ts';
import { adjustClock } from '../clock-offset.ts';
import { tokenProblem } from '../schemes/token-syntax.ts';
import { Secret } from '../secret.ts';
import type { EdgeGridDefinition } from '../schemes/edgegrid.ts';
import type { Attachment, FinalRequest, PrepareContext } from '../types.ts';

const usualMaxBody = 131_072;

export interface EdgeGridKeys {
  readonly clientToken: string;
  readonly accessToken: string;
  readonly clientSecret: string;
  readonly headersToSign: readonly string[];
  readonly maxBody: number;
}

export async function toEdgeGridAttachment(context: PrepareContext<EdgeGridDefinition>): Promise<Attachment> {
  const { definition, name, hash } = context.credential;
  const clientSecret = await context.secret();
  const clientToken = await context.secret('client_token');
  const accessToken = await context.secret('access_token');
  for (const [label, { value }] of Object.entries({
    'client token': { value: clientToken.reveal() },
    'access token': { value: accessToken.reveal() },
  })) {
    const problem = value.includes(';') ? 'holds a semicolon' : tokenProblem(value);
    if (problem)
      throw new CountersignError('CS-STORE-VALUE', `The ${label} of ${name} ${problem}.`, {
        facts: { credential: name },
      });
  }
  const { headers_to_sign: written = [], max_body: maxBody = usualMaxBody } = definition;
  const keys = {
    clientToken: clientToken.reveal(),
    accessToken: accessToken.reveal(),
    clientSecret: clientSecret.reveal(),
    headersToSign: typeof written === 'string' ? [written] : written,
    maxBody,
  };
  const clock = context.memo.of(`edgegrid ${name} ${hash}`, () => ({ skew: 0 }));
  return {
    headers: [],
    query: [],
    cookies: [],
    behind: [clientSecret, clientToken, accessToken],
    proof: {
      names: ['Authorization'],
      retry: 'signed by the clock of the server',
      async headers(request) {
        const text = await signEdgeGrid(request, keys, new Date(Date.now() + clock.skew), randomUUID());
        return [{ name: 'Authorization', prefix: 'EG1-HMAC-SHA256 ', value: new Secret(text, 'EdgeGrid signature') }];
      },
      answered: (answer) => adjustClock(answer, clock),
    },
  };
}

/** What follows `EG1-HMAC-SHA256 `. */
export async function signEdgeGrid(
  request: FinalRequest,
  keys: EdgeGridKeys,
  now: Date,
  nonce: string,
): Promise<string> {
  const day = now.toISOString().replaceAll('-', '').slice(0, 17);
  const timestamp = `${day}+0000`;
  const unsigned = `client_token=${keys.clientToken};access_token=${keys.accessToken};timestamp=${timestamp};nonce=${nonce};`;
  const { method, url } = request;
  const data = [
    method.toUpperCase(),
    url.protocol.slice(0, -1),
    url.host,
    url.pathname + url.search,
    toCanonicalHeaders(request, keys.headersToSign),
    await hashContent(request, keys.maxBody),
    `EG1-HMAC-SHA256 ${unsigned}`,
  ].join('\t');
  return `${unsigned}signature=${hmac(hmac(keys.clientSecret, timestamp), data)}`;
}

function toCanonicalHeaders({ headers }: FinalRequest, names: readonly string[]): string {
  return names
    .flatMap((name) => {
      const lower = name.trim().toLowerCase();
      const value = headers.find(([key]) => key.toLowerCase() === lower)?.[1];
      return value === undefined ? [] : [`${lower}:${value.trim().replace(/\s+/g, ' ')}`];
    })
    .join('\t');
}

/** Of the first bytes of a POST, and of nothing else. */
async function hashContent(request: FinalRequest, maxBody: number): Promise<string> {
  if (request.method.toUpperCase() !== 'POST') return '';
  const sum = createHash('sha256');
  let left = maxBody;
  for await (const chunk of request.body()) {
    sum.update(chunk.subarray(0, left));
    left -= Math.min(left, chunk.length);
    if (left === 0) break;
  }
  return left === maxBody ? '' : sum.digest('base64');
}

function hmac(key: string, text: string): string {
  return createHmac('sha256', key).update(text, 'utf8').digest('base64');
}
