/**
 * What an API says about how to come in, as data for a wizard and a command line. Every text in it is inert and capped;
 * every address is vetted. Nothing here is a decision: a person looks at both origins first (auth.md A05).
 */
import type { ErrorCode } from '../../errors/catalog.ts';
import type { AddressClass } from '../../http/address-class.ts';
import type { DiscoveredServer } from '../discovery.ts';
import type { TraceStep } from '../types.ts';

/** One way that the API offers in `WWW-Authenticate`, strongest first in `ApiFindings.challenges`. */
export interface ChallengeFacts {
  /** As registered where it is (`Bearer`, `Basic`, `DPoP`), else as the server writes it. */
  readonly scheme: string;
  /** The scheme of a definition that answers it; undefined when Countersign has none (`Negotiate`). */
  readonly answeredBy: string | undefined;
  readonly realm?: string;
  /** `invalid_token`, `insufficient_scope` … (RFC 6750 §3.1). */
  readonly error?: string;
  /** What this request needs (RFC 6750 §3). */
  readonly scope: readonly string[];
  /** Where an API key goes, when the challenge says so. */
  readonly key?: { readonly name: string; readonly in: 'header' | 'query' | 'cookie' };
  /** The address of the metadata as the server wrote it: not vetted, for comparison only. */
  readonly resourceMetadata?: string;
}

/** Metadata of the protected resource (RFC 9728 §2), vetted. */
export interface ProtectedResource {
  /** To send as `resource` (RFC 8707). */
  readonly resource: string;
  /** False when it covers the address asked for without being identical to it. */
  readonly exact: boolean;
  readonly metadataUrl: string;
  readonly foundBy: 'challenge' | 'well-known';
  readonly name?: string;
  /** Issuers, as they are named; each an https address. */
  readonly authorizationServers: readonly string[];
  readonly scopes: readonly string[];
  readonly bearerMethods: readonly ('header' | 'body' | 'query')[];
  readonly dpopRequired: boolean;
  readonly dpopAlgorithms: readonly string[];
  readonly certificateBound: boolean;
}

/** An identity provider that the API names, before anything was asked of it. */
export interface NamedIssuer {
  readonly issuer: string;
  /** `https://idp.example.com`, in punycode: what a person compares with the API's. */
  readonly origin: string;
  /** True when it is not the API's own origin. */
  readonly elsewhere: boolean;
  /** `resource`: the API's metadata names it. `origin`: the API names nobody; its own origin has issuer metadata. */
  readonly namedBy: 'resource' | 'origin';
}

/** One identity provider that could sign in for the API. */
export interface IssuerFindings extends NamedIssuer {
  /** Where it stands, by the connection to it: its own metadata may lead no nearer to this machine. */
  readonly network: AddressClass;
  /** Its metadata, compared and vetted; undefined when `problem` says why not. */
  readonly server?: DiscoveredServer;
  readonly problem?: Problem;
  /** What the metadata says, in short; undefined without it. */
  readonly facts?: IssuerFacts;
}

export interface IssuerFacts {
  /** Registered names; undefined when the metadata lists none. */
  readonly grants: readonly string[] | undefined;
  readonly authMethods: readonly string[] | undefined;
  readonly scopes: readonly string[] | undefined;
  /** RFC 7591: it lets clients register themselves. */
  readonly registration: boolean;
  /** It takes the https address of a metadata document as `client_id`. */
  readonly clientIdMetadataDocument: boolean;
  readonly pkce: 'S256' | 'plain' | 'not announced';
  readonly pushedRequests: 'required' | 'offered' | 'no';
  readonly dpopAlgorithms: readonly string[];
  readonly issInRedirect: boolean;
  readonly openId: boolean;
  readonly device: boolean;
}

export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly next: string;
}

/** A scheme to offer, best first; the first is what the API most likely wants. */
export interface Recommendation {
  /** Scheme of a definition. */
  readonly scheme: string;
  /** One sentence. */
  readonly reason: string;
}

export interface ApiFindings {
  /** The address asked for, without user name, password and fragment. */
  readonly url: string;
  readonly origin: string;
  /** Of the answer to a GET without credentials. */
  readonly status: number;
  /** True when it was answered (2xx) and asked for nothing. */
  readonly open: boolean;
  readonly challenges: readonly ChallengeFacts[];
  readonly resource?: ProtectedResource;
  readonly issuers: readonly IssuerFindings[];
  readonly recommendations: readonly Recommendation[];
  /** What was refused or left out, and why. */
  readonly warnings: readonly Problem[];
  /** What was asked and answered, redacted. */
  readonly steps: readonly TraceStep[];
}
