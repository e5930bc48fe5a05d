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
import type { OpenReceiver, Receiver, ReceiverContext } from './receiver.ts';

/** Sockets that have not sent a request yet. Beyond it the oldest goes, so that a newcomer always gets in (L04). */
const maxSilentSockets = 64;
/** How long `/done` may be fetched after the sign-in ended. */
const graceMs = 1500;

export const loopback: Receiver = {
  name: 'loopback',
  label: 'To this machine (127.0.0.1)',
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
    if (!this.#isOwnHost(request) || !isNavigation(request)) return send(response, 403);
    if (request.method !== 'GET') return send(response, 405, { allow: 'GET' });
    const target = request.url ?? '';
    const own = new URL(this.redirectUri).pathname;
    const path = target.replace(/[?#].*$/s, '');
    if (path === '/done' && this.#outcome && !target.includes('?')) {
      this.#page(response, this.#outcome);
      response.on('close', () => this.#shown?.());
      return;
    }
    if (path !== own) return send(response, 404);
    const query = target.slice(path.length);
    const ended = this.#context.deliver(`${this.redirectUri}${query}`);
    const first = await Promise.race([ended, nextTurn()]);
    if (first === 'unknown') return this.#page(response, 'unknown');
    this.#answering = true;
    const outcome = await this.#untilShown(ended);
    this.#outcome = outcome === 'unknown' ? 'failed' : outcome;
    response.writeHead(303, { ...toPageHeaders(toNonce()), location: '/done' }).end();
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

/** A browser says how a request came about; only someone following a redirect at the top level is let in (L02). */
function isNavigation(request: IncomingMessage): boolean {
  const { origin } = request.headers;
  const mode = request.headers['sec-fetch-mode'];
  const destination = request.headers['sec-fetch-dest'];
  if (origin !== undefined && origin !== 'null') return false;
  if (mode !== undefined && mode !== 'navigate') return false;
  return destination === undefined || destination === 'document';
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
