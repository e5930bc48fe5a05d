/**
 * What a response panel shows, as plain data that can be posted to a webview: no secret, no body, no certificate
 * bytes beyond what is drawn. Text that came from outside is `Shown`: pieces, of which hidden ones are drawn as chips.
 * It does not format; times are milliseconds, sizes bytes, dates ISO 8601. Source: ux.md E, design.md E.
 */

/** Text, or a secret that stands there: its label (`orders access token`) and nothing else of it. */
export type Piece = string | { readonly hidden: string };
export type Shown = readonly Piece[];

export interface HeaderRow {
  readonly name: Shown;
  readonly value: Shown;
}

export interface CookieRow {
  readonly name: Shown;
  readonly value: Shown;
  readonly attributes: readonly { readonly name: string; readonly value: Shown }[];
  /** One sentence when the cookie would not be kept as asked for, or is weaker than it looks. */
  readonly remark?: string;
}

/** Milliseconds from the start of the hop; null where the phase did not happen. */
export interface PhaseTimes {
  readonly queued: number | null;
  readonly dns: number | null;
  readonly connect: number | null;
  readonly proxy: number | null;
  readonly tls: number | null;
  readonly request: number | null;
  readonly firstByte: number | null;
  readonly download: number | null;
  readonly total: number;
}

export interface HopModel {
  readonly method: string;
  readonly host: string;
  readonly target: Shown;
  readonly status?: number;
  readonly why: string;
  readonly reused: boolean;
  readonly proxy?: string;
  readonly address?: string;
  readonly secure: boolean;
  /** This hop's certificate was accepted by it. */
  readonly exception?: ExceptionModel;
  readonly times: PhaseTimes;
  /** Undefined when no credential was in play. */
  readonly attached?: boolean;
  /** Why not: `files.example.net is not one of its origins`. */
  readonly reason?: string;
}

export interface CertificateModel {
  readonly name: string;
  readonly issuer: string;
  readonly names: readonly string[];
  readonly validFrom: string;
  readonly validTo: string;
  readonly fingerprint: string;
  readonly key: string;
  readonly serialNumber: string;
  readonly role: 'server' | 'intermediate' | 'root';
  /** Why this one breaks the chain; absent on a good one. */
  readonly fault?: 'expired' | 'not-yet' | 'hostname' | 'self-signed' | 'untrusted' | 'chain';
}

export interface ExceptionModel {
  readonly kind: 'pin' | 'any';
  readonly origin: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
  readonly fingerprint?: string;
}

export interface SecurityModel {
  readonly origin: string;
  readonly host: string;
  readonly protocol: string;
  readonly cipher: string;
  readonly keyExchange?: string;
  readonly alpn?: string;
  readonly authorized: boolean;
  readonly code?: string;
  readonly exception?: ExceptionModel;
  readonly chain: readonly CertificateModel[];
  /** `system`, a CA file's path, `pin`. */
  readonly trustedBy?: string;
  readonly reused: boolean;
  /** This machine's clock when it was judged, milliseconds since the epoch. */
  readonly judgedAt: number;
}

export interface TraceStepModel {
  readonly title: string;
  readonly durationMs: number;
  readonly outcome: 'ok' | 'failed' | 'warning' | 'skipped';
  readonly rule?: { readonly text: string; readonly url: string };
  readonly request?: Shown;
  readonly response?: Shown;
  /** HTTP and TLS versions, cipher, certificate: what `request` went over. */
  readonly connection?: Shown;
  /** Requests of this step before the last one, oldest first. */
  readonly earlier?: readonly { readonly request: Shown; readonly response?: Shown }[];
  readonly detail?: Shown;
}

export interface TraceModel {
  readonly credential: string;
  readonly grant: string;
  readonly startedAt: number;
  readonly outcome: 'running' | 'ok' | 'failed' | 'cancelled';
  readonly steps: readonly TraceStepModel[];
  readonly cause?: string;
  readonly next?: string;
  readonly code?: string;
}

export interface SentModel {
  readonly method: string;
  readonly target: Shown;
  readonly httpVersion: string;
  readonly headers: readonly HeaderRow[];
  readonly bodyBytes: number;
  readonly body?: Shown;
  /** True when `body` is only the beginning. */
  readonly bodyCut: boolean;
  readonly strippedLines: number;
}

export interface TestRow {
  readonly name: Shown;
  readonly passed: boolean;
  readonly message?: Shown;
  readonly line?: number;
}

export interface ErrorModel {
  readonly code: string;
  readonly message: string;
  readonly next: string;
  readonly action?: string;
  /** True when the action is known to be worth trying, so that it may be drawn as the primary one. */
  readonly sure: boolean;
  /** Base name of the file, and 1-based line. */
  readonly file?: string;
  readonly line?: number;
  /** What is probably behind it, when that is known. */
  readonly likely?: string;
  /** The server's own words about it, when it gave some. */
  readonly detail?: Shown;
}

