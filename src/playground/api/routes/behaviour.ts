/** How a server may behave: redirects, any status, slow, long, in pieces, and an echo of what arrived. */
import { once } from 'node:events';
import { STATUS_CODES } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { readBody, toNumber, toSocket } from '../call.ts';
import type { Call, Route } from '../call.ts';
import { realm, toChallenge } from '../guard.ts';
import { createOrder } from '../orders.ts';
import { sendBytes, sendJson, sendProblem } from '../respond.ts';

const redirects = new Set([301, 302, 303, 307, 308]);

async function redirect(call: Call): Promise<void> {
  const status = toNumber(call, 'status', 302, 399);
  const to = call.url.searchParams.get('to');
  const target = to === null ? null : URL.parse(to, call.url.href);
  if (target === null || !redirects.has(status)) {
    await sendProblem(call, 400, 'Where to?', 'Give ?to=URL, and status 301, 302, 303, 307 or 308.');
    return;
  }
  sendBytes(call, status, 'text/plain', Buffer.from(`Go to ${target.href}\n`), { Location: target.href });
}

const companions: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'WWW-Authenticate': toChallenge('Bearer', { realm }) },
  405: { Allow: 'GET, HEAD, OPTIONS' },
  407: { 'Proxy-Authenticate': toChallenge('Basic', { realm }) },
  429: { 'Retry-After': '1' },
  503: { 'Retry-After': '1' },
};

async function showStatus(call: Call): Promise<void> {
  const status = Number(call.parameters[0]);
  if (status < 200 || status > 599) {
    await sendProblem(call, 400, 'Which status?', 'Give one from 200 to 599.');
    return;
  }
  await sendJson(call, status, { status, text: STATUS_CODES[status] ?? null }, companions[status] ?? {});
}

async function answerSlowly(call: Call): Promise<void> {
  const ms = toNumber(call, 'ms', 1_000, 600_000);
  const gone = new AbortController();
  call.response.once('close', () => {
    gone.abort();
  });
  try {
    await sleep(ms, undefined, { signal: gone.signal });
  } catch {
    return;
  }
  await sendJson(call, 200, { waited: ms });
}

/** An array of orders of `mb` million bytes or little more, written as fast as the other side reads. */
async function sendMany(call: Call): Promise<void> {
  const wanted = Math.max(0, toNumber(call, 'mb', 1, 2_048)) * 1_000_000;
  const { response } = call;
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  if (call.method === 'HEAD') {
    response.end();
    return;
  }
  let bytes = 0;
  let index = 0;
  while (bytes < wanted && !response.destroyed) {
    const lines: string[] = [];
    for (let line = 0; line < 100; line++, index++) {
      lines.push(`${index === 0 ? '[' : ','}\n${JSON.stringify(createOrder(index))}`);
    }
    const chunk = Buffer.from(lines.join(''));
    bytes += chunk.length;
    if (!response.write(chunk)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
  response.end(index === 0 ? '[]\n' : '\n]\n');
}

const echoBytes = 67_108_864;

async function echo(call: Call): Promise<void> {
  const { request } = call;
  const body = await readBody(call, echoBytes);
  if (body === undefined) {
    await sendProblem(call, 413, 'Too long', 'The echo takes at most 64 MB.');
    return;
  }
  const raw = request.rawHeaders;
  const headers = Array.from({ length: raw.length / 2 }, (_, index) => [raw[index * 2], raw[index * 2 + 1]]);
  const text = body.toString('utf8');
  const isText = Buffer.from(text).equals(body);
  const socket = toSocket(call);
  await sendJson(call, 200, {
    method: call.method,
    url: request.url,
    httpVersion: request.httpVersion,
    headers,
    query: [...call.url.searchParams],
    body: { bytes: body.length, ...(isText ? { text } : { base64: body.toString('base64') }) },
    tls: { protocol: socket.getProtocol(), cipher: socket.getCipher().name },
    connection: toConnection(call),
  });
}

const connections = new WeakMap<object, { id: number; requests: number }>();
let lastConnection = 0;

/** Which connection this is, and the how-manieth request on it: shows whether a client reuses them. */
function toConnection(call: Call): { readonly id: number; readonly requests: number } {
  const known = connections.get(call.request.socket) ?? { id: ++lastConnection, requests: 0 };
  known.requests += 1;
  connections.set(call.request.socket, known);
  return known;
}

/** Server-sent events: `?count=` of them (0: without end), `?ms=` apart. */
async function stream(call: Call): Promise<void> {
  const { response } = call;
  const count = toNumber(call, 'count', 10, 1_000_000);
  const ms = toNumber(call, 'ms', 300, 60_000);
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  if (call.method === 'HEAD') {
    response.end();
    return;
  }
  response.write('retry: 1000\n: the orders as they change\n\n');
  for (let index = 0; (count === 0 || index < count) && !response.destroyed; index++) {
    const { id, status } = createOrder(index);
    const data = JSON.stringify({ order: id, status, at: new Date().toISOString() });
    response.write(`id: ${String(index + 1)}\nevent: order\ndata: ${data}\n\n`);
    await sleep(ms);
  }
  response.end();
}

export const behaviourRoutes: readonly Route[] = [
  { path: /^\/redirect$/, handle: redirect },
  { path: /^\/status\/(\d{3})$/, handle: showStatus },
  { path: /^\/slow$/, handle: answerSlowly },
  { methods: ['GET'], path: /^\/big$/, handle: sendMany },
  { path: /^\/echo(?:\/.*)?$/, handle: echo },
  { methods: ['GET'], path: /^\/stream$/, handle: stream },
];
