/**
 * One sign-in, refresh or sign-out while it runs: the provider, the client authentication and a fetch that caps, traces
 * and tells the redactor of every secret it sees. It holds no policy of its own; grants and the refresh use it.
 */
import { Secret } from '../credentials/secret.ts';
import { isPlacement } from '../credentials/schemes/token-placement.ts';
import type { AcquireOptions, Session } from '../credentials/types.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { abortable, toCancelled, toCappedFetch, type WireExchange } from './capped-fetch.ts';
import { checkBound, toBoundOptions } from './bound-tokens.ts';
import { authenticateClient } from './client-authentication/authenticate.ts';
import type { ChosenAuthentication } from './client-authentication/choose.ts';
import type { ClientProof } from './client-authentication/client-authentication.ts';
import type { ServerMetadataCache } from './discovery.ts';
import { enableDecryption, loadDecryption, openIdToken, type Decryption } from './decryption.ts';
import { checkEndpointPins } from './endpoint-pins.ts';
import {
  loadOpenIdClient,
  type Configuration,
  type DPoPOptions,
  type OpenIdClient,
  type TokenAnswer,
} from './library.ts';
import type { PendingFlows } from './pending-flows.ts';
import type { BrokerLimits, OAuthCredential, OAuthFetch, OAuthFetchInit, TokenBrokerPorts } from './ports.ts';
import { findQuirks } from './quirks/registry.ts';
import { resolveProvider, toConfiguration, toMutualProvider, type Provider } from './provider.ts';
import { toSignInError } from './sign-in-error.ts';
import { toVettedTokens } from './token-answer.ts';
import { isIdTokenError, toCheckedNonce, toTokenFetch } from './token-fetch.ts';
import type { TraceRecorder } from './trace.ts';
import type { StepId } from './trace-steps.ts';

/** What all operations of one broker share. */
export interface OperationShare {
  readonly ports: TokenBrokerPorts;
  readonly limits: BrokerLimits;
  readonly metadata: ServerMetadataCache;
  readonly flows: PendingFlows;
  /** The session of another credential, for a grant that builds on it. */
  acquire(credential: OAuthCredential, options: AcquireOptions): Promise<Session>;
}

export interface TokenRequest {
  readonly step: StepId;
  /** The exact string of the first leg: the library would send a normalised one (M3). */
  readonly redirectUri?: string;
  /** For grants whose answer has no business with an ID token. */
  readonly dropIdToken?: boolean;
  run(library: OpenIdClient, config: Configuration, options: DPoPOptions): Promise<TokenAnswer>;
}

export class Operation {
  readonly credential: OAuthCredential;
  readonly share: OperationShare;
  readonly trace: TraceRecorder;
  readonly signal: AbortSignal;
  readonly startedAt: number;
  /** True when a person is there to ask; set by `prepare`. */
  interactive = false;
  /** True when an API asked for a fresher or stronger sign-in: then it is not enough to ask, it has to be so. */
  stepUp = false;
  /** What a person may need to hear of when the browser never comes back. */
  browserOpened = true;
  strayRedirects = 0;
  /** What the browser has to come back to, once that is known. */
  redirectUri: string | undefined;
  /** The step of the last token request, for what is noticed after it. */
  tokenStep: StepId = 'token';
  /** Resolves when the whole operation has ended: the landing page waits for it. */
  readonly ended: Promise<'signed-in' | 'failed'>;
  #settle: (outcome: 'signed-in' | 'failed') => void = () => undefined;
  #cleanups: ((outcome: 'signed-in' | 'failed') => Promise<void> | void)[] = [];
  /** Opens encrypted answers; set by `prepare`. */
  decryption: Decryption | undefined;
  /** The key that tokens are bound to; a refresh sets the session's. */
  dpopKey: Secret | undefined;
  readonly #own = new AbortController();
  #provider: Provider | undefined;
  #authentication: (ChosenAuthentication & { readonly proof: ClientProof }) | undefined;
  #lastExchange: WireExchange | undefined;
  #keysExchange: WireExchange | undefined;

