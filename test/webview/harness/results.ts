/** Outcomes of runs for the panel's states, built like the engine builds them; bodies rest in memory. */
import { CountersignError } from '../../../src/errors/countersign-error.ts';
import type {
  CertificateInfo,
  Exchange,
  HeaderPair,
  Hop,
  SpooledBody,
  Timings,
  TlsInfo,
} from '../../../src/http/types.ts';
import type { Trace } from '../../../src/oauth/types.ts';
import type { RunResult, SentRequest } from '../../../src/run/types.ts';
import { concat, plain, secret } from '../../../src/variables/tracked.ts';

export const now = Date.UTC(2026, 10, 24, 12, 4, 31);
export const canary = 'eyJhbGciOiJFUzI1NiJ9.canary-9f31c7.sig';

export function memoryBody(bytes: Uint8Array, encodedBytes = bytes.length, file?: string): SpooledBody {
  return {
    bytes: bytes.length,
    encodedBytes,
    complete: true,
    ...(file === undefined ? {} : { file }),
    read: (start, end) => Promise.resolve(bytes.subarray(start, end)),
    bytesUpTo: () => Promise.resolve(bytes),
    async *stream() {
      yield bytes;
    },
    dispose: () => Promise.resolve(),
  };
}

export function times(change: Partial<Timings> = {}): Timings {
  return {
    queued: null,
    dns: null,
    connect: 3,
    proxy: null,
    tls: 12,
    request: 1,
    firstByte: 66,
    download: 2,
    total: 84,
    ...change,
  };
}

function certificate(change: Partial<CertificateInfo>): CertificateInfo {
  return {
    subject: 'CN=127.0.0.2',
    issuer: 'CN=Playground Issuing CA',
    san: ['IP Address:127.0.0.2', 'DNS:orders.playground.test'],
    validFrom: '2026-08-12T09:00:00.000Z',
    validTo: '2027-01-03T13:00:00.000Z',
    fingerprint256: '9C:41:0F:7B:E2:55:3A:D8:61:C4:1E:90:7F:2B:A6:13:9C:41:0F:7B:E2:55:3A:D8:61:C4:1E:90:7F:2B:5D:E0',
    key: 'ECDSA P-256',
    serialNumber: '0A1B',
    selfSigned: false,
    pem: '',
    ...change,
  };
}

export const chain: readonly CertificateInfo[] = [
  certificate({}),
  certificate({
    subject: 'CN=Playground Issuing CA',
    issuer: 'CN=Playground Root CA',
    san: [],
    validTo: '2029-01-03T13:00:00.000Z',
  }),
  certificate({
    subject: 'CN=Playground Root CA',
    issuer: 'CN=Playground Root CA',
    san: [],
    selfSigned: true,
    validTo: '2036-01-01T13:00:00.000Z',
  }),
];

export const tls: TlsInfo = {
  protocol: 'TLS 1.3',
  cipher: 'AES-128-GCM',
  keyExchange: 'X25519',
  alpn: 'h2',
  authorized: true,
  chain,
  trustedBy: '/home/ada/ca.pem',
  reused: false,
};

export const request: SentRequest = {
  method: 'GET',
  url: plain('https://127.0.0.2:8443/orders?status=open&limit=20'),
  headers: [
    { name: 'host', value: plain('127.0.0.2:8443') },
    { name: 'accept', value: plain('application/json') },
    { name: 'authorization', value: concat([plain('Bearer '), secret(canary, 'orders access token')]) },
    { name: 'user-agent', value: plain('countersign/1.0') },
    { name: 'accept-encoding', value: plain('gzip, deflate, br') },
  ],
  httpVersion: 'HTTP/2',
  bodyBytes: 0,
  strippedLines: 0,
};

export const jsonHeaders: readonly HeaderPair[] = [
  ['content-type', 'application/json; charset=utf-8'],
  ['content-length', '2431'],
  ['cache-control', 'private, no-store'],
  ['date', 'Tue, 24 Nov 2026 12:04:31 GMT'],
  ['etag', 'W/"97f-3kq1"'],
  ['link', '</orders?status=open&after=ord_7F3A9>; rel="next"'],
  ['ratelimit-limit', '600'],
  ['ratelimit-remaining', '598'],
  ['set-cookie', 'region=eu-1; Path=/; HttpOnly'],
  ['strict-transport-security', 'max-age=31536000'],
  ['x-request-id', '0f5b7c3e-8f0e-4f7b'],
];

export function hop(change: Partial<Hop> = {}): Hop {
  return {
    method: 'GET',
    url: 'https://127.0.0.2:8443/orders?status=open&limit=20',
    headers: [],
    bodyBytes: 0,
    response: { status: 200, statusText: 'OK', httpVersion: '2', headers: [] },
    timings: times(),
    tls,
    reusedConnection: false,
    why: 'first',
    ...change,
  };
}

