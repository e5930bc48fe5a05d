/** Every state of the panel (ux.md E6), each as what brings it about. Screenshots and accessibility checks loop over them. */
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenPanel } from './open-panel.ts';
import { settled } from './open-panel.ts';
import {
  canary,
  chain,
  CountersignError,
  exchange,
  failedTrace,
  hop,
  jsonHeaders,
  memoryBody,
  now,
  orders,
  request,
  result,
  signedInTrace,
  times,
  tls,
} from './results.ts';
import { plain } from '../../../src/variables/tracked.ts';

export interface State {
  readonly name: string;
  readonly width?: number;
  readonly height?: number;
  /** What is shown tries what the policy refuses: the browser says so on the console. */
  readonly refused?: boolean;
  show(panel: OpenPanel): Promise<void>;
}

const ok = () =>
  result({
    exchange: exchange(orders, { encoded: 912, headers: [...jsonHeaders, ['content-encoding', 'gzip']] }),
    trace: signedInTrace,
    tests: [
      { name: 'status is 200', passed: true },
      { name: 'has orders', passed: true },
    ],
  });

const start = {
  runId: 'r1',
  title: 'listOrders',
  name: 'listOrders',
  method: 'GET',
  target: ['/slow?ms=5000'],
  host: '127.0.0.2:8443',
  secure: true,
  startedAt: now + 7_200_000 - 1800,
  who: { name: 'orders', identity: 'Ada Lovelace', person: true },
};

async function onTab(panel: OpenPanel, name: string): Promise<void> {
  const tab = panel.page.getByRole('tab', { name: new RegExp(`^${name}`) });
  if ((await tab.count()) > 0) await tab.click();
  else {
    await panel.page.getByRole('button', { name: 'More', exact: true }).click();
    await panel.page.getByRole('menuitem', { name: new RegExp(`^${name}`) }).click();
  }
  await settled(panel.page);
}

async function onView(panel: OpenPanel, name: string): Promise<void> {
  const front = panel.page.getByRole('radio', { name });
  if ((await front.count()) > 0) await front.click();
  else {
    await panel.page.getByRole('button', { name: 'More views' }).click();
    await panel.page.getByRole('menuitemcheckbox', { name }).click();
  }
  await settled(panel.page);
}

async function compared(panel: OpenPanel): Promise<void> {
  await panel.show(ok());
  const body = JSON.parse(orders) as { orders: Record<string, unknown>[] };
  const [first, second, ...rest] = body.orders;
  const changed = [
    { ...first, status: 'shipped', note: 'left at 9', token: canary },
    { ...second, total: 12.5 },
    ...rest.slice(1),
    { id: 'ord_NEW', status: 'open' },
  ];
  const next = exchange(JSON.stringify({ ...body, orders: changed }), { headers: [...jsonHeaders, ['etag', '"2"']] });
  await panel.show(result({ exchange: next }));
  await panel.page.locator('body').press('d');
  await panel.page.waitForSelector('.difference');
  await settled(panel.page);
}

/** Four identities, one of which reads what it should not; the last one could not be sent. */
export async function asSeveral(panel: OpenPanel): Promise<void> {
  const credential = (name: string, label: string) =>
    ({ name, scheme: 'bearer', chosenBy: 'override', identity: { label, verified: true } }) as const;
  const as = (name: string, facts: object) => ({ comparison: { as: name, ...facts } });
  const alike = () => exchange(orders, { headers: jsonHeaders });
  const other = exchange(JSON.stringify({ orders: [], token: canary }), { headers: jsonHeaders });
  await panel.show(
    result({
      credential: credential('orders', 'Ada Lovelace'),
      exchange: alike(),
      ...as('orders', { expected: '200', asExpected: true, body: { kind: 'reference' } }),
    }),
  );
  await panel.show(
    result({
      credential: credential('admin', `Grace ${canary} Hopper`),
      exchange: other,
      ...as('admin', { expected: '2xx', asExpected: true, body: { kind: 'differs', from: 'orders', differences: 3 } }),
    }),
  );
  await panel.show(
    result({
      credential: credential('orders-2', 'Alan Turing'),
      exchange: alike(),
      ...as('orders-2', { expected: '403', asExpected: false, body: { kind: 'same', as: 'orders' } }),
    }),
  );
  const error = new CountersignError('CS-BIND-ORIGIN', 'batch may not go to https://127.0.0.2:8443.');
  await panel.show(result({ credential: undefined, attached: [], error, ...as('batch', {}) }));
  await panel.post({ type: 'show-tab', tab: 'identities' });
  await panel.page.waitForSelector('.identities');
  await settled(panel.page);
}

