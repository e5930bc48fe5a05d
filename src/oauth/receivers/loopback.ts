/**
 * The loopback listener of one sign-in: 127.0.0.1 only, open while that sign-in waits, deaf to everything but a
 * navigation that brings its own state. Checks the Host, then the fetch metadata, then the state, and only then looks
 * further. Source: RFC 8252 §7.3, §8.3, auth.md §3.3, L01–L07.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { CountersignError } from '../../errors/countersign-error.ts';
import { toLandingPage, toPageHeaders, type LandingFacts, type LandingOutcome } from './landing-page.ts';
import { toPath } from './paste.ts';
import { relayHeader, toRelayPage } from './relay-page.ts';
import type { OpenReceiver, Receiver, ReceiverContext } from './receiver.ts';

/** Sockets that have not sent a request yet. Beyond it the oldest goes, so that a newcomer always gets in (L04). */
const maxSilentSockets = 64;
/** Relay pages that may still post: a person may reload, a stranger may not fill the memory. */
const maxRelays = 16;
/** What a posted answer may weigh: two tokens of the longest kind. */
const maxForm = 160 * 1024;
/** How long `/done` may be fetched after the sign-in ended. */
const graceMs = 1500;

export const loopback: Receiver = {
  name: 'loopback',
  label: 'To this machine (127.0.0.1)',
  takesForms: true,
  async open(context) {
    const listener = new LoopbackListener(context);
    await listener.listen();
    return listener;
  },
};

class LoopbackListener implements OpenReceiver {
  redirectUri = '';
  readonly #context: ReceiverContext;
  readonly #server: Server;
  readonly #facts: LandingFacts;
  readonly #sockets = new Set<Socket>();
  readonly #silent = new Set<Socket>();
  /** What `/done` says, once the sign-in has ended. */
  #outcome: LandingOutcome | undefined;
  readonly #relays = new Set<string>();
  #answering = false;
  #port = 0;
  #shown: (() => void) | undefined;
  #closed = false;

