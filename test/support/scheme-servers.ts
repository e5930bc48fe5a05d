/**
 * Two servers that remember what arrived, one that a credential is bound to and one that it is not, and the whole engine
 * with one credential `svc`. `?to=URL` redirects, `?status=N` answers so.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Secret } from '../../src/credentials/secret.ts';
import type { Definition } from '../../src/credentials/types.ts';
import type { RunResult } from '../../src/run/types.ts';
import { createEngineFixture, type EngineFixture, type FixtureOptions } from './engine.ts';
import { serveHttp, type Listening } from './http-servers.ts';

export interface Arrived {
  readonly host: string;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export class SchemeServers {
  readonly arrived: Arrived[] = [];
  /** Answers before anything else does; true when it did. */
  answer: ((request: Arrived, response: ServerResponse) => boolean) | undefined;
  readonly #fixtures: EngineFixture[] = [];
  #home: Listening | undefined;
  #stranger: Listening | undefined;

  async start(): Promise<void> {
    this.#home = await serveHttp((request, response) => void this.#handle(request, response));
    this.#stranger = await serveHttp((request, response) => void this.#handle(request, response));
  }

  /** The origin that `svc` is bound to. */
  get home(): string {
    return this.#home?.url ?? '';
  }

  get stranger(): string {
    return this.#stranger?.url ?? '';
  }

  async reset(): Promise<void> {
    this.arrived.length = 0;
    this.answer = undefined;
    for (const fixture of this.#fixtures.splice(0)) await fixture.dispose();
  }

  async stop(): Promise<void> {
    await this.reset();
    await this.#home?.close();
    await this.#stranger?.close();
  }

  /** @param secrets by slot */
  async engineWith(
    definition: Readonly<Record<string, unknown>>,
    secrets: Readonly<Record<string, string>>,
    options: FixtureOptions = {},
  ): Promise<EngineFixture> {
    const fixture = createEngineFixture(options);
    this.#fixtures.push(fixture);
    await fixture.vault.saveDefinition('svc', { origins: [this.home], ...definition } as unknown as Definition);
    const named = await fixture.vault.find('svc', undefined);
    for (const [slot, value] of Object.entries(secrets)) {
      if (named) await fixture.vault.setSecret(named, slot, new Secret(value, 'secret'));
    }
    return fixture;
  }

  /** Sends one request as `svc`. */
  async send(
    definition: Readonly<Record<string, unknown>>,
    secrets: Readonly<Record<string, string>>,
    text: string,
  ): Promise<RunResult> {
    return (await this.engineWith(definition, secrets)).send(`# @auth svc\n${text}`);
  }

  /** The first that arrived; the test fails when nothing did. */
  get first(): Arrived {
    const [there] = this.arrived;
    if (!there) throw new Error('nothing arrived');
    return there;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers, rawHeaders } = request;
    const body = Buffer.concat(chunks).toString('latin1');
    const there: Arrived = { host: headers.host ?? '', method, url, headers, rawHeaders, body };
    this.arrived.push(there);
    if (this.answer?.(there, response)) return;
    const query = new URL(url, 'http://x').searchParams;
    const to = query.get('to');
    if (to !== null) return void response.writeHead(302, { location: to }).end();
    response.writeHead(Number(query.get('status') ?? 200)).end('ok');
  }
}