  constructor(credential: OAuthCredential, share: OperationShare, trace: TraceRecorder, signal: AbortSignal) {
    this.credential = credential;
    this.share = share;
    this.startedAt = share.ports.clock.now();
    this.trace = trace;
    this.signal = AbortSignal.any([signal, this.#own.signal]);
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get provider(): Provider {
    if (!this.#provider) throw new Error('the provider is not resolved yet');
    return this.#provider;
  }

  /** The person ends it. */
  cancel(): void {
    this.#own.abort();
  }

  /** Runs when the operation ends, in reverse order; the end waits for it. */
  onEnd(cleanup: (outcome: 'signed-in' | 'failed') => Promise<void> | void): void {
    this.#cleanups.push(cleanup);
  }

  async end(outcome: 'signed-in' | 'failed'): Promise<void> {
    this.#settle(outcome);
    const cleanups = this.#cleanups.reverse();
    this.#cleanups = [];
    for (const cleanup of cleanups) await Promise.resolve(cleanup(outcome)).catch(() => undefined);
  }

  /** Definition, discovery, endpoint pins, client authentication: everything before the first secret leaves. */
  async prepare(interactive: boolean): Promise<void> {
    const { credential, share, trace } = this;
    this.interactive = interactive;
    await trace.step('definition', ({ detail, warn }) => {
      detail(credential.file?.split(/[\\/]/).at(-1) ?? 'your own store');
      const known = findQuirks(credential.definition.quirks).map(({ name }) => name);
      if (known.length > 0) detail(`quirks ${known.join(', ')}`);
      if (credential.definition.quirk_rules !== undefined) detail('quirk_rules of the definition');
      const unknown = credential.definition.quirks?.filter((name) => !known.includes(name) && !isPlacement(name)) ?? [];
      if (unknown.length > 0) warn(`quirks that are not known: ${unknown.join(', ')}`);
    });
    await trace.step('discovery', async ({ detail, warn, skip }) => {
      const provider = await this.guard('discovery', () => resolveProvider(credential, share.metadata, this.fetch));
      this.#provider = provider;
      if (provider.discovered) detail(`${toPlace(provider.discovered.wellKnown)} · issuer matches`);
      else if (provider.issuer === undefined) skip('the definition names the endpoints');
      provider.warnings.forEach(warn);
      if (Math.abs(provider.skewMs) > 60_000)
        warn(`its clock and ours differ by ${Math.round(provider.skewMs / 1000)} s`);
      const checked = checkEndpointPins(credential, provider, share.ports, interactive, this.signal);
      const pins = await abortable(checked, this.signal);
      if (pins === 'approved') detail('moved endpoints approved');
    });
    this.#authentication = await authenticateClient(this);
    this.decryption = await loadDecryption(this);
    if (this.decryption) trace.amend('client-authentication', 'ok', 'the key for encrypted answers is here');
    this.#provider = toMutualProvider(this.provider, this.#authentication.proof);
  }

  /** A text field of the definition that one grant alone knows; undefined when it is absent or empty. */
  field(name: string): string | undefined {
    const value = (this.credential.definition as unknown as Readonly<Record<string, unknown>>)[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  /** What a slot of the credential holds, made known to the redactor; undefined when it is empty. */
  async secret(slot: string): Promise<Secret | undefined> {
    const { ports } = this.share;
    const secret = await abortable(ports.secrets.get(this.credential, slot), this.signal);
    if (!secret || secret.isEmpty) return undefined;
    ports.onSecret(secret);
    return secret;
  }

  /** Throws CS-AUTH-SECRET-MISSING. @param label as in “orders has no private key on this machine” */
  async requireSecret(slot: string, label: string): Promise<Secret> {
    const secret = await this.secret(slot);
    if (secret) return secret;
    const { name } = this.credential;
    throw new CountersignError('CS-AUTH-SECRET-MISSING', `${name} has no ${label} on this machine.`, {
      facts: { credential: name, slot, label },
    });
  }

  /** Another credential's session; a person is asked only when one is there for this operation. */
  acquireOther(credential: OAuthCredential): Promise<Session> {
    return this.share.acquire(credential, { interactive: this.interactive, signal: this.signal });
  }

  /** The capped fetch of this operation. */
  get fetch(): OAuthFetch {
    const { limits, ports } = this.share;
    const send: OAuthFetch = async (url, init) =>
      toCheckedNonce(await ports.fetch(url, this.#withCertificate(url, init)));
    return toCappedFetch(send, {
      maxBytes: limits.maxBytes,
      deadlineMs: limits.requestMs,
      signal: this.signal,
      onExchange: (exchange) => {
        if (exchange.url === this.#provider?.metadata['jwks_uri']) {
          this.#keysExchange = exchange;
          return;
        }
        this.#lastExchange = exchange;
        this.trace.exchange(exchange);
      },
    });
  }

  /** The certificate goes to the origin of the token endpoint and nowhere else. */
  #withCertificate(url: string, init: OAuthFetchInit): OAuthFetchInit {
    const clientCertificate = this.#authentication?.proof.certificate;
    const home = this.#provider?.metadata['token_endpoint'];
    if (!clientCertificate || typeof home !== 'string' || new URL(url).origin !== new URL(home).origin) return init;
    return { ...init, clientCertificate };
  }

  /** @param changes metadata for this configuration only */
  async configuration(
    fetch: OAuthFetch = this.fetch,
    changes: Readonly<Record<string, unknown>> = {},
  ): Promise<{ library: OpenIdClient; config: Configuration }> {
    if (!this.#authentication) throw new Error('the client authentication is not chosen yet');
    const library = await loadOpenIdClient();
    const provider = { ...this.provider, metadata: { ...this.provider.metadata, ...changes } };
    const config = await toConfiguration(library, provider, this.credential, this.#authentication, fetch);
    config.timeout = this.share.limits.requestMs / 1000;
    if (this.decryption) enableDecryption(library, config, this.decryption);
    return { library, config };
  }

  /** One request to the token endpoint, and the ID token checks that come with its answer as a step of their own. */
  async requestTokens(request: TokenRequest): Promise<TokenAnswer> {
    const { credential, provider } = this;
    this.tokenStep = request.step;
    const outcome = await this.trace.step(request.step, async ({ warn, detail }) => {
      const notes = { warnings: [] as string[] };
      const seen = { idToken: false };
      const { library, config } = await this.configuration(toTokenFetch(this, request, notes, seen));
      let answer: TokenAnswer;
      try {
        answer = await request.run(library, config, await toBoundOptions(this, library, config));
      } catch (error) {
        if (this.signal.aborted) throw toCancelled(this.signal);
        if (seen.idToken && isIdTokenError(error)) return { idTokenError: error };
        throw this.toError(error, request.step, request.redirectUri);
      }
      if (this.signal.aborted) throw toCancelled(this.signal);
      openIdToken(this, library, answer, (jwt) =>
        this.share.ports.onSecret(new Secret(jwt, `${credential.name} ID token`)),
      );
      notes.warnings.forEach(warn);
      checkBound(this, answer, warn);
      // Vetted here already, so that nothing that is no token reaches userinfo.
      toVettedTokens(answer, { credential: credential.name, host: provider.host, requested: [] });
      detail(
        `token_type ${answer.token_type}${answer.expires_in === undefined ? '' : ` · expires_in ${answer.expires_in}`}`,
      );
      return { answer };
    });
    if ('answer' in outcome) return outcome.answer;
    return this.trace.step('id-token', () => {
      this.showKeys();
      throw this.toError(outcome.idTokenError, 'id-token');
    });
  }

  /** Turns what a step throws into the error for people. */
  async guard<T>(step: StepId, run: () => Promise<T>, redirectUri?: string): Promise<T> {
    try {
      return await run();
    } catch (error) {
      if (this.signal.aborted) throw toCancelled(this.signal);
      throw this.toError(error, step, redirectUri);
    }
  }

  toError(error: unknown, step: StepId, redirectUri?: string): CountersignError {
    const { definition, name } = this.credential;
    const secret = this.#authentication?.proof.secret ?? '';
    return toSignInError(error, {
      credential: name,
      step,
      host: this.#provider?.host ?? hostOf(definition.issuer ?? definition.token_endpoint),
      definition,
      method: this.#authentication?.method.name,
      secretNeedsEncoding: !/^[A-Za-z0-9]*$/.test(secret),
      redirectUri: redirectUri ?? this.redirectUri,
      lastExchange: this.#lastExchange,
      now: this.share.ports.clock.now(),
      browserOpened: this.browserOpened,
      strayRedirects: this.strayRedirects,
    });
  }

  /** Shows the request for the published keys with the running step. */
  showKeys(): void {
    if (this.#keysExchange) this.trace.exchange(this.#keysExchange);
  }
}

function toPlace(url: string): string {
  const { host, pathname } = new URL(url);
  return host + pathname;
}

function hostOf(address: string | undefined): string {
  try {
    return new URL(address ?? '').host;
  } catch {
    return 'the identity provider';
  }
}
