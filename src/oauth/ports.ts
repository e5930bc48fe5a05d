/**
 * What the token broker asks of the rooms around it: the network, the vault, the window. Each is small enough to
 * be replaced by a real fake; nothing in `oauth/` reaches the machine in another way, but for the loopback listener.
 */
import type { ClientCertificate } from '../credentials/client-certificate.ts';
import type { NamedDefinition, OAuth2Definition, Session } from '../credentials/types.ts';
import type { Secret } from '../credentials/secret.ts';
import type { ApprovalRequest, Browser, Clock, Disposable, LockProvider } from '../ports.ts';
import type { SignInProgress } from './types.ts';

export type OAuthCredential = NamedDefinition<OAuth2Definition>;

export interface OAuthFetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string | URLSearchParams | Uint8Array;
  readonly signal?: AbortSignal;
  readonly redirect: 'manual';
  /** Shown to one origin only (RFC 8705). */
  readonly clientCertificate?: ClientCertificate;
}

/** Fetch-like: follows no redirect, decodes the content encoding, throws `CS-NET-*` and `CS-TLS-*`. */
export type OAuthFetch = (url: string, init: OAuthFetchInit) => Promise<Response>;

/**
 * Sessions in the secret store, by credential. `set` resolves when the value rests there, to false when it is in
 * memory only.
 */
export interface SessionStore {
  get(credential: OAuthCredential): Promise<Session | undefined>;
  set(credential: OAuthCredential, session: Session): Promise<unknown>;
  delete(credential: OAuthCredential): Promise<void>;
  /** Fires with the credential's name, also when another window changed it. */
  onDidChange(listener: (name: string) => void): Disposable;
}

/** The secrets that belong to a definition. Slot '' is the main one (`client_secret`). */
export interface ClientSecrets {
  get(credential: OAuthCredential, slot: string): Promise<Secret | undefined>;
}

/** Origin of each endpoint at its first use, by registered endpoint name. Kept outside any workspace. */
export interface EndpointPins {
  get(name: string, hash: string): Promise<Readonly<Record<string, string>> | undefined>;
  set(name: string, hash: string, origins: Readonly<Record<string, string>>): Promise<void>;
}

/** A redirect that another program receives: `vscode://publisher.name/cb`, already resolved for this window. */
export interface UriHandlerPort {
  redirectUri(): Promise<string>;
}

/** What a person is shown of a device code. All texts are inert; addresses are vetted and in punycode. */
export interface DeviceCode {
  readonly credential: string;
  /** Of the identity provider, `idp.example.com`. */
  readonly issuerHost: string;
  readonly clientId: string;
  readonly scope: string;
  readonly userCode: string;
  /** Where it is entered. */
  readonly verificationUri: string;
  /** Of that address: what a person compares. */
  readonly origin: string;
  /** The address with the code in it, to show or draw; never opened without a look at the code. */
  readonly verificationUriComplete?: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Opens `verificationUri` in the browser; false when that did not work. */
  open(): Promise<boolean>;
  cancel(): void;
}

/** What a person approves on a device of theirs. All texts are inert. */
export interface ApprovalElsewhere {
  readonly credential: string;
  readonly issuerHost: string;
  readonly clientId: string;
  readonly scope: string;
  /** Who is asked. */
  readonly loginHint: string;
  /** Stands on that device as well: what a person compares. */
  readonly bindingMessage: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  cancel(): void;
}

/** Shows what a person does on another device, until it is disposed of (ux.md D5). */
export interface DevicePrompt {
  show(code: DeviceCode): Disposable;
  wait(approval: ApprovalElsewhere): Disposable;
}

/** Another credential by its name, as seen from the one that asks; approved. @throws CountersignError */
export type FindCredential = (name: string, asker: OAuthCredential) => Promise<OAuthCredential | undefined>;

export interface TokenBrokerPorts {
  readonly fetch: OAuthFetch;
  readonly sessions: SessionStore;
  readonly secrets: ClientSecrets;
  readonly browser: Browser;
  readonly progress: SignInProgress;
  /** Without it the device grant says that nobody could be shown the code. */
  readonly device?: DevicePrompt;
  /** Asks a person for a secret that is used once and kept nowhere; undefined refuses. */
  askSecret?(
    question: { readonly title: string; readonly prompt: string },
    signal: AbortSignal,
  ): Promise<string | undefined>;
  /**
   * The text of a file that a definition names, by the rules for files: under its folder, or agreed to by a person.
   * @throws CountersignError CS-FILE-*
   */
  readFile?(
    path: string,
    about: { readonly credential: OAuthCredential; readonly interactive: boolean; readonly signal: AbortSignal },
  ): Promise<string>;
  /** For token exchange; without it a subject token can only come from its slot. */
  readonly findCredential?: FindCredential;
  /** Waits between two polls; a timer by default. */
  delay?(ms: number, signal: AbortSignal): Promise<void>;
  readonly lock: LockProvider;
  readonly clock: Clock;
  readonly pins: EndpointPins;
  /** Removes every live secret from a text. */
  redact(text: string): string;
  /** Tells the redactor of a secret the moment it is seen. */
  onSecret(secret: Secret): void;
  /** Asks a person about endpoints that moved; absent or false refuses them. */
  approve?(request: ApprovalRequest, signal?: AbortSignal): Promise<boolean>;
  /** `count` random bytes; the system's by default. */
  random?(count: number): Uint8Array;
  readonly uriHandler?: UriHandlerPort;
  /** What `redirect: auto` stands for here, from the user's settings; `loopback` by default. */
  readonly redirect?: 'loopback' | 'uri_handler' | 'paste';
  /** `VS Code` or `the terminal`: where the landing page sends the person back to. */
  readonly returnTo?: string;
  readonly limits?: Partial<BrokerLimits>;
}

export interface BrokerLimits {
  /** Until the browser has to be back. */
  readonly signInMs: number;
  /** One protocol request, body included. */
  readonly requestMs: number;
  /** Sign-out waits this long for the revocation. */
  readonly revokeMs: number;
  /** The landing page waits this long for the exchange to end. */
  readonly landingMs: number;
  readonly lockStaleMs: number;
  readonly maxBytes: number;
}

export const defaultLimits: BrokerLimits = {
  signInMs: 300_000,
  requestMs: 30_000,
  revokeMs: 5_000,
  landingMs: 10_000,
  lockStaleMs: 30_000,
  maxBytes: 1024 * 1024,
};
