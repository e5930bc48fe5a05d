/** What advice is: the likely cause of a failed sign-in and what to do, from facts alone. One file a group of causes. */
import type { ErrorCode } from '../../errors/catalog.ts';
import type { CountersignError } from '../../errors/countersign-error.ts';
import type { StepId } from '../trace-steps.ts';

/** What is known of a failure. No secret, no server text but the error's registered name. */
export interface Failure {
  readonly credential: string;
  readonly step: StepId;
  /** Of the identity provider: `idp.example.com`. */
  readonly host: string;
  /** `error` of the answer, when it looks like an error name. */
  readonly error: string | undefined;
  /** Inert, for matching only. */
  readonly description: string;
  readonly status: number | undefined;
  readonly contentType: string | undefined;
  /** `code` of the protocol library. */
  readonly libraryCode: string | undefined;
  /** Message of the protocol library: fixed words, never server text. */
  readonly libraryMessage: string;
  /** The claim that did not compare. */
  readonly claim: string | undefined;
  readonly method: string | undefined;
  /** True when form encoding changes the secret, so that a literal reader sees another one. */
  readonly secretNeedsEncoding: boolean;
  readonly redirectUri: string | undefined;
  readonly scope: string | undefined;
  readonly grant: string;
  /** Server clock minus ours, from the last answer's `Date`. */
  readonly skewMs: number | undefined;
  readonly cause: unknown;
}

export interface Advice {
  readonly code: ErrorCode;
  /** The case in one sentence. */
  readonly message: string;
  /** `Most likely: …`. Left out when nothing is likely. */
  readonly likely?: string;
  readonly next?: string;
  /** A change of the definition that is sure to be worth trying. */
  readonly fix?: { readonly title: string; readonly field: string; readonly value: string };
}

/** Gives advice when it knows the failure; the first that answers wins. */
export type Adviser = (failure: Failure) => Advice | undefined;

export type { CountersignError };
