/**
 * The vocabulary of credentials: definitions (shareable, no secret), secret slots, sessions, bindings, and the
 * attachment that a scheme computes. Field names are the registered ones. Source: contracts.md §3, §4.
 */
import type { ClientCertificate } from './client-certificate.ts';
import type { QuirkRules } from './quirk-rules.ts';
import type { Secret } from './secret.ts';

export type SchemeId =
  'oauth2' | 'apiKey' | 'bearer' | 'basic' | 'digest' | 'aws-sigv4' | 'oauth1' | 'account' | (string & {});

interface CommonDefinition {
  readonly title?: string;
  /** scheme + host + port, or `https://*.example.com`; may hold `{{variables}}`. */
  readonly origins: readonly string[];
  /** Used for its origins when a request names no credential. */
  readonly default?: boolean;
}

export interface BearerDefinition extends CommonDefinition {
  readonly scheme: 'bearer';
}
export interface BasicDefinition extends CommonDefinition {
  readonly scheme: 'basic';
  readonly username: string;
  readonly charset?: string;
}
export interface DigestDefinition extends CommonDefinition {
  readonly scheme: 'digest';
  readonly username: string;
}
export interface AwsSigV4Definition extends CommonDefinition {
  readonly scheme: 'aws-sigv4';
  readonly access_key_id: string;
  readonly region?: string;
  readonly service?: string;
  readonly region_set?: string;
  readonly placement?: 'header' | 'query';
  readonly expires_in?: number;
}
export interface OAuth1Definition extends CommonDefinition {
  readonly scheme: 'oauth1';
  readonly consumer_key: string;
  readonly signature_method?: string;
  readonly placement?: 'header' | 'query';
  readonly realm?: string;
  readonly body_hash?: boolean;
}
export interface ApiKeyDefinition extends CommonDefinition {
  readonly scheme: 'apiKey';
  readonly in: 'header' | 'query' | 'cookie';
  readonly name: string;
}
export interface AccountDefinition extends CommonDefinition {
  readonly scheme: 'account';
  /** Id of an authentication provider of VS Code. */
  readonly provider: string;
  readonly scopes?: string | readonly string[];
}
export interface OAuth2Definition extends CommonDefinition {
  readonly scheme: 'oauth2';
  /** Registered grant name; short forms `device_code`, `token_exchange`, `jwt_bearer` are expanded on load. */
  readonly grant: string;
  readonly issuer?: string;
  readonly authorization_endpoint?: string;
  readonly token_endpoint?: string;
  readonly device_authorization_endpoint?: string;
  readonly revocation_endpoint?: string;
  readonly introspection_endpoint?: string;
  readonly userinfo_endpoint?: string;
  readonly end_session_endpoint?: string;
  readonly jwks_uri?: string;
  readonly client_id: string;
  readonly scope?: string;
  readonly token_endpoint_auth_method?: string;
  /** Algorithm of the client's signatures (RFC 7591 as registered by OpenID): `ES256`, `PS256` … */
  readonly token_endpoint_auth_signing_alg?: string;
  /** How this client had its answers registered (OIDC Registration §2): encrypted to its key, or signed. */
  readonly id_token_encrypted_response_alg?: string;
  readonly id_token_encrypted_response_enc?: string;
  readonly userinfo_encrypted_response_alg?: string;
  readonly userinfo_signed_response_alg?: string;
  /** `kid` of the private key. */
  readonly key_id?: string;
  /** Claims of an assertion (RFC 7523 §3); issuer and audience have defaults. */
  readonly assertion_issuer?: string;
  readonly assertion_subject?: string;
  readonly assertion_audience?: string;
  readonly assertion_claims?: unknown;
  /** Name of the credential whose access token is exchanged (RFC 8693). */
  readonly subject_credential?: string;
  readonly subject_token_type?: string;
  readonly requested_token_type?: string;
  readonly resource?: string | readonly string[];
  readonly audience?: string;
  readonly authorization_details?: unknown;
  readonly acr_values?: string;
  readonly max_age?: number;
  readonly prompt?: string;
  readonly login_hint?: string;
  /** The resource owner, for the legacy `password` grant only. */
  readonly username?: string;
  /** `code`, or `code id_token` (OIDC Core §3.3). */
  readonly response_type?: string;
  /** How the answer of the browser comes back; those with `jwt` are signed (JARM). */
  readonly response_mode?: string;
  readonly redirect?: 'auto' | 'loopback' | 'uri_handler' | 'paste';
  readonly redirect_port?: number;
  readonly redirect_path?: string;
  readonly require_pushed_authorization_requests?: boolean;
  readonly require_signed_request_object?: boolean;
  readonly dpop_bound_access_tokens?: boolean;
  readonly profile?: 'default' | 'fapi2';
  readonly quirks?: readonly string[];
  readonly quirk_rules?: QuirkRules;
  readonly authorize_parameters?: Readonly<Record<string, string>>;
  readonly token_parameters?: Readonly<Record<string, string>>;
}
/** A scheme known to the file but not (yet) to the registry still loads, shows and explains itself. */
export interface OtherDefinition extends CommonDefinition {
  readonly scheme: string & {};
  readonly [key: string]: unknown;
}

