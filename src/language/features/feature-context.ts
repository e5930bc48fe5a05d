/**
 * What editor features ask of the rest of the program, as data. This room may not know variables or credentials; the
 * adapter answers from them, masked, without asking anyone and without sending. Secrets never come through here.
 */
import type { Span } from '../types.ts';
import type { OperationFact } from './openapi.ts';

/** Where something is defined. `file` is an absolute path, `line` is 1-based. */
export interface OriginFact {
  readonly label: string;
  readonly file?: string;
  readonly span?: Span;
  readonly line?: number;
}

export interface VariableFact {
  readonly name: string;
  /** Masked; undefined when known only at send time. */
  readonly display: string | undefined;
  readonly origin: OriginFact;
  readonly detail?: string;
}

/** What is known of one reference. */
export interface ReferenceFact {
  readonly display: string | undefined;
  readonly origin: OriginFact | undefined;
  readonly source: string | undefined;
  readonly overrides: readonly OriginFact[];
  readonly problem?: ProblemFact;
}

export interface ProblemFact {
  readonly code: string;
  readonly message: string;
  readonly next: string;
  /** Known names that come close, nearest first. */
  readonly close?: readonly string[];
  readonly environment?: string;
}

export interface DynamicFact {
  readonly name: string;
  readonly signature: string;
  readonly parameters: readonly { readonly name: string; readonly description: string; readonly optional?: boolean }[];
  readonly documentation: string;
  /** Takes a name behind a dot: `$env.HOME`. */
  readonly dotted?: boolean;
  readonly unsupported?: boolean;
}

export interface CredentialSummary {
  readonly name: string;
  /** `OAuth 2.0`, `API key`. */
  readonly scheme: string;
  readonly origins: readonly string[];
}

/** The rows of the hover on a credential (design.md B3.1). */
export interface CredentialFact extends CredentialSummary {
  /** `signed in as Ada Lovelace`, `its API key is missing`; text from a server, plain. */
  readonly state: string;
  readonly well: boolean;
  readonly scope?: string;
  /** `expires in 52 min, refreshes by itself`. */
  readonly token?: string;
  readonly keptIn: string;
  readonly definedIn: OriginFact;
  readonly signedIn: boolean;
  readonly canSignIn: boolean;
}

export interface RequestFact {
  readonly credential?: string;
  /** The definition is the person's own, so that they may add an origin to it. */
  readonly own?: boolean;
  readonly origin?: string;
  /** Why the credential may not go to the origin. */
  readonly refused?: { readonly code: string; readonly message: string; readonly next: string };
}

export interface LiteralFact {
  /** Offsets in the value. */
  readonly start: number;
  readonly end: number;
  readonly kind: 'bearer' | 'basic' | 'digest' | 'ntlm' | 'aws' | 'cognito' | 'apiKey';
  readonly message: string;
  readonly username?: string;
}

/** A request of an imported file. */
export interface ImportedRequestFact {
  readonly name: string | null;
  readonly title: string | null;
  /** `GET https://…`. */
  readonly detail: string;
  readonly origin: OriginFact & { readonly file: string };
}

export interface ImportFacts {
  readonly requests: readonly ImportedRequestFact[];
  /** What is wrong with the import lines of this file. */
  readonly problems: readonly (Pick<ProblemFact, 'code' | 'message'> & { readonly span: Span })[];
}

/** `request` is an index into the file's requests: names are looked up as it sees them. */
export interface FeatureContext {
  /** False in an untrusted workspace: only the file itself is looked at, so an unknown name may be known elsewhere. */
  readonly complete: boolean;
  readonly dynamics: readonly DynamicFact[];
  variables(request: number | undefined): Promise<readonly VariableFact[]>;
  /** Every name that some source defines, for a quick first look. */
  knownNames(): Promise<ReadonlySet<string>>;
  describe(expression: string, request: number | undefined): Promise<ReferenceFact>;
  /** Of the API descriptions in the workspace. */
  operations(): Promise<readonly OperationFact[]>;
  imports(): Promise<ImportFacts>;
  /** The JSON of a named request's last message of this session; undefined when there is none or it is too large. */
  messageBody(request: string, message: 'request' | 'response'): Promise<unknown>;
  credentials(): Promise<readonly CredentialSummary[]>;
  credential(name: string): Promise<CredentialFact | undefined>;
  /** Undefined when the request cannot be told yet. */
  request(index: number): Promise<RequestFact | undefined>;
  /** Literal secrets in a header's value or a variable's; those a person called no secret are left out. */
  literals(header: string, value: string): readonly LiteralFact[];
  closest(name: string, known: readonly string[]): readonly string[];
  /** Milliseconds of a directive's duration; undefined when it is none. */
  duration(text: string): number | undefined;
}
