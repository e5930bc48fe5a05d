/**
 * Brings the playground up: loads or makes what its folder keeps, opens the listeners, joins identity provider and API,
 * and gives back the line of facts that contracts §2 describes. Ends all it started on close().
 */
import { mkdir } from 'node:fs/promises';
import { createServer as createHttp } from 'node:http';
import type { RequestListener, Server as HttpServer } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { join, resolve } from 'node:path';
import { exportPKCS8, importJWK } from 'jose';
import type { CryptoKey } from 'jose';
import type { Api } from './api/call.ts';
import { createApiHandler } from './api/handler.ts';
import { createOrders } from './api/orders.ts';
import { keyNames, passwordUser } from './api/routes/keys.ts';
import { loadCertificates } from './certificates.ts';
import type { Certificates, Identity as Certificate } from './certificates.ts';
import { shiftClock } from './clock.ts';
import { createBrowserHandler, createIssuerHandler } from './identity/handlers.ts';
import { clientIds } from './identity/clients.ts';
import { createIdentity } from './identity/provider.ts';
import { IdentityStore } from './identity/store.ts';
import { closeServer, listenOn, resolveHost } from './listeners.ts';
import type { PlaygroundOptions } from './options.ts';
import { loadJson, writePrivateFile } from './private-file.ts';
import { loadSecrets } from './secrets.ts';
import type { Secrets } from './secrets.ts';

const listeners = ['issuer', 'api', 'pages', 'selfSigned', 'expired', 'wrongHost', 'missingIntermediate'] as const;
type Listener = (typeof listeners)[number];
type Ports = Record<Listener, number>;

export interface Playground {
  /** The object of contracts §2. */
  readonly info: Readonly<Record<string, unknown>>;
  close(): Promise<void>;
}

function createServers(certificates: Certificates, handlers: Record<Listener, RequestListener>) {
  const secure = (listener: Listener, certificate: Certificate): HttpServer =>
    createHttps(
      {
        cert: certificate.cert,
        key: certificate.key,
        // A server completes its own chain from what it trusts; the one that forgets its intermediate must not know it.
        ca: listener === 'missingIntermediate' ? certificates.ca : certificates.clientCa,
        requestCert: true,
        rejectUnauthorized: false,
        keepAliveTimeout: 60_000,
      },
      handlers[listener],
    );
  return {
    issuer: secure('issuer', certificates.server),
    api: secure('api', certificates.server),
    pages: createHttp({ keepAliveTimeout: 60_000 }, handlers.pages),
    selfSigned: secure('selfSigned', certificates.selfSigned),
    expired: secure('expired', certificates.expired),
    wrongHost: secure('wrongHost', certificates.wrongHost),
    missingIntermediate: secure('missingIntermediate', certificates.missingIntermediate),
  } satisfies Record<Listener, HttpServer>;
}

/** Writes what a client needs as a file; resolves with the paths. */
async function writeClientFiles(folder: string, certificates: Certificates, secrets: Secrets) {
  const paths = {
    ca: join(folder, 'ca.pem'),
    jwks: join(folder, 'jwt-client.jwks.json'),
    key: join(folder, 'jwt-client.key.pem'),
    mtlsCert: join(folder, 'mtls-client.pem'),
    mtlsKey: join(folder, 'mtls-client.key.pem'),
  };
  const key = (await importJWK(secrets.jwtClientKey, 'ES256', { extractable: true })) as CryptoKey;
  await Promise.all([
    writePrivateFile(paths.ca, certificates.ca),
    writePrivateFile(paths.jwks, JSON.stringify({ keys: [secrets.jwtClientKey] }, null, 2)),
    writePrivateFile(paths.key, await exportPKCS8(key)),
    writePrivateFile(paths.mtlsCert, certificates.mtlsClient.cert),
    writePrivateFile(paths.mtlsKey, certificates.mtlsClient.key),
  ]);
  return paths;
}

interface Shown {
  readonly issuer: string;
  readonly api: string;
  readonly clients: { readonly confidential: { readonly client_id: string; readonly client_secret: string } };
  readonly apiKey: { readonly header: string; readonly value: string };
  readonly basic: { readonly username: string; readonly password: string };
}