async function sending(panel: OpenPanel): Promise<void> {
  await panel.post({ type: 'start', run: start });
  await panel.post({
    type: 'steps',
    runId: 'r1',
    steps: [
      { id: 'a', title: 'Signed in as Ada Lovelace', state: 'done', at: 2, note: 'from the vault' },
      { id: 'connect', title: 'Connected, certificate verified', state: 'done', at: 33 },
      { id: 'send', title: 'Request sent', state: 'done', at: 34 },
      { id: 'wait', title: 'Waiting for the first byte', state: 'running', at: 34 },
    ],
  });
  await panel.page.clock.setFixedTime(now + 7_200_000 + 400);
  await panel.page.waitForSelector('[data-cancel]');
}

const tlsChain = [{ ...chain[0], validTo: '2026-11-12T09:00:00.000Z' }, ...chain.slice(1)];

/** A page that tries what pages can try; its styles are its own affair. */
export const hostilePage = `<!doctype html><html lang="en"><head><title>Report</title>
<meta http-equiv="refresh" content="0;url=https://evil.example/meta"><base href="https://evil.example/">
<link rel="stylesheet" href="https://evil.example/a.css"><script>parent.postMessage('ran','*');location='https://evil.example/js'</script>
<style>@import 'https://evil.example/import.css'; h1 { color: rgb(1, 2, 3); background: url(https://evil.example/bg.png) }
@font-face { font-family: x; src: url(https://evil.example/x.woff) } body { font-family: x, sans-serif }</style></head>
<body onload="fetch('https://evil.example/onload')"><h1>Orders of November</h1>
<p style="color: rgb(4, 5, 6); background-image: url(https://evil.example/inline.png)">Three orders, 118.40 in all. ${canary}</p>
<img src="https://evil.example/pixel.png" onerror="fetch('https://evil.example/onerror')" alt="A chart">
<svg width="20" height="20"><image href="https://evil.example/svg.png"/><a xlink:href="javascript:alert(1)"><circle r="9" cx="10" cy="10"/></a></svg>
<iframe src="https://evil.example/frame"></iframe><object data="https://evil.example/o"></object><video src="https://evil.example/v" autoplay></video>
<form action="https://evil.example/form"><button formaction="https://evil.example/b">Pay</button><input name="q" autofocus></form>
<a id="out" href="https://evil.example/link" ping="https://evil.example/ping" target="_top">Details</a> <a href="command:workbench.action.terminal.new">Terminal</a> <a href="vscode://evil.example/cb?code=x">Open</a>
<table><tr><th>Order</th><th>Total</th></tr><tr><td>ord_1</td><td>59.90</td></tr></table></body></html>`;

