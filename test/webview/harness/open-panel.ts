/**
 * The built panel in a real browser, behind the same policy a webview has, answered by the same code the extension
 * host runs. `page.html` is plain; theme variables are set as VS Code sets them.
 */
import { createServer, type Server } from 'node:http';
import { readFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright-core';
import { Comparisons } from '../../../src/vscode/response-panel/comparisons.ts';
import { IdentityMatrix } from '../../../src/vscode/response-panel/identity-matrix.ts';
import type { PanelActions } from '../../../src/vscode/response-panel/panel-actions.ts';
import { noAnswer, ShownAnswer } from '../../../src/vscode/response-panel/shown-answer.ts';
import { loadBodyModel, noBody } from '../../../src/vscode/response-panel/to-body-model.ts';
import { toTarget } from '../../../src/vscode/response-panel/to-response-model.ts';
import type { FindSecrets } from '../../../src/response/shown-text.ts';
import type { RunResult } from '../../../src/run/types.ts';
import { toFromPanel, type FromPanel, type ToPanel } from '../../../src/webview/protocol.ts';
import { shippedBundles } from '../../support/shipped-bundles.ts';
import { canary, now } from './results.ts';
import { themes, themeStyle, type ThemeName } from './themes.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
export const workerUrl = new URL('../../../src/response/json-index.worker.ts', import.meta.url);

/** Finds the planted canary, as the redactor finds live secrets. */
export const findCanary: FindSecrets = (text) => {
  const spans = [];
  for (let at = text.indexOf(canary); at >= 0; at = text.indexOf(canary, at + 1)) {
    spans.push({ start: at, end: at + canary.length, label: 'orders access token' });
  }
  return spans;
};

async function buildPanel(outdir: string): Promise<void> {
  await rm(outdir, { recursive: true, force: true });
  const { webview } = await shippedBundles(outdir);
  await build({ ...webview, metafile: false });
}

export interface OpenPanel {
  readonly page: Page;
  /** Every message the panel sent, but questions. */
  readonly sent: FromPanel[];
  /** Every message it got, as text: what must not hold a secret. */
  readonly received: string[];
  post(message: ToPanel): Promise<void>;
  setTheme(theme: ThemeName): Promise<void>;
  show(result: RunResult): Promise<void>;
  close(): Promise<void>;
}

export interface Harness {
  open(options: {
    readonly theme: ThemeName;
    readonly width?: number;
    readonly height?: number;
    readonly dir?: 'rtl';
    readonly scale?: number;
    readonly forcedColors?: boolean;
  }): Promise<OpenPanel>;
  close(): Promise<void>;
}

export async function startHarness(): Promise<Harness> {
  const out = join(root, '.cache/webview-harness');
  await buildPanel(out);
  const server = await serve(join(out, 'webview'));
  const { port } = server.address() as AddressInfo;
  const browser = await launch();
  return {
    open: (options) => openPanel(browser, `http://127.0.0.1:${String(port)}`, options),
    async close() {
      await browser.close();
      server.close();
    },
  };
}

async function launch(): Promise<Browser> {
  const candidates = [
    process.env['CHROME_PATH'],
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ];
  const executablePath = candidates.find((path) => path !== undefined && existsSync(path));
  if (executablePath === undefined) throw new Error('no Chromium found: set CHROME_PATH');
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--force-color-profile=srgb', '--lang=en-GB'] });
}

const nonce = 'harnessnonce';
const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; font-src 'self'; img-src blob:`;

async function serve(outdir: string): Promise<Server> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/') {
      const theme = url.searchParams.get('theme') as ThemeName;
      const dir = url.searchParams.get('dir') === 'rtl' ? ' dir="rtl"' : '';
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.setHeader('content-security-policy', policy);
      response.end(`<!doctype html><html lang="en"${dir}><head><title>Response</title><style nonce="${nonce}">html { ${themeStyle(theme)} }</style>
<script nonce="${nonce}">
  let state;
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => { window.fromPanel(JSON.stringify(message)); },
    getState: () => state,
    setState: (next) => { state = next; },
  });
