/**
 * HTTP/1.1 on node's parser: `new http.ClientRequest` with a flat header array, so that order, case and repeats go out as
 * written. Never `http.request`, which hosts replace. Source: RFC 9112; dependencies.md P1, P7.
 */
import http from 'node:http';
import { CountersignError } from '../../errors/countersign-error.ts';
import type { Dialer } from '../dialer.ts';
import { PoolAgent, type PoolOptions } from '../pool-agent.ts';
import type { Protocol, WireRequest, WireResponse } from './protocol.ts';
import { toPairs } from './raw-headers.ts';
import { continueWaitMs, writeBody } from './write-body.ts';

/** Of names and values together; node counts those alone, so the number of lines has a limit too. */
const maxHeadBytes = 256 * 1024;
const maxHeadLines = 10_000;
const maxInformational = 100;

export function createHttp1(dialer: Dialer): Protocol {
  const agent = new PoolAgent((target) => dialer.dial(target));
  return {
    send: (request) => send(request, agent, dialer),
    dropIdle: (key) => {
      agent.dropIdle(key);
    },
    dispose: () => {
      agent.destroy();
    },
  };
}

/** Node writes the method in upper case and HTTP/1.1; what was written otherwise is put back. */
function createRequest(options: PoolOptions, version: string | undefined): http.ClientRequest {
  const written = options.method ?? 'GET';
  const old = version === '1.0';
  if (written === written.toUpperCase() && !old) return new http.ClientRequest(options);
  const base = http.ClientRequest.prototype as unknown as { _storeHeader(line: string, headers: unknown): void };
  class AsWritten extends http.ClientRequest {
    _storeHeader(line: string, headers: unknown): void {
      const first = written + line.slice(written.length);
      base._storeHeader.call(this, old ? first.replace(/ HTTP\/1\.1(?=\r\n$)/, ' HTTP/1.0') : first, headers);
    }
  }
  return new AsWritten(options);
}

function send(wire: WireRequest, agent: PoolAgent, dialer: Dialer): Promise<WireResponse> {
  return new Promise((resolve, reject) => {
    const { head, connection, signal } = wire;
    const request = createRequest(
      {
        agent,
        // Else node looks at the process-wide agent, which others may have replaced.
        _defaultAgent: agent,
        host: connection.url.hostname,
        method: head.method,
        path: wire.target,
        headers: [...head.headers, ...wire.proxyHeaders].flat(),
        setHost: false,
        maxHeaderSize: maxHeadBytes,
        insecureHTTPParser: false,
        countersign: connection,
      },
      wire.version,
    );
    request.maxHeadersCount = 0;
    let failure: unknown;
    let answered = false;
    let ended = false;
    let incoming: http.IncomingMessage | undefined;
    const leftovers: Uint8Array[] = [];
    let informational = 0;
    let release: (() => void) | undefined;
    const fail = (error: Error): void => {
      failure ??= error;
      release?.();
      if (!answered) {
        signal.removeEventListener('abort', onAbort);
        reject(error);
      }
      // What was parsed before the fault and not yet taken would be lost with the stream.
      if (incoming?.listenerCount('data') === 0) {
        for (let chunk = incoming.read() as Buffer | null; chunk; chunk = incoming.read() as Buffer | null)
          leftovers.push(chunk);
      }
      request.destroy();
    };
    const onAbort = (): void => {
      fail(signal.reason as Error);
    };
    request.on('socket', (socket) => {
      wire.onConnection(dialer.factsOf(socket), request.reusedSocket);
    });
    request.on('information', ({ statusCode, rawHeaders }) => {
      informational++;
      wire.onInterim?.({ status: statusCode, headers: toPairs(rawHeaders) });
      wire.onActivity();
      if (informational > maxInformational) {
        const message = `${connection.url.host} sent more than ${String(maxInformational)} interim responses and no answer.`;
        fail(new CountersignError('CS-HTTP-INFORMATIONAL', message));
      }
    });
    request.on('continue', () => release?.());
    request.on('upgrade', (_response, socket) => {
      socket.destroy();
      fail(
        new CountersignError(
          'CS-HTTP-RESPONSE',
          `${connection.url.host} changed to another protocol without being asked.`,
        ),
      );
    });
    request.on('error', fail);
    request.on('close', () => {
      if (!answered) fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
      signal.removeEventListener('abort', onAbort);
      release?.();
    });
    request.on('response', (response) => {
      if (response.rawHeaders.length > 2 * maxHeadLines) {
        fail(
          new CountersignError(
            'CS-HTTP-HEAD-SIZE',
            `${connection.url.host} sent more than ${String(maxHeadLines)} headers.`,
          ),
        );
        return;
      }
      answered = true;
      incoming = response;
      release?.();
      response.on('error', (error) => {
        failure ??= error;
      });
      response.on('end', () => {
        ended = true;
        // The answer is whole; a body that is still going out is of no use to anybody.
        if (!request.writableEnded) request.destroy();
      });
      resolve({
        head: {
          status: response.statusCode ?? 0,
          statusText: response.statusMessage ?? '',
          httpVersion: response.httpVersion,
          headers: toPairs(response.rawHeaders),
        },
        body: response,
        takeLeftovers: () => leftovers.splice(0),
        trailers: () => toPairs(response.rawTrailers),
        isComplete: () => response.complete,
        failure: () => failure,
        abort: () => {
          request.destroy();
        },
      });
    });
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    if (!wire.body) {
      request.end();
      return;
    }
    const permitted = head.expectContinue
      ? new Promise<void>((go) => {
          const timer = setTimeout(go, continueWaitMs);
          release = () => {
            clearTimeout(timer);
            go();
          };
        })
      : Promise.resolve();
    permitted
      .then(() => {
        // A final answer instead of `100 Continue`: the body was not wanted.
        if (head.expectContinue && answered) return undefined;
        return writeBody(
          request,
          wire,
          () => ended || failure !== undefined,
          (wake) => (release = wake),
        );
      })
      .catch(fail);
  });
}