export const states: readonly State[] = [
  { name: 'json', show: (panel) => panel.show(ok()) },
  { name: 'json-320', width: 320, height: 430, show: (panel) => panel.show(ok()) },
  { name: 'json-wide', width: 1400, height: 480, show: (panel) => panel.show(ok()) },
  { name: 'json-860', width: 900, height: 600, show: (panel) => panel.show(ok()) },
  {
    name: 'selected-row',
    show: async (panel) => {
      await panel.show(ok());
      await panel.page.locator('cs-tree').focus();
      for (let i = 0; i < 7; i++) await panel.page.keyboard.press('ArrowDown');
      await settled(panel.page);
    },
  },
  {
    name: 'find',
    show: async (panel) => {
      await panel.show(ok());
      await panel.page.fill('#find', 'nilofer');
      await panel.page.waitForFunction(() => document.querySelector('#find-count')?.textContent.includes('of'));
      await settled(panel.page);
    },
  },
  {
    name: 'filter',
    show: async (panel) => {
      await panel.show(ok());
      await panel.page.fill('#find', '$.orders[?(@.paid == true)].id');
      await panel.page.waitForFunction(() => document.querySelector('#find-count')?.textContent.includes('match'));
      await settled(panel.page);
    },
  },
  {
    name: 'filter-error',
    show: async (panel) => {
      await panel.show(ok());
      await panel.page.fill('#find', '$.orders[?(@.paid');
      await panel.page.waitForSelector('#find-error');
    },
  },
  {
    name: 'text',
    show: async (panel) => {
      await panel.show(ok());
      await panel.page.getByRole('radio', { name: 'Text' }).click();
      await settled(panel.page);
    },
  },
  {
    name: 'table',
    width: 620,
    show: async (panel) => {
      await panel.show(ok());
      await onView(panel, 'Table');
      await panel.page.locator('#column-3').click();
      await panel.page.waitForSelector('[aria-sort]');
      await panel.page.keyboard.press('ArrowDown');
      await panel.page.keyboard.press('ArrowDown');
      await settled(panel.page);
    },
  },
  {
    name: 'table-columns',
    show: async (panel) => {
      await panel.show(ok());
      await onView(panel, 'Table');
      await panel.page.getByRole('button', { name: 'Columns' }).click();
      await panel.page.waitForSelector('[role=menu]');
    },
  },
  {
    name: 'csv',
    height: 400,
    show: (panel) =>
      panel.show(
        result({
          exchange: exchange('id;customer;total\n1;Ada;59.90\n2;"Lovelace; Ltd";12\n3;=HYPERLINK("https://x");7\n', {
            headers: [['content-type', 'text/csv']],
          }),
        }),
      ),
  },
  {
    name: 'no-table',
    height: 400,
    show: async (panel) => {
      await panel.show(result({ exchange: exchange('{"id": 1}', { headers: jsonHeaders }) }));
      await onView(panel, 'Table');
    },
  },
  { name: 'identities', show: (panel) => asSeveral(panel) },
  { name: 'compare', show: (panel) => compared(panel) },
  { name: 'compare-beside', width: 1000, height: 420, show: (panel) => compared(panel) },
  {
    name: 'compare-same',
    height: 400,
    show: async (panel) => {
      await panel.show(ok());
      await panel.show(ok());
      await panel.page.locator('body').press('d');
      await panel.page.waitForSelector('.compare-head');
      await panel.page.fill('#ignored', 'updatedAt');
      await panel.page.locator('#ignored').press('Enter');
      await panel.page.waitForSelector('#ignored-error');
    },
  },
  {
    name: 'headers',
    show: async (panel) => {
      await panel.show(ok());
      await onTab(panel, 'Headers');
    },
  },
  {
    name: 'headers-480',
    width: 480,
    show: async (panel) => {
      await panel.show(ok());
      await onTab(panel, 'Headers');
    },
  },
  {
    name: 'cookies',
    show: async (panel) => {
      await panel.show(ok());
      await onTab(panel, 'Cookies');
    },
  },
  {
    name: 'request',
    show: async (panel) => {
      await panel.show(
        result({
          ...ok(),
          request: {
            ...request,
            method: 'POST',
            bodyBytes: 40,
            body: plain('{"customer": "C-1042"}'),
            strippedLines: 1,
          },
        }),
      );
      await onTab(panel, 'Request');
    },
  },
  {
    name: 'tests',
    show: async (panel) => {
      await panel.show(
        result({
          ...ok(),
          tests: [
            { name: 'status is 200', passed: true },
            { name: 'has 20 orders', passed: false, message: 'expected 20, got 19', line: 22 },
          ],
        }),
      );
      await onTab(panel, 'Tests');
    },
  },
  {
    name: 'security',
    show: async (panel) => {
      await panel.show(ok());
      await onTab(panel, 'Security');
    },
  },
  {
    name: 'sign-in',
    show: async (panel) => {
      await panel.show(ok());
      await onTab(panel, 'Sign-in');
    },
  },
  {
    name: 'timing-hops',
    width: 900,
    height: 640,
    show: async (panel) => {
      const hops = [
        hop({
          url: 'https://api.example.com/v2/exports/latest',
          response: { status: 302, statusText: 'Found', httpVersion: '2', headers: [] },
          timings: times({ dns: 12, connect: 21, tls: 37, request: 1, firstByte: 55, download: 1, total: 127 }),
        }),
        hop({
          url: 'https://eu.api.example.com/v2/exports/8841',
          why: 'redirect 302',
          response: { status: 307, statusText: 'Temporary Redirect', httpVersion: '2', headers: [] },
          timings: times({ connect: 24, tls: 42, request: 0, firstByte: 41, download: 0, total: 107 }),
        }),
        hop({
          url: 'https://files.example.net/x/8841.csv',
          why: 'redirect 307',
          timings: times({ dns: 15, connect: 25, tls: 36, request: 0, firstByte: 52, download: 40, total: 168 }),
        }),
      ];
      await panel.show(
        result({
          exchange: exchange('a;b\n1;2\n', { hops, headers: [['content-type', 'text/csv']] }),
          credential: {
            name: 'batch',
            scheme: 'oauth2',
            identity: { label: 'export-job', verified: true },
            chosenBy: 'directive',
          },
          trace: { ...failedTrace, outcome: 'ok' },
          attached: [
            { hop: 0, attached: true },
            { hop: 1, attached: true },
            { hop: 2, attached: false, reason: 'files.example.net is not one of its origins' },
          ],
        }),
      );
      await onTab(panel, 'Timing');
    },
  },
  {
    name: 'timing-table',
    show: async (panel) => {
      await panel.show(ok());
      await onTab(panel, 'Timing');
      await panel.page.getByRole('button', { name: 'As table' }).click();
    },
  },
  { name: 'idle', height: 400, show: (panel) => panel.post({ type: 'idle' }) },
  { name: 'sending', height: 400, width: 480, show: sending },
  {
    name: 'sending-again',
    height: 400,
    show: async (panel) => {
      await panel.show(ok());
      await sending(panel);
    },
  },
  {
    name: 'streaming',
    height: 400,
    show: async (panel) => {
      await sending(panel);
      await panel.post({
        type: 'head',
        runId: 'r1',
        head: { status: 200, statusText: 'OK', httpVersion: '2', mediaType: 'text/event-stream' },
      });
      await panel.post({ type: 'progress', runId: 'r1', bytes: 2_400_000, encodedBytes: 2_400_000 });
    },
  },
  {
    name: 'no-content',
    height: 400,
    show: (panel) =>
      panel.show(
        result({
          name: 'removeOrder',
          exchange: exchange('', { status: 204, statusText: 'No Content', headers: jsonHeaders.slice(2, 8) }),
        }),
      ),
  },
  {
    name: 'forbidden',
    show: (panel) =>
      panel.show(
        result({
          exchange: exchange('{"error":"insufficient_scope","detail":"orders.write is needed to create an order"}', {
            status: 403,
            statusText: 'Forbidden',
            headers: [
              ['content-type', 'application/problem+json'],
              ['www-authenticate', 'Bearer error="insufficient_scope", scope="orders.write"'],
            ],
          }),
        }),
      ),
  },
  {
    name: 'set-up',
    height: 500,
    show: (panel) =>
      panel.show(
        result({
          credential: undefined,
          attached: [],
          exchange: exchange('{"title":"Who are you?","detail":"Nobody is behind this request.","status":401}', {
            status: 401,
            statusText: 'Unauthorized',
            headers: [
              ['content-type', 'application/problem+json'],
              [
                'www-authenticate',
                'Bearer resource_metadata="https://127.0.0.2:8443/.well-known/oauth-protected-resource"',
              ],
            ],
          }),
        }),
      ),
  },
  {
    name: 'server-error',
    height: 500,
    show: (panel) =>
      panel.show(
        result({
          exchange: exchange(
            '<!doctype html>\n<title>500</title>\n<h1>Something failed on our side</h1>\n<p>Reference 0f5b7c3e</p>\n<script>alert(1)</script>',
            {
              status: 500,
              statusText: 'Internal Server Error',
              headers: [['content-type', 'text/html']],
            },
          ),
        }),
      ),
  },
  {
    name: 'preview',
    refused: true,
    height: 500,
    show: async (panel) => {
      await panel.show(
        result({ exchange: exchange(hostilePage, { headers: [['content-type', 'text/html']] }), name: 'page' }),
      );
      await onView(panel, 'Preview');
      await panel.page.waitForSelector('iframe');
    },
  },
  {
    name: 'refused',
    height: 500,
    show: (panel) =>
      panel.show(
        result({
          error: new CountersignError('CS-NET-REFUSED', 'Nothing answers at 127.0.0.2:8443.', {
            next: 'Start the API, or change api in orders.http, line 2.',
            place: { file: '/project/orders.http', line: 2 },
            facts: { host: '127.0.0.2', phase: 'connect' },
          }),
        }),
      ),
  },
  {
    name: 'proxy',
    height: 500,
    width: 360,
    show: (panel) =>
      panel.show(
        result({
          error: new CountersignError('CS-NET-PROXY', 'The proxy proxy.example.com:3128 asks for a sign-in (407).', {
            facts: { host: 'api.example.com', phase: 'proxy', proxy: 'http://proxy.example.com:3128' },
          }),
        }),
      ),
  },
  {
    name: 'tls-expired',
    width: 760,
    height: 760,
    show: (panel) =>
      panel.show(
        result({
          error: new CountersignError('CS-TLS-EXPIRED', 'The certificate of 127.0.0.2 ended on 12 November 2026.', {
            facts: {
              chain: tlsChain,
              certificate: 0,
              protocol: 'TLS 1.3',
              cipher: 'AES-128-GCM',
              keyExchange: 'X25519',
            },
          }),
        }),
      ),
  },
  {
    name: 'exception',
    height: 500,
    show: (panel) =>
      panel.show(
        result({
          exchange: exchange(orders, {
            tls: {
              ...tls,
              authorized: false,
              code: 'CS-TLS-EXPIRED',
              chain: tlsChain as typeof chain,
              trustedBy: 'pin',
              exception: { kind: 'pin', origin: 'https://127.0.0.2:8443', expires: Date.UTC(2026, 11, 1) },
            },
          }),
        }),
      ),
  },
  {
    name: 'sign-in-failed',
    width: 760,
    height: 760,
    show: (panel) =>
      panel.show(
        result({
          name: 'latestExport',
          credential: {
            name: 'batch',
            scheme: 'oauth2',
            identity: { label: 'export-job', verified: true },
            chosenBy: 'directive',
          },
          trace: failedTrace,
          error: new CountersignError('CS-AUTH-CLIENT', 'The identity provider does not accept the client secret.', {
            facts: {
              fix: {
                title: 'Try client_secret_basic_raw',
                field: 'token_endpoint_auth_method',
                value: 'client_secret_basic_raw',
              },
            },
          }),
        }),
      ),
  },
  {
    name: 'cancelled',
    height: 400,
    show: (panel) =>
      panel.show(result({ error: new CountersignError('CS-NET-CANCELLED', 'The request was cancelled.', {}) })),
  },
  {
    name: 'broke-off',
    height: 500,
    show: (panel) => {
      const error = new CountersignError('CS-BODY-TRUNCATED', 'The body of 127.0.0.2 ended early.', {});
      return panel.show(result({ error, exchange: exchange(orders.slice(0, 700), { bodyError: error }) }));
    },
  },
  {
    name: 'huge',
    width: 480,
    show: async (panel) => {
      const rows = Array.from({ length: 25_000 }, (_, i) => ({ id: `ord_${String(i)}`, total: i / 10, open: true }));
      const bytes = new TextEncoder().encode(JSON.stringify({ rows }));
      const file = join(tmpdir(), `countersign-huge-${String(process.pid)}.json`);
      await writeFile(file, bytes);
      const big = exchange(bytes);
      await panel.show(result({ exchange: { ...big, body: memoryBody(bytes, bytes.length, file) } }));
      await panel.page.fill('#find', 'ord_10412');
      await panel.page.waitForFunction(() => document.querySelector('#find-count')?.textContent.includes('of'));
      await settled(panel.page);
    },
  },
  {
    name: 'binary',
    height: 500,
    show: (panel) => {
      const bytes = Uint8Array.from({ length: 700 }, (_, i) =>
        i < 3 ? ([0x1f, 0x8b, 0x08][i] as number) : (i * 73) % 256,
      );
      return panel.show(
        result({ exchange: exchange(bytes, { headers: [['content-type', 'application/octet-stream']] }) }),
      );
    },
  },
  {
    name: 'image',
    height: 500,
    show: async (panel) => {
      const svg =
        '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="180"><rect width="320" height="180" fill="#36c"/><circle cx="80" cy="60" r="24" fill="#fc3"/></svg>';
      await panel.show(result({ exchange: exchange(svg, { headers: [['content-type', 'image/svg+xml']] }) }));
      await panel.page.waitForSelector('img');
    },
  },
  {
    name: 'pdf',
    height: 400,
    show: (panel) =>
      panel.show(
        result({
          name: 'doc.pdf',
          exchange: exchange('%PDF-1.7 \n', { headers: [['content-type', 'application/pdf']] }),
        }),
      ),
  },
  {
    name: 'not-json',
    height: 500,
    show: async (panel) => {
      await panel.show(result({ exchange: exchange('{\n  "a": 1,\n  "b": oops\n}') }));
      await panel.page.waitForSelector('.note-bar');
      await settled(panel.page);
    },
  },
  {
    name: 'xml-path',
    height: 500,
    show: async (panel) => {
      const orders = `<orders xmlns="urn:orders" count="2"><order id="1"><total>59.90</total></order><order id="2"><total>12</total><note>${canary}</note></order></orders>`;
      await panel.show(result({ exchange: exchange(orders, { headers: [['content-type', 'application/xml']] }) }));
      await onView(panel, 'Tree');
      await panel.page.fill('#find', '//order[total > 20]');
      await panel.page.waitForFunction(() => document.querySelector('#find-count')?.textContent.includes('match'));
      await settled(panel.page);
    },
  },
  {
    name: 'events',
    height: 500,
    show: (panel) =>
      panel.show(
        result({
          exchange: exchange('event: price\nid: 7\ndata: {"sku":"KB-75","price":129.50}\n\n: alive\n\ndata: bye\n\n', {
            headers: [['content-type', 'text/event-stream']],
          }),
        }),
      ),
  },
  {
    name: 'token',
    height: 500,
    show: async (panel) => {
      const token = 'eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhZGEiLCJleHAiOjE3OTU1MjE4NzF9.c2ln';
      await panel.show(result({ exchange: exchange(JSON.stringify({ id_token: token }), { headers: jsonHeaders }) }));
      await panel.page.locator('cs-tree').focus();
      await panel.page.keyboard.press('ArrowDown');
      await panel.page.keyboard.press('Shift+F10');
      await panel.page.getByRole('menuitem', { name: 'Show Decoded Token' }).click();
      await panel.page.waitForSelector('[role=dialog]');
      await settled(panel.page);
    },
  },
  {
    name: 'not-cbor',
    height: 500,
    show: async (panel) => {
      const bytes = Uint8Array.of(0xa1, 0x61, 0x61, 0x1c);
      await panel.show(result({ exchange: exchange(bytes, { headers: [['content-type', 'application/cbor']] }) }));
      await panel.page.waitForSelector('.note-bar');
      await settled(panel.page);
    },
  },
  {
    name: 'unknown-charset',
    height: 400,
    show: (panel) =>
      panel.show(
        result({
          exchange: exchange('text in some charset\n', {
            headers: [['content-type', 'text/plain; charset=x-klingon']],
          }),
        }),
      ),
  },
  {
    name: 'echoed-secret',
    height: 500,
    show: (panel) =>
      panel.show(
        result({
          exchange: exchange(
            JSON.stringify({
              headers: { authorization: `Bearer ${canary}`, host: '127.0.0.2' },
              control: 'a\u001b[31m\u202eb',
              wide: 'ش‎ع',
            }),
          ),
        }),
      ),
  },
  {
    name: 'restored',
    height: 400,
    show: (panel) =>
      panel.post({
        type: 'restored',
        facts: {
          runId: 'r0',
          title: 'listOrders',
          name: 'listOrders',
          method: 'GET',
          target: '/orders?status=open&limit=20',
          host: '127.0.0.2:8443',
          status: '200 OK',
          family: 'ok',
          at: now,
          line: 7,
          path: '/project/orders.http',
        },
      }),
  },
  {
    name: 'help',
    show: async (panel) => {
      await panel.show(ok());
      await panel.page.locator('cs-tree').focus();
      await panel.page.keyboard.press('?');
      await panel.page.waitForSelector('[role=dialog]');
    },
  },
  {
    name: 'row-menu',
    show: async (panel) => {
      await panel.show(ok());
      await panel.page.locator('cs-tree').focus();
      await panel.page.keyboard.press('ArrowDown');
      await panel.page.keyboard.press('Shift+F10');
      await panel.page.waitForSelector('[role=menu]');
    },
  },
];
