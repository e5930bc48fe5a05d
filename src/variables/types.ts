/**
 * Variables: who may answer for a name, and what an answer carries. A source is one file in `sources/` and one
 * line in its registry; the order of the registry is the precedence (dialects.md §8–10).
 */
import type { Place } from '../errors/countersign-error.ts';
import type { RequestFile, Span, Template } from '../language/types.ts';
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
  /** Answers to this request's `# @prompt` and `# @secret` directives; these win over everything. */
  readonly prompted?: ReadonlyMap<string, Tracked>;
  /** `--var k=v` and script-set variables; these win over everything but prompts. */
  readonly overrides: ReadonlyMap<string, Tracked>;
  /** `rest-client.environmentVariables` and `httpyac.environmentVariables`, as read by the adapter. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** By request name, the last exchange of this session. */
  readonly captured: ReadonlyMap<string, CapturedExchange>;
  /** The same for another request file, by its absolute path: requests of imported files. */
  readonly capturedIn?: (path: string) => ReadonlyMap<string, CapturedExchange>;
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
  /** Where `-askonce` answers stay for the session; without it they stay for one resolver. */
  readonly remembered?: Map<string, Tracked>;
  /**
   * What was read from files, so that a request sees one state of them. The resolver makes its own; who makes many
   * resolvers in one go (lenses) passes the same fresh map to all of them.
   */
  readonly snapshot?: Map<string, Promise<unknown>>;
  readonly signal?: AbortSignal;
}

export interface VariableInfo {
  readonly name: string;
  /** Value for show, already masked where secret; undefined when only known at send time. */
  readonly display: string | undefined;
  readonly origin: VariableOrigin;
  readonly detail?: string;
}

/** What a definition may ask of the resolver while its value is worked out. Cycles and limits are its business. */
export interface Expansion {
  /** Replaces the references of a value. `place` is where a plain string stands, for errors. */
  expand(value: Template | string, options?: ExpandOptions): Promise<Tracked>;
  /** Looks a name up as a reference in the request would. */
  lookup(name: string): Promise<VariableValue | undefined>;
}

export interface ExpandOptions {
  readonly place?: Place;
  /** Applied to the text between references only (escapes of REST Client). */
  readonly decode?: (text: string) => string;
}

export type PathSegment = string | number;

/** One place that answers for a name. Nothing is worked out until `value` or `at` is called. */
export interface VariableDefinition {
  readonly name: string;
  /** Unique among all definitions, for cycles: `file:120`. */
  readonly key: string;
  readonly origin: VariableOrigin;
  /** Worked out anew at each use (V6). */
  readonly fresh?: boolean;
  /** May throw a CountersignError. */
  value(expansion: Expansion): Promise<Tracked>;
  /** A part of a structured value; undefined when there is none at the path. */
  at?(path: readonly PathSegment[], expansion: Expansion): Promise<Tracked | undefined>;
}

export interface VariableSource {
  readonly id: string;
  /** `environment file`, `this file`: what the hover calls it. */
  readonly label: string;
  /** Every definition of a name in this source, strongest first; empty when it does not know the name. */
  definitions(name: string, context: VariableContext): Promise<readonly VariableDefinition[]>;
  /** Names on offer for completion and the Environments view. Never asks, never sends. */
  list(context: VariableContext): Promise<readonly VariableInfo[]>;
}
