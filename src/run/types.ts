/**
 * One request from file to answer, for every surface. The extension and the CLI both call `Engine.send` and
 * listen; neither sees a secret. Source: house.md §4.
 */
import type { Identity } from '../credentials/types.ts';
import type { CountersignError } from '../errors/countersign-error.ts';
import type { Exchange, HeaderPair, Phase, ResponseHead } from '../http/types.ts';
import type { Trace } from '../oauth/types.ts';
import type { SetUpOffer } from './set-up-offer.ts';
import type { Tracked } from '../variables/tracked.ts';

export interface SendInput {
  /** Identity of the run, when the caller has given it one already. */
  readonly id?: string;
  readonly text: string;
  /** Absolute path; undefined for text that is in no file. */
  readonly path: string | undefined;
  readonly root: string | undefined;
  /** Which request: by position in the file. */
  readonly request: number;
  readonly environments: readonly string[];
  readonly overrides?: ReadonlyMap<string, Tracked>;
  /** Send as another credential, or as nobody, whatever the file says. */
  readonly as?: { readonly credential: string } | 'none';
  /** Only as `as` says: what the file writes for somebody else stays out, and other credentials lend no token. */
  readonly alone?: boolean;
  readonly signal: AbortSignal;
}

export interface RunObserver {
  /** The request as it will be sent, known before anything leaves. */
  onRequest?(request: SentRequest): void;
  onPhase?(phase: Phase, detail?: string): void;
  /** A credential is ready: `Signed in as Ada Lovelace`, `from the vault`. */
  onAuthorized?(title: string, note?: string): void;
  onHead?(head: ResponseHead): void;
  /** A line that a script wrote, redacted. */
  onLog?(line: string): void;
  /** A request that had to be sent first has ended (`# @ref`). Its body is let go afterwards. */
  onEarlier?(result: RunResult): void | Promise<void>;
  onProgress?(progress: { readonly bytes: number; readonly encodedBytes: number }): void;
}

/** A header or URL as sent, secrets as spans so that a view can draw chips. */
export interface SentRequest {
  readonly method: string;
  readonly url: Tracked;
  readonly headers: readonly { readonly name: string; readonly value: Tracked }[];
  readonly httpVersion: string;
  readonly bodyBytes: number;
  /** First 64 KiB of the body as text, for show. */
  readonly body?: Tracked;
  /** Names of comment lines and so on that were not sent. */
  readonly strippedLines: number;
}

export interface UsedCredential {
  readonly name: string;
  readonly scheme: string;
  readonly identity?: Identity;
  /** Why: `# @auth`, `default for this origin`, `literal in the file`. */
  readonly chosenBy: 'directive' | 'default' | 'override' | 'literal' | 'variable';
}

export interface TestResult {
  readonly name: string;
  readonly passed: boolean;
  readonly message?: string;
  readonly line?: number;
}

/** The outcome of one request. Either an exchange, or an error, or both (a body that broke off). */
export interface RunResult {
  readonly id: string;
  readonly startedAt: number;
  readonly path: string | undefined;
  readonly name: string | null;
  readonly title: string | null;
  readonly line: number;
  readonly environment: string | undefined;
  readonly request: SentRequest | undefined;
  readonly credential: UsedCredential | undefined;
  /** For each hop, whether the credential was on it, and if not why. */
  readonly attached: readonly { readonly hop: number; readonly attached: boolean; readonly reason?: string }[];
  readonly exchange: Exchange | undefined;
  readonly trace: Trace | undefined;
  readonly tests: readonly TestResult[];
  /** Lines that scripts wrote, redacted. */
  readonly log?: readonly string[];
  readonly error: CountersignError | undefined;
  /** What a person should know of a request that passed (I1.3). */
  readonly notes: readonly { readonly code?: string; readonly message: string }[];
  /** Whether a secret left this machine before it failed. */
  readonly secretSent: boolean;
  /** The API refused a request that carried no credential, and says how one comes in: offer to set it up. */
  readonly setUp?: SetUpOffer;
  /** Of a request that was sent as several, one after another. */
  readonly comparison?: IdentityFacts;
}

/** One of several identities that a request was sent as. */
export interface IdentityFacts {
  /** Name of the credential, or `none`. */
  readonly as: string;
  /** What `# @expect-status` says of it: `200`, `2xx`, `200,204`. */
  readonly expected?: string;
  /** True or false when something is expected; false also when nothing was answered. */
  readonly asExpected?: boolean;
  /** The body beside the first one; undefined when there is none. */
  readonly body?: BodyVerdict;
}

/** How the body of one answer stands to the first: the same bytes, or how many values differ where both are JSON. */
export type BodyVerdict =
  | { readonly kind: 'reference' }
  | { readonly kind: 'same'; readonly as: string }
  | { readonly kind: 'differs'; readonly from: string; readonly differences?: number; readonly more?: boolean };

export type { HeaderPair };