/** What the tour asks somebody to type in, as the page at the root shows it. */
function toPracticeValues({ issuer, api, clients, apiKey, basic }: Shown): readonly (readonly [string, string])[] {
  return [
    ['API', api],
    ['Issuer', issuer],
    [`API key (${apiKey.header})`, apiKey.value],
    ['Service: client_id', clients.confidential.client_id],
    ['Service: client_secret', clients.confidential.client_secret],
    ['Basic and Digest: user name', basic.username],
    ['Basic and Digest: password', basic.password],
  ];
}

/**
 * Starts everything. `note` gets a line for each request and for faults. Rejects when the folder cannot be written or
 * the given port is taken.
 */
export async function startPlayground(options: PlaygroundOptions, note: (text: string) => void): Promise<Playground> {
  const folder = resolve(options.data);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [secrets, certificates, kept, host] = await Promise.all([
    loadSecrets(folder),
    loadCertificates(folder),
    loadJson(join(folder, 'ports.json')) as Promise<Partial<Ports> | undefined>,
    resolveHost(),
  ]);
  shiftClock(options.clockSkew);
  const store = await IdentityStore.load(folder);

  // The addresses are part of the issuer's name, so the servers listen first and get their handlers then.
  const handlers = Object.fromEntries(
    listeners.map((name): [Listener, RequestListener] => [name, (_request, response) => response.destroy()]),
  ) as Record<Listener, RequestListener>;
  const route = Object.fromEntries(
    listeners.map((name): [Listener, RequestListener] => [
      name,
      (request, response) => handlers[name](request, response),
    ]),
  ) as Record<Listener, RequestListener>;
  const servers = createServers(certificates, route);
  const close = async (): Promise<void> => {
    await Promise.all(listeners.map(async (name) => closeServer(servers[name])));
    await store.flush();
  };
  try {
    const ports = {} as Ports;
    for (const name of listeners) {
      const fixed = name === 'issuer' && options.port !== 0;
      ports[name] = await listenOn(servers[name], host, fixed ? options.port : (kept?.[name] ?? 0), fixed);
    }
    await writePrivateFile(join(folder, 'ports.json'), JSON.stringify(ports));
    const files = await writeClientFiles(folder, certificates, secrets);
    const https = (name: Listener): string => `https://${host}:${String(ports[name])}`;
    const pages = `http://${host}:${String(ports.pages)}`;
    const issuer = `${https('issuer')}/`;
    const { accessTokenTtl } = options;
    const identity = createIdentity({ issuer, api: https('api'), pages, secrets, store, accessTokenTtl });
    const api: Api = {
      origin: https('api'),
      issuer,
      pages,
      secrets,
      people: identity.people,
      verifyAccessToken: identity.verifyAccessToken,
      orders: createOrders(),
      seen: new Map(),
      counts: new Map(),
    };
    handlers.issuer = createIssuerHandler(identity, note);
    for (const name of ['api', 'selfSigned', 'expired', 'wrongHost', 'missingIntermediate'] as const) {
      handlers[name] = createApiHandler(api, note);
    }
    const { user, admin } = identity.people;
    const info = {
      issuer,
      api: https('api'),
      ca: files.ca,
      broken: {
        selfSigned: https('selfSigned'),
        expired: https('expired'),
        wrongHost: https('wrongHost'),
        missingIntermediate: https('missingIntermediate'),
      },
      clients: {
        native: { client_id: clientIds.native },
        confidential: { client_id: clientIds.confidential, client_secret: secrets.clientSecret },
        jwt: { client_id: clientIds.jwt, jwks: files.jwks, key: files.key },
        mtls: { client_id: clientIds.mtls, cert: files.mtlsCert, key: files.mtlsKey },
        device: { client_id: clientIds.device },
        legacy: { client_id: clientIds.legacy },
      },
      user: { username: user.username, password: user.password },
      admin: { username: admin.username, password: admin.password },
      apiKey: { ...keyNames, value: secrets.apiKey },
      basic: { username: passwordUser, password: secrets.basicPassword },
      pages,
    };
    handlers.pages = createBrowserHandler(identity, toPracticeValues(info), note);
    return { info, close };
  } catch (error) {
    await close();
    throw error;
  }
}
