/**
 * Gives out access tokens: from memory, from the store, by a silent refresh, by asking the provider, or by asking the
 * person, in that order and each at most once at a time. It stores before it hands out, and never waits for the network
 * to answer a question about state. Source: house.md §4, auth.md §3.5.
 */
import { CountersignError, isCountersignError } from '../errors/countersign-error.ts';
import type { Secret } from '../credentials/secret.ts';
import type { AcquireOptions, RequestProof, Session } from '../credentials/types.ts';
import type { Disposable } from '../ports.ts';
import { toCancelled } from './capped-fetch.ts';
import { ServerMetadataCache } from './discovery.ts';
import { createRequestProof, DpopNonces } from './dpop.ts';
import { introspectToken } from './introspection.ts';
import { openLogoutPage, type LogoutPage } from './logout.ts';
import { Operation, type OperationShare } from './operation.ts';
import { PendingFlows } from './pending-flows.ts';
import { defaultLimits, type OAuthCredential, type TokenBrokerPorts } from './ports.ts';
import type { ProbeReport } from './probe/probe.ts';
import type { ProbeOptions } from './probe/run-probe.ts';
import { askProvider, isQuestion, type QuestionStep } from './provider-question.ts';
import { refreshSession, toEnded, toNeeded } from './refresh.ts';
import { isRefreshable, isUsable, toEndedNow } from './session.ts';
import { requireGrant, toHost, toIssuer, toKey, toLate, withMore } from './credential-facts.ts';
import { toActivityAfter, toSessionState, type Activity } from './session-state.ts';
import { SharedFlights } from './shared-flight.ts';
import { obtainSession } from './sign-in.ts';
import { revokeSession } from './sign-out.ts';
import { TraceRecorder } from './trace.ts';
import type {
  Introspection,
  SessionState,
  SignedOut,
  SignedOutEverywhere,
  SignInOptions,
  SignOutOptions,
  TokenBroker,
  TokenKind,
  Trace,
  UserInfo,
} from './types.ts';
import { askUserInfo } from './userinfo.ts';

export function createTokenBroker(ports: TokenBrokerPorts): TokenBroker {
  return new Broker(ports);
}

const keptTraces = 20;

class Broker implements TokenBroker {
  readonly #share: OperationShare;
  readonly #flights = new SharedFlights<Session>();
  readonly #known = new Map<string, Session>();
  readonly #activity = new Map<string, Activity>();
  /** Oldest first. */
  readonly #traces: TraceRecorder[] = [];
  readonly #listeners = new Set<(name: string) => void>();
  readonly #nonces = new DpopNonces();
  readonly #storeListener: Disposable;

