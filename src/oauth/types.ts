/**
 * Sign-in: the trace of what happened, and the seams to the browser and the network. Every step says which
 * rule it follows; nothing in a trace is secret (the recorder redacts before it keeps).
 */
import type { TlsException } from '../http/types.ts';
import type { NamedDefinition, OAuth2Definition, Session, TokenSource } from '../credentials/types.ts';
import type { Secret } from '../credentials/secret.ts';
import type { Disposable } from '../ports.ts';
import type { ProbeReport } from './probe/probe.ts';

/** One request of a step and what came back, redacted, as HTTP one can read and copy. */
export interface TraceExchange {
  readonly request: string;
  /** Absent when no answer came. */
  readonly response?: string;
  /** What it went over: HTTP and TLS versions, cipher, certificate. */
  readonly connection?: string;
  /** From the first byte sent to the last one received. */
  readonly exchangeMs?: number;
}

export interface TraceStep extends Partial<TraceExchange> {
  /** `discovery`, `authorization-request`, `redirect`, `token`, `id-token`, `userinfo`, `refresh`, `revocation` … */
  readonly id: string;
  readonly title: string;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly outcome: 'ok' | 'failed' | 'warning' | 'skipped';
  /** `RFC 7636 §4.4`, with its link. */
  readonly rule?: { readonly text: string; readonly url: string };
  /** Those of this step before the last one, which is the step's own `request` and `response`. */
  readonly earlier?: readonly TraceExchange[];
  readonly detail?: string;
  /** An answer of this step came under it. */
  readonly exception?: TlsException;
}

export interface Trace {
  readonly credential: string;
  readonly grant: string;
  readonly startedAt: number;
  readonly steps: readonly TraceStep[];
  readonly outcome: 'running' | 'ok' | 'failed' | 'cancelled';
  /** On failure: what happened, the likely cause and what to do. */
  readonly message?: string;
  readonly cause?: string;
  readonly next?: string;
  readonly code?: string;
  /** The row of the table of causes (docs/causes.md). */
  readonly causeId?: string;
}

/** What the broker knows of a credential without asking anyone: feeds lens, tree and status. */
export type SessionState =
  | { readonly kind: 'none' }
  | { readonly kind: 'signing-in'; readonly since: number }
  | { readonly kind: 'signed-in'; readonly session: Session }
  | { readonly kind: 'expires-soon'; readonly session: Session }
  | { readonly kind: 'expired'; readonly session: Session; readonly refreshable: boolean }
  | { readonly kind: 'ended'; readonly session?: Session }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
  | { readonly kind: 'unreachable'; readonly host: string };

export interface SignInOptions {
  readonly signal?: AbortSignal;
  /** Scopes asked for on top of the definition's, this once (step-up, RFC 6750 §3.1); separated by spaces. */
  readonly scope?: string;
  /** Authentication classes an API asks for, this once (RFC 9470 §4); the new sign-in has to bring one of them. */
  readonly acrValues?: string;
  /** Seconds since the person last proved who they are, at most, this once (RFC 9470 §4). */
  readonly maxAge?: number;
}

export type TokenKind = 'access' | 'refresh';

/** What a provider said of a token (RFC 7662 §2.2): text of a server, to be shown and nothing else. */
export interface Introspection {
  readonly host: string;
  readonly token: TokenKind;
  /** It came as a JWT whose signature, issuer and audience were checked (RFC 9701). */
  readonly signed: boolean;
  readonly answer: Readonly<Record<string, unknown>>;
}

/** Claims with the `sub` of the ID token: text of a server as well. */
export interface UserInfo {
  readonly host: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface SignedOut {
  readonly revoked: boolean;
  /** What could not be revoked, and why. */
  readonly message?: string;
}

export interface SignOutOptions {
  readonly signal?: AbortSignal;
  /**
   * Wait for the browser at the loopback redirect. It has to be registered among the client’s post_logout_redirect_uris:
   * a provider refuses to sign out to another.
   */
  readonly comeBack?: boolean;
}

export interface SignedOutEverywhere extends SignedOut {
  /** The page of the provider is open in the browser. */
  readonly opened: boolean;
  /** The browser came back from it; absent when nobody waited. */
  readonly cameBack?: boolean;
  /** Why it is not open, or why the browser may not have come back. */
  readonly why?: string;
}

export interface TokenBroker extends TokenSource, Disposable {
  /** Revokes (refresh token first, 5 s at most), then forgets. Resolves with what could not be revoked. */
  signOut(definition: NamedDefinition<OAuth2Definition>): Promise<SignedOut>;
  /** Signs out here, then opens the page where the provider ends its own session (RP-Initiated Logout). Never throws for the second. */
  signOutEverywhere(
    definition: NamedDefinition<OAuth2Definition>,
    options: SignOutOptions,
  ): Promise<SignedOutEverywhere>;
  /** Asks about a token as it is; nothing is renewed for it. @throws CountersignError CS-AUTH-* */
  introspect(
    definition: NamedDefinition<OAuth2Definition>,
    options: { readonly token?: TokenKind; readonly signal?: AbortSignal },
  ): Promise<Introspection>;
  /** Asks who has signed in, with a token that is renewed first if it has to be. @throws CountersignError CS-AUTH-* */
  userInfo(
    definition: NamedDefinition<OAuth2Definition>,
    options: { readonly signal?: AbortSignal },
  ): Promise<UserInfo>;
  /** Interactive sign-in now, also when a session exists. */
  signIn(definition: NamedDefinition<OAuth2Definition>, options: SignInOptions): Promise<Session>;
  refresh(definition: NamedDefinition<OAuth2Definition>, options: { readonly signal?: AbortSignal }): Promise<Session>;
  /**
   * Signs in two or three times to see what the provider enforces; the session stays as it is. Only when a person asked.
   * @param options `onSignIn` is called before each sign-in @throws CountersignError CS-AUTH-PROBE, CS-AUTH-*
   */
  probe(
    definition: NamedDefinition<OAuth2Definition>,
    options: { readonly signal?: AbortSignal; readonly onSignIn?: (number: number) => void },
  ): Promise<ProbeReport>;
  /** From memory and the store; never the network. */
  state(definition: NamedDefinition<OAuth2Definition>): Promise<SessionState>;
  /** The last one of this process; `sign-in` passes over what was asked about a session that was there. */
  trace(name: string, of?: 'sign-in'): Trace | undefined;
  /** Those of this process, newest first: the last twenty. */
  traces(): readonly Trace[];
  /** Feeds a redirect that came another way (URI handler, pasted); false when no flow waits for it. */
  deliverRedirect(url: string): Promise<boolean>;
  onDidChange(listener: (name: string) => void): Disposable;
}

/** Shown while the browser is open (ux.md D3). The receiver calls it; an adapter draws it. */
export interface SignInProgress {
  waiting(info: {
    readonly credential: string;
    readonly url: string;
    /** The redirect URL, or only its code; false when it belongs to no sign-in. */
    readonly paste: (text: string) => Promise<boolean>;
    readonly cancel: () => void;
    /** False when the browser did not open: offer the link at once. */
    readonly opened: Promise<boolean>;
  }): Disposable;
}

/** The non-secret half of a grant's result and the token set, before it becomes a Session. */
export interface TokenSet {
  readonly access_token: Secret;
  readonly refresh_token?: Secret;
  readonly id_token?: Secret;
  readonly token_type: string;
  readonly expires_in?: number;
  readonly scope?: string;
}
