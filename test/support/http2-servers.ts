/** HTTP/2 servers for the tests of sending: over TLS with either version, over TLS with HTTP/2 alone, and in plain. */
import http2, { type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { ServerIdentity } from './test-ca.ts';
import type { Listening } from './http-servers.ts';

export interface Http2Listening extends Listening {
  readonly sessions: Set<ServerHttp2Session>;
}

export type StreamHandler = (stream: ServerHttp2Stream, headers: http2.IncomingHttpHeaders, raw: string[]) => void;

/** @param identity undefined for plain http */
export function serveHttp2(
  identity: (Pick<ServerIdentity, 'key' | 'cert'> & http2.SecureServerOptions) | undefined,
  handler: StreamHandler,
  options: http2.ServerOptions = {},
): Promise<Http2Listening> {
  const server = (
    identity ? http2.createSecureServer({ ...options, ...identity }) : http2.createServer(options)
  ) as Http2Server;
  const sockets = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  let connections = 0;
  server.on(identity ? 'secureConnection' : 'connection', () => connections++);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('sessionError', () => undefined);
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => undefined);
    session.on('close', () => sessions.delete(session));
  });
  // In HTTP/1.1 it only says which version that was; a listener for requests would answer in HTTP/2 too.
  const emit = server.emit.bind(server) as (...args: unknown[]) => boolean;
  server.emit = ((name: string, ...args: unknown[]) => {
    const [request, response] = args as [IncomingMessage, ServerResponse];
    if (name !== 'request' || request.httpVersionMajor !== 1) return emit(name, ...args);
    response.end(request.httpVersion);
    return true;
  }) as typeof server.emit;
  server.on('stream', (stream, headers, _flags, raw: string[]) => {
    stream.on('error', () => undefined);
    handler(stream, headers, raw);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({
        port,
        url: `${identity ? 'https' : 'http'}://127.0.0.1:${String(port)}`,
        connections: () => connections,
        sockets,
        sessions,
        close: () =>
          new Promise((done) => {
            for (const session of sessions) session.destroy();
            for (const socket of sockets) socket.destroy();
            server.close(() => {
              done();
            });
          }),
      });
    });
  });
}