export type Definition =
  | BearerDefinition
  | BasicDefinition
  | DigestDefinition
  | AwsSigV4Definition
  | OAuth1Definition
  | AccountDefinition
  | ApiKeyDefinition
  | OAuth2Definition
  | OtherDefinition;

/** A definition with where it came from. `hash` is what an approval is stored by: SHA-256 of its canonical JSON. */
export interface NamedDefinition<D extends Definition = Definition> {
  readonly name: string;
  readonly definition: D;
  /** `workspace`: proposed by a file, needs approval. `user`: the person's own store, approved by being made there. */
  readonly owner: 'workspace' | 'user';
  /** Absolute path of the defining file, for `workspace`. */
  readonly file?: string;
  readonly hash: string;
  /** Hash before variables were filled in; set by `resolveDefinition` when it filled in any. */
  readonly templateHash?: string;
  /** True when the file states no origins (JetBrains): the approval binds it to the origin it is first used for. */
  readonly originsFromUse?: boolean;
}

/** `NAME` is the main slot; others are `NAME.private_key` and so on (contracts.md §3). */
export interface SecretSlot {
  /** '' for the main one, else `private_key`, `password`, `passphrase`, `session_token`. */
  readonly id: string;
  /** `API key`, `client secret`: reads well in “weather has no API key on this machine”. */
  readonly label: string;
  readonly required: boolean;
}

/** Who a session speaks for, from a verified source where there is one. */
export interface Identity {
  readonly issuer?: string;
  readonly subject?: string;
  /** For the person: name, else email, else subject; control and bidi characters removed. */
  readonly label: string;
  /** False when no signature was checked. */
  readonly verified: boolean;
}

/** The token set of an OAuth credential. Times are milliseconds since the epoch. */
export interface Session {
  readonly accessToken: Secret;
  readonly refreshToken?: Secret;
  readonly idToken?: Secret;
  readonly tokenType: string;
  /** The private key that the tokens are bound to, as JWK text (RFC 9449). */
  readonly dpopKey?: Secret;
  readonly scope: readonly string[];
  /** Scope asked for, to show what was not granted. */
  readonly requestedScope: readonly string[];
  readonly obtainedAt: number;
  /** Undefined when the server did not say: refresh only on 401 (H14). */
  readonly expiresAt?: number;
  readonly issuer?: string;
  readonly identity?: Identity;
  /** Hash of the definition it was obtained under. */
  readonly definitionHash: string;
  /** A refresh with this refresh token was sent then, and no answer was stored: it may be used up. */
  readonly refreshStartedAt?: number;
  /** The server answered a refresh without a new refresh token: the same one may be sent again. */
  readonly refreshTokenReusable?: boolean;
  /** The server refused the refresh token then; only a new sign-in helps. */
  readonly endedAt?: number;
}

