/**
 * Variables: who may answer for a name, and what an answer carries. A source is one file in `sources/` and one
 * line in its registry; the order of the registry is the precedence (dialects.md §8–10).
 */
import type { RequestFile, Span } from '../language/types.ts';
import type { Clock, FileReader, Prompts } from '../ports.ts';
import type { Tracked } from './tracked.ts';

/** Where a value stands, for hover and go-to-definition. */
export interface VariableOrigin {
  /** Words for the person: `http-client.env.json`, `this file`, `response of login`. */
  readonly label: string;
  readonly file?: string;
  readonly span?: Span;
  readonly line?: number;
}

export interface VariableValue {
  readonly name: string;
  readonly value: Tracked;
  readonly origin: VariableOrigin;
}

/** A response kept for `{{login.response.body.$.token}}`. Header pairs as received. */
export interface CapturedMessage {
  readonly headers: readonly (readonly [string, string])[];
  readonly body: () => Promise<string>;
  readonly contentType: string;
}
export interface CapturedExchange {
  readonly request: CapturedMessage;
  readonly response: CapturedMessage & { readonly status: number };
}

/** Everything a source may look at to answer. Pure data and ports: no globals. */
export interface VariableContext {
  readonly file: RequestFile;
  /** Absolute path of the request file; undefined for text without a file. */
  readonly path: string | undefined;
  /** Absolute path of the workspace folder or the folder the CLI was started in. */
  readonly root: string | undefined;
  /** The request being resolved; names are looked up as it sees them (V2). */
  readonly request: number | undefined;
  /** Chosen environment names, first wins; empty = none chosen. */
  readonly environments: readonly string[];
  /** `--var k=v` and script-set variables; these win over everything but prompts. */
  readonly overrides: ReadonlyMap<string, Tracked>;
  /** `rest-client.environmentVariables` and `httpyac.environmentVariables`, as read by the adapter. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** By request name, the last exchange of this session. */
  readonly captured: ReadonlyMap<string, CapturedExchange>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: FileReader;
  readonly clock: Clock;
  readonly random: () => number;
  /** Absent where nothing may ask (editor features). */
  readonly prompts?: Prompts;
  /** Secrets named in `{"provider": "countersign", "secretName": NAME}`; absent in editor features. */
  readonly secretByName?: (name: string) => Promise<string | undefined>;
  /** `{{$auth.token("NAME")}}`; absent in editor features. */
  readonly authToken?: (credential: string, kind: 'access' | 'id') => Promise<Tracked>;
  readonly signal?: AbortSignal;
}

export interface VariableInfo {
  readonly name: string;
  /** Value for show, already masked where secret; undefined when only known at send time. */
  readonly display: string | undefined;
  readonly origin: VariableOrigin;
  readonly detail?: string;
}

export interface VariableSource {
  readonly id: string;
  /** `environment file`, `this file`: what the hover calls it. */
  readonly label: string;
  /** Undefined when this source does not know the name. May throw a CountersignError. */
  lookup(
    name: string,
    context: VariableContext,
    resolve: (name: string) => Promise<VariableValue | undefined>,
  ): Promise<VariableValue | undefined>;
  /** Names on offer for completion and the Environments view. Never asks, never sends. */
  list(context: VariableContext): Promise<readonly VariableInfo[]>;
}