</script></head><body><div id="app"></div><script nonce="${nonce}" type="module" src="/response.js"></script></body></html>`);
      return;
    }
    const file = join(outdir, url.pathname.replace(/\.\./g, ''));
    readFile(file).then(
      (bytes) => {
        response.setHeader('content-type', file.endsWith('.js') ? 'text/javascript' : 'font/ttf');
        response.end(bytes);
      },
      () => {
        response.statusCode = 404;
        response.end();
      },
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

async function openPanel(browser: Browser, base: string, options: Parameters<Harness['open']>[0]): Promise<OpenPanel> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 560, height: options.height ?? 800 },
    deviceScaleFactor: options.scale ?? 1,
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    ...(options.forcedColors ? { forcedColors: 'active' as const } : {}),
  });
  const page = await context.newPage();
  await page.clock.setFixedTime(now + 3_600_000 * 2);
  const sent: FromPanel[] = [];
  const received: string[] = [];
  let answer: ShownAnswer | undefined;
  const comparisons = new Comparisons(findCanary, (message) => void post(message));
  const identities = new IdentityMatrix(findCanary, (message) => void post(message));
  const actions = {
    pickAnswer: () => Promise.resolve(0),
    ignoredPaths: () => ['headers.date'],
    openDifferences: (before: string, after: string) =>
      void sent.push({ type: 'copy', what: 'text', text: `${before}\n--\n${after}` }),
  } as unknown as PanelActions;
  let ready: () => void = () => undefined;
  const isReady = new Promise<void>((done) => (ready = done));
  const post = async (message: ToPanel): Promise<void> => {
    received.push(JSON.stringify(message));
    const image =
      message.type === 'answer' && message.answer.kind === 'image'
        ? [...new Uint8Array(message.answer.bytes)]
        : undefined;
    await page.evaluate(
      ({ text, bytes }) => {
        const data = JSON.parse(text) as { answer?: { bytes?: ArrayBuffer } };
        if (bytes && data.answer) data.answer.bytes = new Uint8Array(bytes).buffer;
        window.dispatchEvent(new MessageEvent('message', { data }));
      },
      { text: JSON.stringify(message), bytes: image },
    );
  };
  page.on('pageerror', (error) => sent.push({ type: 'copy', what: 'text', text: `PAGE ERROR ${error.message}` }));
  page.on('console', (message) => {
    if (message.type() === 'error') sent.push({ type: 'copy', what: 'text', text: `CONSOLE ${message.text()}` });
  });
  await page.exposeFunction('fromPanel', async (text: string) => {
    const message = toFromPanel(JSON.parse(text) as unknown);
    if (!message) throw new Error(`not a message: ${text}`);
    if (message.type === 'ready') return ready();
    if (message.type === 'compare') return answer && comparisons.start(answer, [], actions);
    if (message.type === 'compare-ignore') return comparisons.ignore(message.paths);
    if (message.type === 'open-identity') {
      const opened = identities.open(message.row);
      if (!opened) return;
      answer = opened;
      await post({ type: 'finish', model: opened.model });
      identities.post();
      const { first } = identities;
      return message.compare && first ? comparisons.with(opened, first, actions) : undefined;
    }
    if (message.type === 'compare-text') return comparisons.openText(actions, () => undefined);
    if (message.type !== 'ask') return void sent.push(message);
    const { ask } = message;
    const told = ask.kind === 'differences' ? comparisons.rows(ask) : ((await answer?.ask(ask)) ?? noAnswer);
    await post({ type: 'answer', id: message.id, answer: told });
  });
  await page.goto(`${base}/?theme=${options.theme}${options.dir === undefined ? '' : '&dir=rtl'}`);
  await isReady;
  await post({ type: 'settings', settings: { sendKey: 'Ctrl+Alt+R', mac: false }, pinned: false });
  return {
    page,
    sent,
    received,
    post,
    async setTheme(theme) {
      await page.evaluate(
        ([variables]) => {
          const { style } = document.documentElement;
          for (const name of [...style].filter((one) => one.startsWith('--vscode-'))) style.removeProperty(name);
          for (const [name, value] of Object.entries(variables ?? {})) style.setProperty(`--vscode-${name}`, value);
        },
        [{ ...Object.fromEntries(Object.keys(themes.dark).map((name) => [name, 'initial'])), ...themes[theme] }],
      );
    },
    async show(result) {
      identities.begin(result.comparison ? 'group' : undefined, answer);
      if (answer && !identities.holds(answer)) comparisons.keep(answer, result);
      const method = result.request?.method ?? 'GET';
      const { exchange } = result;
      const body = exchange ? await loadBodyModel(exchange, method) : { model: noBody, skip: 0 };
      const url = result.request ? new URL(result.request.url.text) : undefined;
      const target = result.request ? toTarget(result.request.url, findCanary) : ['/'];
      const facts = { runId: result.id, title: result.name ?? 'orders', method, target, url, durationMs: 29, now };
      answer = new ShownAnswer({ result, body, facts, findSecrets: findCanary, workerUrl });
      await post({ type: 'finish', model: answer.model });
      identities.add(answer);
      await settled(page);
    },
    async close() {
      answer?.dispose();
      identities.dispose();
      comparisons.dispose();
      await context.close();
    },
  };
}

/** Until no row is outstanding and the font is there. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.waitForFunction(
    () =>
      !document.querySelector('.row.pending, [aria-busy=true], .field .count:not(:empty):is([data-busy])') &&
      document.querySelector('main')?.children.length !== undefined,
  );
  await page.waitForTimeout(60);
}
