/**
 * Sending, as data: what goes in, what an exchange is, and the policies that decide trust and routes.
 * Timings are durations in milliseconds, one a phase, in the order of the phases; null where it did not happen.
 */
import type { X509Certificate } from 'node:crypto';
import type { Secret } from '../credentials/secret.ts';
import type { FixedAddresses } from './fixed-addresses.ts';

export type HeaderPair = readonly [string, string];

export interface OutgoingBody {
  /** Bytes, or undefined when unknown (chunked). */
  readonly length: number | undefined;
  /** A fresh stream at each call, so that a redirect or a retry can send it again; false when it cannot. */
  readonly replayable: boolean;
  open(): AsyncIterable<Uint8Array>;
}

/** `2-prior-knowledge` speaks it without asking, also on plain http (RFC 9113 §3.3). */
export type HttpVersion = '1.0' | '1.1' | '2' | '2-prior-knowledge';

export interface OutgoingRequest {
  /** As sent, upper case unless the person wrote an extension method. */
  readonly method: string;
  readonly url: URL;
  /** In order and case as they are to be sent. `Host`, `Content-Length` are added when absent. */
  readonly headers: readonly HeaderPair[];
  readonly body?: OutgoingBody;
  /** Undefined: HTTP/2 where the server offers it over TLS, else HTTP/1.1. */
  readonly httpVersion?: HttpVersion;
  /** Send a `Host` header that names another host than the URL; refused otherwise. */
  readonly allowHostOverride?: boolean;
  /** Header names (any case) that carry a credential, beyond those every client knows: taken off at an origin change. */
  readonly sensitiveHeaders?: readonly string[];
  /** Requests with this name have connections that no other request gets (HTTP/1.1): the peer knows them by the connection. */
  readonly connection?: string;
  /** Set by `prepareHop` when it put a credential anywhere on the request (also in the URL): no downgrade to http. */
  readonly carriesCredential?: boolean;
}