/** What a scheme wants on the request, as data; `run` puts it there, hop by hop, after the binding check. */
export interface Attachment {
  readonly headers: readonly AttachedHeader[];
  readonly query: readonly AttachedParameter[];
  readonly cookies: readonly { readonly name: string; readonly value: Secret }[];
  readonly identity?: Identity;
  /** Secrets that what is put on is computed from: they do not leave themselves, and may not by hand elsewhere. */
  readonly behind?: readonly Secret[];
  /** What has to be made anew for every request and every hop, over the request as it leaves. */
  readonly proof?: RequestProof;
  /** Shown to the hosts that the credential may go to, and to no other (RFC 8705 §3). */
  readonly clientCertificate?: ClientCertificate;
  /** The one origin it was made for, where other origins of the credential have another; all of them when absent. */
  readonly onlyAt?: string;
  /** A connection of its own by this name: what it proves, it proves to the connection. */
  readonly connection?: string;
}

export interface AttachedHeader {
  readonly name: string;
  readonly prefix: string;
  /** Absent when nothing of it is secret: the prefix is the whole value. */
  readonly value?: Secret;
}

export interface AttachedParameter {
  readonly name: string;
  readonly value: Secret;
  /** No secret, whatever its type: a date, a count. It is not searched for elsewhere. */
  readonly plain?: boolean;
}

/** One answer, for a proof that learns from it. */
export interface AnsweredRequest {
  readonly status: number;
  readonly url: URL;
  readonly headers: readonly (readonly [string, string])[];
  /** Of `WWW-Authenticate`, with parameter names in lower case. */
  readonly challenges: readonly {
    readonly scheme: string;
    readonly token68?: string;
    readonly params: Readonly<Record<string, string>>;
  }[];
}

/** One request with all that was put on it, for what is computed over it. */
export interface FinalRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: readonly (readonly [string, string])[];
  /** The body's bytes; none for a request without one. @throws CountersignError CS-BODY-SOURCE when they can be read once only */
  body(): AsyncIterable<Uint8Array>;
}

/**
 * What belongs to exactly one request: a proof of possession (RFC 9449 §7), the answer to a challenge (RFC 7616), a
 * signature. Signatures come last, over the request as everything else left it.
 */
export interface RequestProof {
  /** Names of the headers it puts on. */
  readonly names: readonly string[];
  /** Names of the query parameters it puts on. */
  readonly queryNames?: readonly string[];
  headers(request: FinalRequest): Promise<readonly AttachedHeader[]>;
  query?(request: FinalRequest): Promise<readonly AttachedParameter[]>;
  /** True when the same request, with a new proof, is worth sending once more. */
  answered(answer: AnsweredRequest): boolean;
  /** How often it may be sent again for one send; once when absent. */
  readonly rounds?: number;
  /** Why it is sent again, in the list of hops: `answer to the challenge`. */
  readonly retry: string;
}

/** What a scheme remembers between requests for as long as the engine lives: nonces and their counts. */
export interface SchemeMemo {
  /** The value of a key, made at its first use. */
  of<T>(key: string, create: () => T): T;
}

/** The request as it will be sent, for schemes that sign it. */
export interface RequestFacts {
  readonly method: string;
  readonly url: URL;
  readonly headers: readonly (readonly [string, string])[];
  readonly bodyBytes: number;
}

/** Gives tokens to the `oauth2` scheme; the broker in `oauth/` implements it. */
export interface TokenSource {
  acquire(definition: NamedDefinition<OAuth2Definition>, options: AcquireOptions): Promise<Session>;
  /** Proofs for requests with a session whose tokens are bound to a key; undefined for one without. */
  prover?(session: Session): Promise<RequestProof | undefined>;
}

/** Which account of the host: a provider by its id, and what is asked for there. */
export interface AccountRequest {
  readonly provider: string;
  readonly scopes: readonly string[];
}