export function exchange(
  body: string | Uint8Array,
  change: {
    readonly status?: number;
    readonly statusText?: string;
    readonly headers?: readonly HeaderPair[];
    readonly hops?: readonly Hop[];
    readonly tls?: TlsInfo;
    readonly bodyError?: Error;
    readonly encoded?: number;
    readonly file?: string;
  } = {},
): Exchange {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const response = {
    status: change.status ?? 200,
    statusText: change.statusText ?? 'OK',
    httpVersion: '2',
    headers: change.headers ?? jsonHeaders,
  };
  return {
    hops: change.hops ?? [hop({ response })],
    response,
    body: memoryBody(bytes, change.encoded, change.file),
    tls: change.tls ?? tls,
    timings: times(),
    ...(change.bodyError ? { bodyError: change.bodyError } : {}),
  };
}

export function result(change: Partial<RunResult> = {}): RunResult {
  return {
    id: `run-${String(Math.random()).slice(2)}`,
    startedAt: now,
    path: '/project/orders.http',
    name: 'listOrders',
    title: 'List open orders',
    line: 7,
    environment: 'local',
    request,
    credential: {
      name: 'orders',
      scheme: 'oauth2',
      identity: { label: 'Ada Lovelace', verified: true },
      chosenBy: 'directive',
    },
    attached: [{ hop: 0, attached: true }],
    exchange: undefined,
    trace: undefined,
    tests: [],
    error: undefined,
    notes: [],
    secretSent: false,
    ...change,
  };
}

export const signedInTrace: Trace = {
  credential: 'orders',
  grant: 'authorization_code',
  startedAt: now - 33_000,
  outcome: 'ok',
  steps: [
    step('Read the definition', 1, 'countersign.json, approved today 11:58'),
    step('Discover the provider', 64, '127.0.0.2:8444 · issuer matches', 'OIDC Discovery, 4'),
    step('Open the browser', 12, 'code_challenge_method S256 · state and nonce made for this sign-in', 'RFC 8252, 6'),
    step('Receive the redirect', 8200, '127.0.0.1:53817 · state matches · iss matches (RFC 9207)', 'RFC 8252, 7.3'),
    step('Exchange the code', 41, 'token_type Bearer · expires_in 3600 · scope as asked', 'RFC 6749, 4.1.3'),
    step('Check the ID token', 3, 'signature ES256 · aud, nonce, exp match', 'OIDC Core, 3.1.3.7'),
    step('Store the session', 6, 'system secret store'),
  ],
};

export const failedTrace: Trace = {
  credential: 'batch',
  grant: 'client_credentials',
  startedAt: now,
  outcome: 'failed',
  code: 'CS-AUTH-CLIENT',
  cause: 'the secret holds a “+” or “/”, and this provider expects it unencoded.',
  steps: [
    step('Read the definition', 2, 'countersign.json, unchanged since you approved it on 20 Nov'),
    step(
      'Discover the provider',
      118,
      'idp.example.com/.well-known/oauth-authorization-server · issuer matches',
      'RFC 8414, 3',
    ),
    step(
      'Choose client authentication',
      0,
      'client_secret_basic: named in the definition, offered by the provider',
      'RFC 6749, 2.3',
    ),
    {
      ...step('Ask for a token', 91, '401 from idp.example.com/token', 'RFC 6749, 4.4'),
      outcome: 'failed',
      request: `POST /token HTTP/1.1\nhost: idp.example.com\nauthorization: Basic ${canary}\n\ngrant_type=client_credentials&scope=exports.read`,
      response: 'HTTP/1.1 401 Unauthorized\n\n{"error":"invalid_client","error_description":"bad credentials"}',
    },
    { ...step('Store the session', 0), outcome: 'skipped' },
  ],
};

function step(title: string, durationMs: number, detail?: string, rule?: string): Trace['steps'][number] {
  return {
    id: title,
    title,
    startedAt: now,
    durationMs,
    outcome: 'ok',
    ...(detail === undefined ? {} : { detail }),
    ...(rule === undefined ? {} : { rule: { text: rule, url: 'https://www.rfc-editor.org/rfc/rfc6749' } }),
  };
}

export const orders = JSON.stringify({
  orders: Array.from({ length: 20 }, (_, i) => ({
    id: `ord_7F3K${String(i)}`,
    status: 'open',
    customer: { id: `C-10${String(42 + i)}`, name: 'Nilofer Rahmani', email: 'nilofer@example.com' },
    items: [
      { sku: 'KB-75-ISO', quantity: 2, price: 129.5 },
      { sku: 'WR-GEL', quantity: 1, price: 89 },
    ],
    total: 348,
    createdAt: '2026-11-24T09:41:07Z',
    paid: i % 3 === 0,
  })),
  page: { limit: 20, next: '/orders?status=open&after=ord_7F3A9', total: 57, self: 'https://127.0.0.2:8443/orders' },
});

export { CountersignError };
