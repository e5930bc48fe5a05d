/**
 * Servers and senders for the tests of sending: real sockets on free ports of the loopback, closed by the test, and a
 * `sendTo` with harmless defaults.
 */
import { mkdtempSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { createHttpClient, type HttpClientOptions } from '../../src/http/http-client.ts';
import type { Exchange, HeaderPair, HttpClient, OutgoingBody, SendOptions, TlsPolicy } from '../../src/http/types.ts';
import type { ServerIdentity } from './test-ca.ts';

export interface Listening {
  readonly port: number;
  readonly url: string;
  /** Connections accepted so far. */
  readonly connections: () => number;
  readonly sockets: Set<Duplex>;
  close(): Promise<void>;
}

function listen(server: net.Server, scheme: string, host: string): Promise<Listening> {
  const sockets = new Set<Duplex>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  return new Promise((resolve) => {
    server.listen(0, host, () => {
      const { port } = server.address() as AddressInfo;
      resolve({
        port,
        url: `${scheme}://${host.includes(':') ? `[${host}]` : host}:${String(port)}`,
        connections: () => connections,
        sockets,
        close: () =>
          new Promise((done) => {
            for (const socket of sockets) socket.destroy();
            server.close(() => {
              done();
            });
          }),
      });
    });
  });
}

export function serveHttp(handler: http.RequestListener, host = '127.0.0.1'): Promise<Listening> {
  const server = http.createServer({ maxHeaderSize: 1024 * 1024 }, handler);
  server.on('clientError', (_error, socket) => socket.destroy());
  return listen(server, 'http', host);
}

export function serveHttps(
  identity: Pick<ServerIdentity, 'key' | 'cert'> & https.ServerOptions,
  handler: http.RequestListener,
  host = '127.0.0.1',
): Promise<Listening> {
  const server = https.createServer(identity, handler);
  server.on('tlsClientError', () => undefined);
  return listen(server, 'https', host);
}

/** A raw server: gets the socket and everything that was sent up to the end of a head. */
export function serveRaw(handler: (socket: Socket, head: string) => void): Promise<Listening> {
  return listen(
    net.createServer((socket) => {
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
        const end = text.indexOf('\r\n\r\n');
        if (end === -1) return;
        const head = text.slice(0, end + 4);
        text = text.slice(end + 4);
        handler(socket, head);
      });
    }),
    'http',
    '127.0.0.1',
  );
}

export interface ProxyLog {
  readonly heads: string[];
}

/** An HTTP proxy with CONNECT and absolute form; asks for `authorization` when given. */
export async function serveProxy(authorization?: string): Promise<Listening & ProxyLog> {
  const heads: string[] = [];
  const refuses = (headers: http.IncomingHttpHeaders): boolean =>
    authorization !== undefined && headers['proxy-authorization'] !== authorization;
  const server = http.createServer((request, response) => {
    heads.push(`${request.method ?? ''} ${request.url ?? ''}\n${request.rawHeaders.join('\n')}`);
    if (refuses(request.headers)) {
      response.writeHead(407, { 'Proxy-Authenticate': 'Basic realm="proxy"' }).end();
      return;
    }
    const { 'proxy-authorization': _own, ...headers } = request.headers;
    const onward = http.request(request.url ?? '', { method: request.method ?? 'GET', headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  const onward = new Set<Socket>();
  server.on('connect', (request, socket: Duplex, head) => {
    heads.push(`CONNECT ${request.url ?? ''}\n${request.rawHeaders.join('\n')}`);
    if (refuses(request.headers)) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="p"\r\n\r\n');
      return;
    }
    const { hostname, port } = new URL(`http://${request.url ?? ''}`);
    const to = net.connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      to.write(head);
      to.pipe(socket);
      socket.pipe(to);
    });
    onward.add(to);
    to.on('error', () => socket.destroy());
    socket.on('error', () => to.destroy());
    socket.on('close', () => to.destroy());
  });
  const listening = await listen(server, 'http', '127.0.0.1');
  return { ...listening, heads };
}

export function makeClient(options: Partial<HttpClientOptions> = {}): HttpClient {
  return createHttpClient({
    spoolDir: mkdtempSync(join(tmpdir(), 'countersign-test-')),
    clock: { now: () => Date.now() },
    ...options,
  });
}

export function trusting(...pems: string[]): TlsPolicy {
  return {
    ca: pems.map((pem, index) => ({ pem, source: `ca-${String(index)}.pem` })),
    useSystemStore: false,
    exceptionFor: () => undefined,
  };
}

export const noTrust: TlsPolicy = trusting();

export interface Sending extends Partial<SendOptions> {
  readonly method?: string;
  readonly headers?: readonly HeaderPair[];
  readonly body?: OutgoingBody | string;
  readonly sensitiveHeaders?: readonly string[];
}

export function defaults(options: Partial<SendOptions> = {}): SendOptions {
  return {
    signal: new AbortController().signal,
    tls: noTrust,
    proxy: () => undefined,
    timeoutMs: 20_000,
    connectTimeoutMs: 10_000,
    followRedirects: true,
    maxRedirects: 20,
    maxDecodedBytes: 1024 ** 3,
    prepareHop: (request) => Promise.resolve(request),
    ...options,
  };
}

export function textBody(text: string): OutgoingBody {
  const bytes = Buffer.from(text);
  return {
    length: bytes.length,
    replayable: true,
    async *open() {
      yield await Promise.resolve(bytes);
    },
  };
}

export function sendTo(client: HttpClient, url: string, sending: Sending = {}): Promise<Exchange> {
  const { method = 'GET', headers = [], body, sensitiveHeaders, ...options } = sending;
  return client.send(
    {
      method,
      url: new URL(url),
      headers,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? textBody(body) : body }),
      ...(sensitiveHeaders ? { sensitiveHeaders } : {}),
    },
    defaults(options),
  );
}

export async function textOf(exchange: Exchange): Promise<string> {
  return Buffer.from(await exchange.body.bytesUpTo(64 * 1024 * 1024)).toString('utf8');
}

/** The code of the CountersignError a promise rejects with, or `resolved`. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'resolved',
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  );
}