export interface AccountSession {
  readonly accessToken: Secret;
  /** The account's name, as the provider wrote it. */
  readonly account: string;
}

/** Accounts that the host itself is signed in to; VS Code has some, a terminal has none. */
export interface AccountSource {
  /** Never asks: undefined when there is no session, or none that may be used here. */
  find(request: AccountRequest): Promise<AccountSession | undefined>;
  /**
   * Through the host's own consent and sign-in. Call it for a person's gesture only.
   * @throws CountersignError CS-AUTH-CANCELLED, CS-AUTH-ACCOUNT-PROVIDER
   */
  acquire(
    request: AccountRequest,
    options: { readonly signal?: AbortSignal; readonly choose?: boolean },
  ): Promise<AccountSession>;
}

export interface AcquireOptions {
  /** False: cached or silent refresh only, else CS-AUTH-SIGN-IN-NEEDED. */
  readonly interactive: boolean;
  /** The access token that an API just refused with 401: do not hand it out again. */
  readonly rejected?: Secret;
  readonly signal?: AbortSignal;
}

/** One credential among several, with what it puts on. */
export interface CredentialPart {
  readonly name: string;
  readonly scheme: string;
  /** See `Scheme.signs`. */
  readonly signs: boolean;
  readonly attachment: Attachment;
}

/** The person's netrc file, as it stands. */
export interface NetrcFile {
  readonly path: string;
  readonly text: Secret;
}

/** One credential scheme: one file in `schemes/`, one line in its registry. Metadata feeds every surface. */
export interface Scheme<D extends Definition = Definition> {
  readonly id: string;
  /** `API key`. */
  readonly label: string;
  /** One sentence for the wizard. */
  readonly description: string;
  /** Codicon id. */
  readonly icon: string;
  /** Fields beyond the common ones, in wizard order. */
  readonly fields: readonly FieldInfo[];
  slots(definition: D): readonly SecretSlot[];
  /** How the secret of a slot travels: completes “Goes to <place> …”. Absent place: the credential's origins. */
  secretUse(definition: D, slot: string): { readonly as: string; readonly place?: string };
  /** Problems of one definition in words; empty when complete. */
  check(definition: D): readonly { readonly field?: string; readonly message: string }[];
  prepare(context: PrepareContext<D>): Promise<Attachment>;
  /** True when it covers what others put on, so that it comes after them. */
  readonly signs?: true;
  /** After a 401: true when preparing once more can help (a refreshed token). */
  readonly canRetry?: boolean;
}

export interface FieldInfo {
  readonly name: string;
  /** An address: https, or plain http on this machine; no userinfo, no fragment. */
  readonly format?: 'url';
  readonly label: string;
  readonly description: string;
  readonly type: 'string' | 'number' | 'boolean' | 'string[]' | 'object';
  readonly values?: readonly string[];
  /** Of an object: its members keep their types, of any depth. */
  readonly json?: true;
  readonly required?: boolean;
  readonly example?: string;
}

export interface PrepareContext<D extends Definition = Definition> {
  readonly credential: NamedDefinition<D>;
  readonly request: RequestFacts;
  /** Throws CS-AUTH-SECRET-MISSING when a required slot is empty. */
  secret(slot?: string): Promise<Secret>;
  readonly tokens: TokenSource;
  readonly acquire: AcquireOptions;
  readonly memo: SchemeMemo;
  /** Absent where the host has no accounts. */
  readonly accounts?: AccountSource;
  /** Another credential, checked on its own. @throws CountersignError CS-DEF-UNKNOWN, CS-BIND-ORIGIN, CS-BIND-APPROVAL, CS-AUTH-* */
  readonly part?: (name: string) => Promise<CredentialPart>;
  /** The person's netrc file. @throws CountersignError CS-FILE-MISSING, CS-FILE-PERMISSIONS */
  readonly netrc?: () => Promise<NetrcFile>;
}
