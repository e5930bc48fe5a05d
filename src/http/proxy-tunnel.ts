/**
 * Asks an HTTP proxy for a tunnel on a socket that is already open to it. The proxy's sign-in is written here and
 * nowhere else. Source: RFC 9110 §9.3.6.
 */
import type { Duplex } from 'node:stream';
import { CountersignError } from '../errors/countersign-error.ts';
import { checkHeader } from './request-head.ts';
import type { ProxyRoute } from './types.ts';

const maxHead = 16 * 1024;

/**
 * @param authority `host:port` of the target, IPv6 in brackets.
 * @param serverMayBegin HTTP/2, where both sides begin at once
 * @throws CountersignError CS-NET-PROXY when the proxy refuses, answers otherwise or closes.
 */
export async function openTunnel(
  socket: Duplex,
  authority: string,
  route: ProxyRoute,
  signal: AbortSignal,
  serverMayBegin = false,
): Promise<void> {
  const lines = [`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`];
  const authorization = route.authorization?.reveal();
  if (authorization !== undefined) {
    checkHeader('Proxy-Authorization', authorization);
    lines.push(`Proxy-Authorization: ${authorization}`);
  }
  const { status, rest } = await readHead(socket, `${lines.join('\r\n')}\r\n\r\n`, route.url.host, signal);
  if (status < 200 || status >= 300) throw toProxyRefusal(route.url.host, status);
  // In TLS and HTTP/1.1 the server speaks only after we did; bytes here are not from it.
  if (rest.length > 0 && serverMayBegin) socket.unshift(rest);
  else if (rest.length > 0)
    throw new CountersignError('CS-NET-PROXY', `The proxy ${route.url.host} sent bytes of its own into the tunnel.`);
}

/** Also for a 407 that answers a request in absolute form. */
export function toProxyRefusal(proxy: string, status: number): CountersignError {
  const message =
    status === 407
      ? `The proxy ${proxy} asks for a sign-in (407).`
      : `The proxy ${proxy} did not let the request through (${String(status)}).`;
  return new CountersignError('CS-NET-PROXY', message, {
    ...(status === 407 ? { next: 'Give it a credential in the settings of this machine.' } : {}),
    facts: { proxy, status, secretSent: false },
  });
}

function readHead(
  socket: Duplex,
  request: string,
  proxy: string,
  signal: AbortSignal,
): Promise<{ status: number; rest: Buffer }> {
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = (message: string): void => {
      finish();
      reject(new CountersignError('CS-NET-PROXY', message, { facts: { proxy, secretSent: false } }));
    };
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      if (end === -1) {
        if (text.length > maxHead) fail(`The proxy ${proxy} did not answer in HTTP.`);
        return;
      }
      const status = /^HTTP\/1\.[01] (\d{3})(?: |\r)/.exec(text)?.[1];
      if (status === undefined) {
        fail(`The proxy ${proxy} did not answer in HTTP.`);
        return;
      }
      if (status.startsWith('1')) {
        text = text.slice(end + 4);
        return;
      }
      finish();
      resolve({ status: Number(status), rest: Buffer.from(text.slice(end + 4), 'latin1') });
    };
    const onClose = (): void => {
      fail(`The proxy ${proxy} closed the connection.`);
    };
    const onAbort = (): void => {
      finish();
      reject(signal.reason as Error);
    };
    const finish = (): void => {
      socket.off('data', onData).off('close', onClose).off('end', onClose).off('error', onClose);
      signal.removeEventListener('abort', onAbort);
      socket.pause();
    };
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }
    signal.addEventListener('abort', onAbort);
    socket.on('data', onData).on('close', onClose).on('end', onClose).on('error', onClose);
    socket.write(request, 'latin1');
  });
}
