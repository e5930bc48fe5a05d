/** A fetch on `node:https` that trusts one CA and follows nothing: the network of the oauth tests. */
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { OAuthFetch } from '../../src/oauth/ports.ts';

export function createHttpsFetch(ca: string): OAuthFetch {
  return (url, init) =>
    new Promise((resolve, reject) => {
      const body = init.body === undefined ? undefined : Buffer.from(init.body.toString());
      const request = httpsRequest(
        url,
        {
          method: init.method,
          headers: { ...init.headers },
          ca,
          agent: false,
          ...(init.signal ? { signal: init.signal } : {}),
        },
        (response) => {
          const headers = new Headers();
          for (let index = 0; index < response.rawHeaders.length; index += 2) {
            headers.append(response.rawHeaders[index] as string, response.rawHeaders[index + 1] as string);
          }
          const status = response.statusCode as number;
          const gzip = headers.get('content-encoding') === 'gzip';
          const stream = gzip ? response.pipe(createGunzip()) : response;
          stream.on('error', () => undefined);
          const empty = status === 204 || status === 304;
          if (empty) response.resume();
          resolve(new Response(empty ? null : (Readable.toWeb(stream) as ReadableStream), { status, headers }));
        },
      );
      request.on('error', reject);
      request.end(body);
    });
}
