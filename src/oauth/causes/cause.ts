/**
 * A row of the table of causes: how a failed sign-in is recognised, and what to say of it. Texts are templates whose words
 * in angle brackets are filled from facts, so that docs/causes.md is written from the same rows.
 */
import type { OAuth2Definition } from '../../credentials/types.ts';
import type { ErrorCode } from '../../errors/catalog.ts';
import type { CountersignError } from '../../errors/countersign-error.ts';
import type { StepId } from '../trace-steps.ts';

/** What is known of a failure. No secret, no server text but what is named as such. */
export interface Failure {
  readonly credential: string;
  readonly step: StepId;
  /** Of the identity provider: `idp.example.com`. */
  readonly host: string;
  readonly definition: Pick<
    OAuth2Definition,
    'grant' | 'scope' | 'prompt' | 'token_endpoint_auth_method' | 'dpop_bound_access_tokens'
  >;
  /** `error` of the answer, when it looks like an error name. */
  readonly error: string | undefined;
  /** Inert, for matching only. */
  readonly description: string;
  readonly status: number | undefined;
  readonly contentType: string | undefined;
  /** True when the answer came without a body. */
  readonly empty: boolean;
  /** Host that the answer redirects to. */
  readonly movedTo: string | undefined;
  /** True when a header of the answer is one that only a proxy or a gateway sets. */
  readonly fromProxy: boolean;
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
  /** Server clock minus ours, from the last answer's `Date`. */
  readonly skewMs: number | undefined;
  /** An error that is ours already: it keeps its code and sentence, a row adds to it. */
  readonly own: CountersignError | undefined;
  /** False when the browser did not open. */
  readonly browserOpened: boolean;
  /** Redirects that came with a state of no sign-in under way. */
  readonly strayRedirects: number;
}

export interface Cause {
  /** Kebab-case; the anchor in docs/causes.md. */
  readonly id: string;
  /** What is the matter, in a few words. */
  readonly title: string;
  /** The rule behind it: `RFC 6749, 5.2`. */
  readonly rule?: string;
  readonly when: (failure: Failure) => boolean;
  /** Ignored for an error that is ours already, as is `message`. */
  readonly code: ErrorCode;
  /** The case in one sentence. */
  readonly message: string;
  /** `Most likely: …`. */
  readonly likely: string;
  /** Left out, the error says what to do next already. */
  readonly next?: string;
  /** A change of the definition that is sure to be worth trying. */
  readonly fix?: { readonly title: string; readonly field: string; readonly value: string };
}

/** True for an error of ours with one of these codes. */
export function isOwn({ own }: Failure, ...codes: readonly ErrorCode[]): boolean {
  return own !== undefined && codes.includes(own.code);
}

/** True when the server names one of these errors. */
export function isNamed({ error }: Failure, ...names: readonly string[]): boolean {
  return error !== undefined && names.includes(error);
}

/** Both clocks differ by more than a token request takes. */
export function hasSkew({ skewMs }: Failure): boolean {
  return skewMs !== undefined && Math.abs(skewMs) > 30_000;
}

/** The template with its words filled from the failure; a word without a fact stays as it is. */
export function fill(template: string, failure: Failure): string {
  const { definition, redirectUri, skewMs, own } = failure;
  const facts: Readonly<Record<string, string | undefined>> = {
    host: failure.host,
    credential: failure.credential,
    grant: definition.grant,
    scope: definition.scope ?? 'none',
    prompt: definition.prompt ?? 'none',
    method: failure.method ?? 'it was',
    error: failure.error,
    status: failure.status === undefined ? '' : String(failure.status),
    claim: failure.claim,
    moved_to: failure.movedTo,
    redirect_uri: redirectUri,
    redirect: redirectUri?.replace(/:\d+/, ''),
    difference: skewMs === undefined ? undefined : toDuration(Math.abs(skewMs)),
    missed: typeof own?.facts['missed'] === 'string' ? own.facts['missed'] : 'acr or auth_time is another',
    direction: skewMs === undefined ? undefined : skewMs > 0 ? 'behind' : 'ahead',
  };
  return template.replace(/<(\w+)>/g, (whole, name: string) => facts[name] ?? whole);
}

function toDuration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return `${Math.round(ms / 1000)} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
