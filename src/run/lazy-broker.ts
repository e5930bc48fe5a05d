/**
 * The token broker, loaded when a token is first needed: a request without OAuth never pays for it. It adds nothing
 * of its own. Source: house.md §7 (lazy loading).
 */
import type { AcquireOptions, NamedDefinition, OAuth2Definition, RequestProof, Session } from '../credentials/types.ts';
import type { ProbeReport } from '../oauth/probe/probe.ts';
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
} from '../oauth/types.ts';
import type { Disposable } from '../ports.ts';

type Credential = NamedDefinition<OAuth2Definition>;

export class LazyTokenBroker implements TokenBroker {
  readonly #load: () => Promise<TokenBroker>;
  readonly #listeners = new Set<(name: string) => void>();
  #loading: Promise<TokenBroker> | undefined;
  #loaded: TokenBroker | undefined;

  constructor(load: () => Promise<TokenBroker>) {
    this.#load = load;
  }

  async acquire(credential: Credential, options: AcquireOptions): Promise<Session> {
    return (await this.#broker()).acquire(credential, options);
  }

  async prover(session: Session): Promise<RequestProof | undefined> {
    return (await this.#broker()).prover?.(session);
  }

  async introspect(
    credential: Credential,
    options: { readonly token?: TokenKind; readonly signal?: AbortSignal },
  ): Promise<Introspection> {
    return (await this.#broker()).introspect(credential, options);
  }

  async userInfo(credential: Credential, options: { readonly signal?: AbortSignal }): Promise<UserInfo> {
    return (await this.#broker()).userInfo(credential, options);
  }

  async signOutEverywhere(credential: Credential, options: SignOutOptions): Promise<SignedOutEverywhere> {
    return (await this.#broker()).signOutEverywhere(credential, options);
  }

  async signOut(credential: Credential): Promise<SignedOut> {
    return (await this.#broker()).signOut(credential);
  }

  async signIn(credential: Credential, options: SignInOptions): Promise<Session> {
    return (await this.#broker()).signIn(credential, options);
  }

  async refresh(credential: Credential, options: { readonly signal?: AbortSignal }): Promise<Session> {
    return (await this.#broker()).refresh(credential, options);
  }

  async probe(
    credential: Credential,
    options: { readonly signal?: AbortSignal; readonly onSignIn?: (number: number) => void },
  ): Promise<ProbeReport> {
    return (await this.#broker()).probe(credential, options);
  }

  async state(credential: Credential): Promise<SessionState> {
    return (await this.#broker()).state(credential);
  }

  trace(name: string, of?: 'sign-in'): Trace | undefined {
    return this.#loaded?.trace(name, of);
  }

  traces(): readonly Trace[] {
    return this.#loaded?.traces() ?? [];
  }

  async deliverRedirect(url: string): Promise<boolean> {
    return this.#loaded ? this.#loaded.deliverRedirect(url) : false;
  }

  onDidChange(listener: (name: string) => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  dispose(): void {
    this.#loaded?.dispose();
    this.#listeners.clear();
  }

  #broker(): Promise<TokenBroker> {
    this.#loading ??= this.#load().then((broker) => {
      broker.onDidChange((name) => {
        for (const listener of this.#listeners) listener(name);
      });
      this.#loaded = broker;
      return broker;
    });
    return this.#loading;
  }
}