/** The API asked for more than the credential gave (RFC 6750 §3.1, RFC 9470). */
export interface StepUpModel {
  readonly credential: string;
  readonly challenge: Shown;
  /** What to sign in with: `orders.write`; absent when a newer sign-in is asked for. */
  readonly scope?: string;
}

/** The API refused a request that nobody stood behind: a sign-in can be set up for it (RFC 9110 §15.5.2). */
export interface SetUpModel {
  /** The origin that asks, in punycode. */
  readonly origin: string;
  /** What it asks for, as it wrote it; absent when it does not say. */
  readonly challenge?: Shown;
}

export type ViewId = 'tree' | 'text' | 'raw' | 'table' | 'preview' | 'image' | 'hex';

export interface BodyModel {
  readonly kind:
    | 'empty'
    | 'json'
    | 'ndjson'
    | 'html'
    | 'xml'
    | 'csv'
    | 'events'
    | 'multipart'
    | 'jwt'
    | 'cbor'
    | 'messagepack'
    | 'text'
    | 'image'
    | 'pdf'
    | 'binary';
  readonly mediaType: string;
  readonly bytes: number;
  readonly encodedBytes: number;
  /** `gzip`, when the body was compressed on the wire. */
  readonly encoding?: string;
  readonly charset: string;
  /** A charset the server named and nobody knows; the body is shown as UTF-8. */
  readonly unknownCharset?: string;
  readonly views: readonly ViewId[];
  readonly view: ViewId;
  /** Views that cannot be had, each with the reason. */
  readonly disabled: readonly { readonly view: ViewId; readonly reason: string }[];
  readonly onDisk: boolean;
  readonly complete: boolean;
  /** `gzip data, by its first bytes`. */
  readonly sniffed?: string;
  /** Heading and sentence of an empty body. */
  readonly empty?: { readonly heading: string; readonly detail: string };
}

export type Outcome =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly statusText: string;
      readonly family: 'info' | 'ok' | 'redirect' | 'client' | 'server';
      /** The body ended early. */
      readonly broken: boolean;
    }
  | {
      readonly kind: 'not-sent';
      readonly reason: 'tls' | 'sign-in' | 'secret' | 'transport' | 'binding' | 'other';
      readonly secretSent: boolean;
    }
  | { readonly kind: 'cancelled'; readonly status?: number; readonly statusText?: string };

/** RFC 9457, read from the body for the bar above it. */
export interface ProblemModel {
  readonly title: Shown;
  readonly detail?: Shown;
}

export interface WhoModel {
  readonly name: string;
  readonly scheme: string;
  readonly identity?: string;
  /** A person, or a program that acts as itself. */
  readonly person: boolean;
  readonly chosenBy: string;
  /** False when the credential was not on the last hop. */
  readonly onLastHop: boolean;
}

export interface ResponseModel {
  readonly runId: string;
  readonly title: string;
  readonly name: string | null;
  readonly method: string;
  readonly target: Shown;
  readonly startedAt: number;
  readonly environment?: string;
  readonly file?: string;
  /** Absolute path of the request file, kept for sending again after a reload. */
  readonly path?: string;
  readonly line: number;
  readonly who?: WhoModel;
  /** Set when the request has none, or when what was meant is a literal of the file. */
  readonly noCredential?: 'none' | 'literal';
  /** Hosts in order of hops; the last one answered. */
  readonly hosts: readonly { readonly host: string; readonly secure: boolean }[];
  readonly outcome: Outcome;
  readonly durationMs: number;
  readonly httpVersion: string;
  readonly headers: readonly HeaderRow[];
  readonly cookies: readonly CookieRow[];
  readonly hops: readonly HopModel[];
  readonly security?: SecurityModel;
  /** All that touched the run: any hop, or the sign-in. */
  readonly exceptions?: readonly ExceptionModel[];
  readonly trace?: TraceModel;
  readonly request?: SentModel;
  readonly tests: readonly TestRow[];
  readonly error?: ErrorModel;
  /** For a transport error: which edge of the drawing failed, and the word on it. */
  readonly broken?: {
    readonly edge: 'name' | 'proxy' | 'server';
    readonly word: string;
    readonly proxy?: string;
    readonly host: string;
  };
  readonly notes: readonly string[];
  readonly stepUp?: StepUpModel;
  readonly setUp?: SetUpModel;
  readonly problem?: ProblemModel;
  readonly body: BodyModel;
  /** Secrets that the head would have shown. */
  readonly hiddenCount: number;
}