/** Durations. `firstByte` is the wait from the last request byte to the head; `total` is the wall time of all. */
export interface Timings {
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

export interface CertificateInfo {
  readonly subject: string;
  readonly issuer: string;
  /** `DNS:…`, `IP Address:…` entries. */
  readonly san: readonly string[];
  /** ISO 8601. */
  readonly validFrom: string;
  readonly validTo: string;
  /** Upper-case hex with colons. */
  readonly fingerprint256: string;
  readonly key: string;
  readonly serialNumber: string;
  readonly selfSigned: boolean;
  readonly pem: string;
}

export interface TlsInfo {
  readonly protocol: string;
  readonly cipher: string;
  readonly keyExchange?: string;
  readonly alpn?: string;
  readonly authorized: boolean;
  /** `CS-TLS-…` when it was not, or would not have been without the exception. */
  readonly code?: string;
  readonly exception?: TlsException;
  /** Leaf first, as the server sent it, with the root when the trust store knows it. */
  readonly chain: readonly CertificateInfo[];
  /** Where the trust in the root comes from: `system`, the CA file's path, `pin`. */
  readonly trustedBy?: string;
  readonly reused: boolean;
}

/** Made by a person, kept in user state, per origin (house.md §6.4). */
export interface TlsException {
  readonly kind: 'pin' | 'any';
  readonly origin: string;
  /** Of the pinned leaf; absent for `any`. */
  readonly fingerprint256?: string;
  /** Milliseconds since the epoch; after it the exception is void. */
  readonly expires: number;
}

/** Decides what to trust for one origin; asked anew at every connection. */
export interface TlsPolicy {
  /** Extra CAs as PEM, with the file they came from. */
  readonly ca: readonly { readonly pem: string; readonly source: string }[];
  readonly useSystemStore: boolean;
  /** TLS 1.2 when not given. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3';
  exceptionFor(origin: string): TlsException | undefined;
  clientCertificateFor?(
    origin: string,
  ):
    | { readonly cert?: string; readonly key?: string; readonly pfx?: Uint8Array; readonly passphrase?: Secret }
    | undefined;
}

export interface ProxyRoute {
  /** http, https, or one of the SOCKS schemes. */
  readonly url: URL;
  /** Of a SOCKS proxy; an HTTP proxy gets `authorization`. */
  readonly login?: { readonly username: string; readonly password: Secret };
  readonly authorization?: Secret;
}
export type ProxyPolicy = (target: URL) => ProxyRoute | undefined;

export type Phase = 'queued' | 'dns' | 'connect' | 'proxy' | 'tls' | 'request' | 'waiting' | 'download' | 'done';

export interface ResponseHead {
  readonly status: number;
  readonly statusText: string;
  readonly httpVersion: string;
  /** As received: order, case and repeats kept. */
  readonly headers: readonly HeaderPair[];
}

/** A 1xx answer ahead of the final one: `103 Early Hints` and the like. */
export interface InterimResponse {
  readonly status: number;
  readonly headers: readonly HeaderPair[];
}

/** One request on the wire and what came back for it. `url` is what was asked for, credentials in it included. */
export interface Hop {
  readonly method: string;
  readonly url: string;
  readonly remoteAddress?: string;
  readonly proxy?: string;
  /** As sent, in order. */
  readonly headers: readonly HeaderPair[];
  readonly bodyBytes: number;
  /** 1xx answers before the response, in order; `100 Continue` too. */
  readonly interim?: readonly InterimResponse[];
  readonly response?: ResponseHead;
  readonly timings: Timings;
  readonly tls?: TlsInfo;
  readonly reusedConnection: boolean;
  /** `first`, `redirect 302`, `retry after 401`. */
  readonly why: string;
  /** True when a pooled connection turned out closed and the request was sent again on a fresh one. */
  readonly resent?: boolean;
  /** Names of headers taken off because the redirect led to another origin. */
  readonly stripped?: readonly string[];
}

/** A received body: memory up to a limit, then a file that is removed by `dispose`. */
export interface SpooledBody {
  /** Decoded bytes so far. */
  readonly bytes: number;
  /** Bytes on the wire so far. */
  readonly encodedBytes: number;
  readonly complete: boolean;
  /** Where it rests, when it went to disk. */
  readonly file?: string | undefined;
  read(start: number, end: number): Promise<Uint8Array>;
  /** The whole, refusing more than `limit` bytes. */
  bytesUpTo(limit: number): Promise<Uint8Array>;
  stream(): AsyncIterable<Uint8Array>;
  dispose(): Promise<void>;
}

export interface Exchange {
  readonly hops: readonly Hop[];
  readonly response: ResponseHead;
  readonly body: SpooledBody;
  /** Fields that came behind the body. */
  readonly trailers?: readonly HeaderPair[];
  /** The last hop's. */
  readonly tls?: TlsInfo;
  readonly timings: Timings;
  /** Set when the body ended early: what arrived is in `body`. A CountersignError. */
  readonly bodyError?: Error;
  /** Set when the response is a redirect that was not followed because the body was not to go to another origin (A03). */
  readonly redirectDeclined?: { readonly to: string };
}

export interface SendOptions {
  readonly signal: AbortSignal;
  readonly tls: TlsPolicy;
  readonly proxy: ProxyPolicy;
  /** Until the head arrives, and between body chunks; 0 = none. */
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly followRedirects: boolean;
  readonly maxRedirects: number;
  readonly maxDecodedBytes: number;
  /**
   * Gives what is to be sent for one hop, the credential already on it or withheld by the binding check.
   * Called for the first hop and for every redirect, with method, URL, headers and body rewritten by the rules.
   */
  prepareHop(
    request: OutgoingRequest,
    hop: { readonly index: number; readonly crossOrigin: boolean; readonly why: string },
  ): Promise<OutgoingRequest>;
  onPhase?(phase: Phase, at: number): void;
  onHead?(head: ResponseHead, hop: number): void;
  /** The last hop's body, readable while it still arrives. */
  onBodyStart?(body: SpooledBody): void;
  /** Each hop when it ended or failed, so that a failed send can still be shown hop by hop. */
  onHop?(hop: Hop): void;
  onBody?(progress: { readonly bytes: number; readonly encodedBytes: number }): void;
  /** Addresses that stand for names; not asked when a proxy looks the name up. */
  readonly addressOf?: FixedAddresses;
  /** Judges each resolved address before the connection is made to it (A04); false ends in CS-NET-ADDRESS. */
  allowAddress?(address: string, host: string): boolean;
  /** 307/308 with a body to another origin: resolve true to send it (A03). */
  confirmCrossOriginBody?(from: URL, to: URL): Promise<boolean>;
}

/**
 * The engine. `send` resolves when the body ended, also when it ended early (`bodyError`); it rejects with a
 * CountersignError when no response came. Its facts hold `host`, `phase`, `secretSent` and, for TLS, the chain.
 * One pool of connections a client; `dispose` closes them and removes spool files.
 */
export interface HttpClient {
  send(request: OutgoingRequest, options: SendOptions): Promise<Exchange>;
  dispose(): Promise<void>;
}

export type { X509Certificate };