  constructor(ports: TokenBrokerPorts) {
    this.#share = {
      ports,
      limits: { ...defaultLimits, ...ports.limits },
      metadata: new ServerMetadataCache(ports.clock),
      flows: new PendingFlows(ports.clock),
      acquire: (credential, options) => this.acquire(credential, options),
    };
    this.#storeListener = ports.sessions.onDidChange((name) => {
      for (const key of this.#known.keys()) if (key.startsWith(`${name}\n`)) this.#known.delete(key);
      this.#fire(name);
    });
  }

  async acquire(credential: OAuthCredential, options: AcquireOptions): Promise<Session> {
    if (options.signal?.aborted) throw toCancelled(options.signal);
    const grant = requireGrant(credential);
    const session: Session | undefined = await this.#load(credential);
    const ended = session?.endedAt !== undefined;
    if (isUsable(session, credential, this.#now(), options.rejected)) return session;
    const key = toKey(credential);
    // A sign-in that runs already will give a better session than a refresh of the old one.
    if (this.#flights.has(`sign-in\n${key}`) && options.interactive) return this.signIn(credential, options);
    if (isRefreshable(session, credential)) {
      try {
        return await this.#refresh(credential, options.rejected, false, options.signal);
      } catch (error) {
        const fallback = await this.#afterRefresh(credential, session, error, options);
        if (fallback) return fallback;
      }
    }
    if (!grant.interactive) return this.#obtain(credential, options.signal, options.interactive);
    if (options.interactive) return this.signIn(credential, options);
    throw ended ? toEnded(credential.name) : toNeeded(credential.name);
  }

  async signIn(credential: OAuthCredential, options: SignInOptions): Promise<Session> {
    const asked = withMore(credential, options);
    if (asked !== credential) {
      // One that runs already asks for less.
      const replaced = new CountersignError('CS-AUTH-CANCELLED', 'The sign-in was ended by one that asks for more.');
      await this.#flights.cancel(`sign-in\n${toKey(credential)}`, replaced);
    }
    const stepUp = options.acrValues !== undefined || options.maxAge !== undefined;
    return this.#obtain(asked, options.signal, true, stepUp);
  }

  async refresh(credential: OAuthCredential, options: SignInOptions): Promise<Session> {
    const grant = requireGrant(credential);
    if (!grant.interactive && !isRefreshable(await this.#load(credential), credential)) {
      return this.#obtain(credential, options.signal, false);
    }
    return this.#refresh(credential, undefined, true, options.signal);
  }

  async probe(credential: OAuthCredential, options: ProbeOptions): Promise<ProbeReport> {
    const { runProbe } = await import('./probe/run-probe.ts');
    return runProbe(this.#share, credential, options);
  }

  async introspect(
    credential: OAuthCredential,
    { token = 'access', signal }: { readonly token?: TokenKind; readonly signal?: AbortSignal },
  ): Promise<Introspection> {
    const session = await this.#load(credential);
    if (session?.definitionHash !== credential.hash) throw toNeeded(credential.name);
    return this.#ask(credential, 'introspection', signal, (operation) => introspectToken(operation, session, token));
  }

  async userInfo(credential: OAuthCredential, { signal }: { readonly signal?: AbortSignal }): Promise<UserInfo> {
    const session = await this.acquire(credential, { interactive: false, ...(signal ? { signal } : {}) });
    return this.#ask(credential, 'userinfo', signal, (operation) => askUserInfo(operation, session));
  }

  async signOutEverywhere(
    credential: OAuthCredential,
    { signal, comeBack = false }: SignOutOptions,
  ): Promise<SignedOutEverywhere> {
    const loaded = await this.#load(credential);
    const session = loaded?.definitionHash === credential.hash ? loaded : undefined;
    // Tokens first: whatever the browser does, they are gone here.
    const local = await this.signOut(credential);
    const extraMs = comeBack ? this.#share.limits.signInMs : 0;
    const leave = (operation: Operation): Promise<LogoutPage> => openLogoutPage(operation, session, comeBack);
    try {
      return { ...local, ...(await this.#ask(credential, 'end-session', signal, leave, extraMs)) };
    } catch (error) {
      if (!isCountersignError(error)) throw error;
      return { ...local, opened: false, why: error.message };
    }
  }

  async signOut(credential: OAuthCredential): Promise<SignedOut> {
    const { ports, limits } = this.#share;
    const key = toKey(credential);
    const ended = new CountersignError(
      'CS-AUTH-CANCELLED',
      `The sign-in of ${credential.name} was ended by signing out.`,
    );
    await Promise.all([this.#flights.cancel(`sign-in\n${key}`, ended), this.#flights.cancel(`refresh\n${key}`, ended)]);
    const session = await this.#load(credential);
    let result: SignedOut = { revoked: false };
    try {
      // Whoever is killed from here on finds a session that has ended, not one whose tokens may be revoked.
      if (session) await ports.sessions.set(credential, toEndedNow(session, this.#now())).catch(() => undefined);
      if (session) result = await this.#revoke(credential, session, limits.revokeMs);
    } finally {
      this.#known.delete(key);
      this.#activity.delete(key);
      await ports.sessions.delete(credential);
      this.#fire(credential.name);
    }
    return result;
  }

  async state(credential: OAuthCredential): Promise<SessionState> {
    const session = await this.#load(credential);
    return toSessionState(credential, session, this.#activity.get(toKey(credential)), this.#now());
  }

  async prover(session: Session): Promise<RequestProof | undefined> {
    const { dpopKey } = session;
    if (!dpopKey) return undefined;
    const { ports } = this.#share;
    // A key that cannot be read is as good as none; a sign-in makes another.
    return createRequestProof({ ...session, dpopKey }, this.#nonces, ports.clock).catch(() => undefined);
  }

  trace(name: string, of?: 'sign-in'): Trace | undefined {
    return this.#traces
      .findLast(({ credential, grant }) => credential === name && (of === undefined || !isQuestion(grant)))
      ?.snapshot();
  }

  traces(): readonly Trace[] {
    return this.#traces.map((trace) => trace.snapshot()).reverse();
  }

  async deliverRedirect(url: string): Promise<boolean> {
    const delivered = this.#share.flows.deliver(url);
    const accepted = new Promise<'accepted'>((resolve) => setImmediate(() => resolve('accepted')));
    return (await Promise.race([delivered, accepted])) !== 'unknown';
  }

  onDidChange(listener: (name: string) => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  dispose(): void {
    this.#storeListener.dispose();
    this.#listeners.clear();
    this.#flights.cancelAll(
      new CountersignError('CS-AUTH-CANCELLED', 'The sign-in was ended because this window closes.'),
    );
    this.#known.clear();
  }

  #now(): number {
    return this.#share.ports.clock.now();
  }

  #fire(name: string): void {
    for (const listener of [...this.#listeners]) listener(name);
  }

  #setActivity(credential: OAuthCredential, activity: Activity | undefined): void {
    if (activity) this.#activity.set(toKey(credential), activity);
    else this.#activity.delete(toKey(credential));
    this.#fire(credential.name);
  }

  #keepTrace(trace: TraceRecorder): void {
    this.#traces.push(trace);
    if (this.#traces.length > keptTraces) this.#traces.shift();
  }

  async #load(credential: OAuthCredential): Promise<Session | undefined> {
    const key = toKey(credential);
    const known = this.#known.get(key);
    if (known) return known;
    // A store that cannot be read costs a sign-in, not the request (S01).
    const stored = await this.#share.ports.sessions.get(credential).catch(() => undefined);
    if (stored) this.#remember(credential, stored);
    return stored;
  }

  #remember(credential: OAuthCredential, session: Session): void {
    for (const secret of [session.accessToken, session.refreshToken, session.idToken, session.dpopKey]) {
      if (secret) this.#share.ports.onSecret(secret);
    }
    this.#known.set(toKey(credential), session);
  }

  #obtain(
    credential: OAuthCredential,
    signal: AbortSignal | undefined,
    interactive: boolean,
    stepUp = false,
  ): Promise<Session> {
    const grant = requireGrant(credential);
    return this.#flights.join(`sign-in\n${toKey(credential)}`, signal, async (flight) => {
      this.#setActivity(credential, { kind: 'signing-in', since: this.#now() });
      const plan = { credential: credential.name, grant: grant.name, plan: grant.plan, steps: grant.steps };
      return this.#run(credential, plan, flight, grant.limitMs ?? this.#share.limits.signInMs, (operation) => {
        operation.stepUp = stepUp;
        return obtainSession(operation, grant, interactive);
      });
    });
  }

  #refresh(
    credential: OAuthCredential,
    rejected: Secret | undefined,
    force: boolean,
    signal: AbortSignal | undefined,
  ): Promise<Session> {
    return this.#flights.join(`refresh\n${toKey(credential)}`, signal, async (flight) => {
      const plan = {
        credential: credential.name,
        grant: 'refresh_token',
        plan: ['definition', 'discovery', 'client-authentication', 'refresh', 'store'] as const,
      };
      const limit = this.#share.limits.requestMs * 4;
      return this.#run(credential, plan, flight, limit, (operation) => refreshSession(operation, { rejected, force }));
    });
  }

  /** Runs an operation under its own time limit, keeps its trace, and says how it came out. */
  async #run(
    credential: OAuthCredential,
    about: ConstructorParameters<typeof TraceRecorder>[0],
    signal: AbortSignal,
    limitMs: number,
    task: (operation: Operation) => Promise<Session>,
  ): Promise<Session> {
    const { ports } = this.#share;
    const trace = new TraceRecorder(about, ports.clock, (text) => ports.redact(text));
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(toLate(credential, about.grant, limitMs)), limitMs);
    const operation = new Operation(credential, this.#share, trace, AbortSignal.any([signal, limit.signal]));
    let outcome: 'signed-in' | 'failed' = 'failed';
    try {
      const session = await task(operation);
      this.#remember(credential, session);
      trace.succeeded();
      outcome = 'signed-in';
      return session;
    } catch (caught) {
      const error = operation.signal.aborted && !isCountersignError(caught) ? toCancelled(operation.signal) : caught;
      const known = operation.toError(error, trace.lastStep() ?? 'discovery');
      trace.failed(known);
      this.#known.delete(toKey(credential));
      const issuer = known.code === 'CS-AUTH-CANCELLED' ? undefined : toIssuer(credential);
      if (issuer !== undefined) this.#share.metadata.drop(issuer);
      this.#setActivity(credential, toActivityAfter(known, credential));
      throw known;
    } finally {
      clearTimeout(timer);
      // A session that came without a network request has nothing new to tell.
      if (trace.snapshot().steps.length > 0) this.#keepTrace(trace);
      await operation.end(outcome);
      if (outcome === 'signed-in') this.#setActivity(credential, undefined);
    }
  }

  /** A refresh that failed: whether the old token still does, whether asking the person is the way on. */
  async #afterRefresh(
    credential: OAuthCredential,
    before: Session,
    error: unknown,
    options: AcquireOptions,
  ): Promise<Session | undefined> {
    if (options.signal?.aborted || !isCountersignError(error)) throw error;
    const gone = error.code === 'CS-AUTH-ENDED' || error.code === 'CS-AUTH-SIGN-IN-NEEDED';
    if (gone || error.facts['error'] === 'invalid_grant') {
      if (options.interactive) return this.signIn(credential, options);
      if (gone) throw error;
      throw toEnded(credential.name);
    }
    const unrejected = options.rejected?.reveal() !== before.accessToken.reveal();
    if (unrejected && before.expiresAt !== undefined && before.expiresAt > this.#now() + 1000) return before;
    throw error;
  }

  #ask<T>(
    credential: OAuthCredential,
    step: QuestionStep,
    signal: AbortSignal | undefined,
    task: (operation: Operation) => Promise<T>,
    extraMs = 0,
  ): Promise<T> {
    const onTrace = (trace: TraceRecorder): void => this.#keepTrace(trace);
    return askProvider(this.#share, { credential, step, signal, extraMs, onTrace }, task);
  }

  async #revoke(credential: OAuthCredential, session: Session, limitMs: number): Promise<SignedOut> {
    const { ports } = this.#share;
    const plan = { credential: credential.name, grant: 'revocation', plan: ['revocation'] as const };
    const trace = new TraceRecorder(plan, ports.clock, (text) => ports.redact(text));
    this.#keepTrace(trace);
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), limitMs);
    const operation = new Operation(credential, this.#share, trace, limit.signal);
    try {
      const message = await revokeSession(operation, session);
      trace.succeeded();
      return message === undefined ? { revoked: true } : { revoked: false, message };
    } catch (error) {
      trace.failed(operation.toError(error, trace.lastStep() ?? 'revocation'));
      const host = toHost(credential);
      const why = limit.signal.aborted ? 'did not answer in time' : 'did not accept the revocation';
      return { revoked: false, message: `${host} ${why}; the tokens were deleted here and end there by themselves.` };
    } finally {
      clearTimeout(timer);
      await operation.end('failed');
    }
  }
}
