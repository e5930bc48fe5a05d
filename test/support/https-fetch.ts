/** The engine's own network as the broker gets it, trusting one CA: what the oauth tests send through. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toFetch } from '../../src/http/fetch-adapter.ts';
import { createHttpClient } from '../../src/http/http-client.ts';
import { withClientCertificate } from '../../src/run/client-certificate.ts';
import type { OAuthFetch } from '../../src/oauth/ports.ts';

export function createHttpsFetch(ca: string): OAuthFetch {
  const spoolDir = mkdtempSync(join(tmpdir(), 'spool-'));
  const client = createHttpClient({ spoolDir, clock: { now: () => Date.now() } });
  const tls = { ca: [{ pem: ca, source: 'test' }], useSystemStore: false, exceptionFor: () => undefined };
  return (url, init) => {
    const own = withClientCertificate(tls, init.clientCertificate, (origin) => origin === new URL(url).origin);
    return toFetch(client, { tls: own, proxy: () => undefined })(url, init);
  };
}
