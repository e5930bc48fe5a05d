/**
 * Answers: JSON compressed as the client accepts it, problems (RFC 9457), bytes. Owns Content-Length, Vary, and that a
 * HEAD has no body.
 */
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import type { Call } from './call.ts';

type Headers = Readonly<Record<string, string | readonly string[]>>;

const encoders: Readonly<Record<string, (input: Buffer) => Promise<Buffer>>> = {
  zstd: promisify(zlib.zstdCompress),
  br: async (input) => promisify(zlib.brotliCompress)(input, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: promisify(zlib.gzip),
};

/** The coding to use by RFC 9110 §12.5.3: highest weight, then our own order; undefined for none. */
export function chooseEncoding(accept: string | undefined): string | undefined {
  const weights = new Map<string, number>();
  for (const part of (accept ?? '').split(',')) {
    const [name = '', ...parameters] = part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    const weight = parameters.find((one) => one.startsWith('q='));
    if (name !== '') weights.set(name === 'x-gzip' ? 'gzip' : name, weight === undefined ? 1 : Number(weight.slice(2)));
  }
  let best: string | undefined;
  let most = 0;
  for (const name of Object.keys(encoders)) {
    const weight = weights.get(name) ?? weights.get('*') ?? 0;
    if (weight > most) [best, most] = [name, weight];
  }
  return best;
}

export function sendBytes(call: Call, status: number, type: string, body: Buffer, headers: Headers = {}): void {
  const { response } = call;
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (status === 204 || status === 304) {
    response.end();
    return;
  }
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', body.length);
  response.end(call.method === 'HEAD' ? undefined : body);
}

/** Sends `value` as JSON, indented, compressed when the client accepts it and it is worth it. */
export async function sendJson(
  call: Call,
  status: number,
  value: unknown,
  headers: Headers = {},
  type = 'application/json',
): Promise<void> {
  const plain = Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  const encoding = plain.length < 200 ? undefined : chooseEncoding(call.request.headers['accept-encoding']);
  const body = (await (encoding === undefined ? undefined : encoders[encoding]?.(plain))) ?? plain;
  const coding = encoding === undefined ? {} : { 'Content-Encoding': encoding };
  sendBytes(call, status, type, body, { Vary: 'Accept-Encoding', ...coding, ...headers });
}

/** RFC 9457: what is the case, in words, and more members for a program. */
export async function sendProblem(
  call: Call,
  status: number,
  title: string,
  detail: string,
  headers: Headers = {},
  members: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const problem = { type: 'about:blank', title, status, detail, instance: call.url.pathname, ...members };
  await sendJson(call, status, problem, headers, 'application/problem+json');
}