  constructor(context: ReceiverContext) {
    this.#context = context;
    this.#facts = {
      credential: context.credential.name,
      issuerHost: context.issuerHost,
      returnTo: context.returnTo,
      leaving: context.leaving === true,
    };
    this.#server = createServer(
      { maxHeaderSize: 8192, headersTimeout: 5000, requestTimeout: 5000, connectionsCheckingInterval: 1000 },
      (request, response) => {
        this.#silent.delete(request.socket);
        this.#answer(request, response).catch(() => response.destroy());
      },
    );
    this.#server.on('connection', (socket) => this.#keepFew(socket));
    this.#server.on('clientError', (_error, socket) => socket.destroy());
  }

  /** Throws CS-AUTH-REDIRECT-PORT; another port than the registered one is never taken instead. */
  async listen(): Promise<void> {
    const { redirect_port, redirect_path } = this.#context.credential.definition;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (cause: NodeJS.ErrnoException) => {
        const taken = cause.code === 'EADDRINUSE';
        reject(
          new CountersignError(
            'CS-AUTH-REDIRECT-PORT',
            taken
              ? `Port ${redirect_port} of this machine is already in use.`
              : `Port ${redirect_port ?? 0} of this machine cannot be listened on.`,
            { cause, facts: { port: redirect_port, code: cause.code } },
          ),
        );
      });
      this.#server.listen({ host: '127.0.0.1', port: redirect_port ?? 0, exclusive: true }, resolve);
    });
    this.#server.on('error', () => undefined);
    this.#port = (this.#server.address() as AddressInfo).port;
    this.redirectUri = new URL(`http://127.0.0.1:${this.#port}${toPath(redirect_path)}`).href;
  }

  async finish(): Promise<void> {
    if (!this.#closed && this.#answering) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#shown = resolve;
        timer = setTimeout(resolve, graceMs);
      });
      clearTimeout(timer);
    }
    await this.close();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    for (const socket of this.#sockets) socket.destroy();
    this.#shown?.();
    await closed;
  }

  #keepFew(socket: Socket): void {
    this.#sockets.add(socket);
    this.#silent.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#silent.delete(socket);
    });
    if (this.#silent.size > maxSilentSockets) {
      const [oldest] = this.#silent;
      if (oldest) {
        this.#silent.delete(oldest);
        oldest.destroy();
      }
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { place } = this.#context;
    const target = request.url ?? '';
    const path = target.replace(/[?#].*$/s, '');
    const isOwn = path === new URL(this.redirectUri).pathname;
    const posted = request.method === 'POST' && place !== 'query' && isOwn && target === path;
    if (!this.#isOwnHost(request)) return send(response, 403);
    if (posted && place === 'fragment') return this.#takeRelayed(request, response);
    if (!isNavigation(request, posted ? this.#context.origins : [])) return send(response, 403);
    if (posted) return this.#takeForm(request, response);
    if (request.method !== 'GET') return send(response, 405, { allow: 'GET' });
    if (path === '/done' && this.#outcome && !target.includes('?')) {
      this.#page(response, this.#outcome);
      response.on('close', () => this.#shown?.());
      return;
    }
    if (!isOwn) return send(response, 404);
    if (place === 'fragment' && target === path) return this.#relay(response);
    return this.#deliver(target.slice(path.length), response);
  }

  async #deliver(answer: string, response: ServerResponse): Promise<void> {
    const outcome = await this.#hand(answer);
    if (outcome === 'unknown') return this.#page(response, 'unknown');
    response.writeHead(303, { ...toPageHeaders(toNonce()), location: '/done' }).end();
  }

  /** @param answer `?…` or `#…` @returns the outcome to show, or `unknown` when no sign-in waits for it */
  async #hand(answer: string): Promise<LandingOutcome> {
    const ended = this.#context.deliver(`${this.redirectUri}${answer}`);
    const first = await Promise.race([ended, nextTurn()]);
    if (first === 'unknown') return 'unknown';
    this.#answering = true;
    const outcome = await this.#untilShown(ended);
    this.#outcome = outcome === 'unknown' ? 'failed' : outcome;
    return this.#outcome;
  }

  /** The page that brings a fragment here; each may do so once. */
  #relay(response: ServerResponse): void {
    const token = toNonce();
    this.#relays.add(token);
    const [oldest] = this.#relays;
    if (this.#relays.size > maxRelays && oldest !== undefined) this.#relays.delete(oldest);
    const page = toRelayPage(this.#facts, toNonce(), token);
    response.writeHead(page.status, page.headers).end(page.body);
  }

  async #takeRelayed(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { origin } = request.headers;
    const site = request.headers['sec-fetch-site'];
    const token = request.headers[relayHeader];
    if (origin !== new URL(this.redirectUri).origin || (site !== undefined && site !== 'same-origin')) {
      return send(response, 403);
    }
    if (typeof token !== 'string' || !this.#relays.delete(token)) return send(response, 403);
    const form = await readForm(request);
    if (form === undefined) return send(response, 413);
    send(response, (await this.#hand(`#${form}`)) === 'unknown' ? 400 : 204);
  }

  async #takeForm(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = await readForm(request);
    return form === undefined ? send(response, 413) : this.#deliver(`#${form}`, response);
  }

  /** The outcome, or `under-way` when the exchange takes longer than a person watches an empty tab. */
  async #untilShown(ended: Promise<LandingOutcome>): Promise<LandingOutcome> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<LandingOutcome>((resolve) => {
      timer = setTimeout(() => resolve('under-way'), this.#context.limits.landingMs);
    });
    try {
      return await Promise.race([ended, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #page(response: ServerResponse, outcome: LandingOutcome): void {
    const page = toLandingPage(outcome, this.#facts, toNonce());
    response.writeHead(page.status, page.headers).end(page.body);
  }

  #isOwnHost(request: IncomingMessage): boolean {
    const hosts = request.rawHeaders.filter((_, index) => index % 2 === 0).filter((name) => /^host$/i.test(name));
    return hosts.length === 1 && request.headers.host === new URL(this.redirectUri).host;
  }
}

/**
 * A browser says how a request came about; only someone following a redirect at the top level is let in (L02).
 * @param origins whose pages may post a form
 */
function isNavigation(request: IncomingMessage, origins: readonly string[]): boolean {
  const { origin } = request.headers;
  const mode = request.headers['sec-fetch-mode'];
  const destination = request.headers['sec-fetch-dest'];
  if (origin !== undefined && origin !== 'null' && !origins.includes(origin)) return false;
  if (mode !== undefined && mode !== 'navigate') return false;
  return destination === undefined || destination === 'document';
}

/** Undefined for another kind of body, or one that is too long. */
async function readForm(request: IncomingMessage): Promise<string | undefined> {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(request.headers['content-type'] ?? '')) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxForm) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('latin1').replaceAll('#', '%23');
}

function send(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...toPageHeaders(toNonce()), ...headers, 'content-length': '0' }).end();
}

function toNonce(): string {
  return randomBytes(16).toString('base64url');
}

/** Lets a promise that is settled already win a race. */
function nextTurn(): Promise<undefined> {
  return new Promise((resolve) => setImmediate(() => resolve(undefined)));
}
