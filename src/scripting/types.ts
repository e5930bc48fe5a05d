/**
 * What goes into the sandbox and what comes out of it: plain data, so that it can cross to a worker. Nothing in it is
 * trusted on the way back; `recorder.ts` has checked and capped it. Values of variables travel as JSON text.
 */
export type ScriptWhen = 'pre-request' | 'response';

/** Whose names a script finds: those of JetBrains' client or those of httpYac. */
export type ScriptDialect = 'jetbrains' | 'httpyac';

export interface ScriptHeader {
  readonly name: string;
  /** As written in the file, references unreplaced. */
  readonly raw: string;
  /** References replaced, secrets as dots. */
  readonly value: string;
}

export interface ScriptRequest {
  readonly method: string;
  /** Secrets as dots in all of these. */
  readonly url: { readonly raw: string; readonly value: string };
  readonly body: { readonly raw: string; readonly value: string } | null;
  readonly headers: readonly ScriptHeader[];
}

export interface ScriptResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [string, string])[];
  /** Without parameters, lower case; '' when the response names none. */
  readonly mimeType: string;
  readonly charset: string;
  /** Decoded text; undefined when it is too large for scripts. */
  readonly body: string | undefined;
  /** `1.1`. */
  readonly httpVersion: string;
  /** Milliseconds; `null` for a phase that did not happen. */
  readonly timings: Readonly<Record<string, number | null>>;
}

export interface EnvironmentValue {
  readonly name: string;
  readonly value: string;
  /** The script gets a handle that only `crypto.hmac` can use, never the value. */
  readonly secret: boolean;
}

export interface ScriptJob {
  readonly when: ScriptWhen;
  readonly dialect: ScriptDialect;
  readonly code: string;
  readonly request: ScriptRequest;
  readonly response?: ScriptResponse;
  readonly environment: readonly EnvironmentValue[];
  readonly globals: readonly (readonly [name: string, json: string])[];
  /** `exports` of earlier scripts of the file. */
  readonly file: readonly (readonly [name: string, json: string])[];
  readonly variables: readonly (readonly [name: string, json: string])[];
}

/** 1-based, in the script's own text. */
export interface ScriptPlace {
  readonly line: number;
  readonly column: number;
}

export type VariableScope = 'global' | 'file' | 'request';

export type ScriptEvent =
  | {
      readonly kind: 'test';
      readonly name: string;
      readonly passed: boolean;
      readonly message?: string;
      readonly place?: ScriptPlace;
    }
  | { readonly kind: 'log'; readonly text: string }
  | { readonly kind: 'set'; readonly scope: VariableScope; readonly name: string; readonly json: string }
  | { readonly kind: 'clear'; readonly scope: VariableScope; readonly name: string }
  | { readonly kind: 'clearAll'; readonly scope: VariableScope };

export interface ScriptFault {
  readonly kind: 'error' | 'time' | 'memory';
  /** `ReferenceError: x is not defined`; capped, may quote the response. */
  readonly message: string;
  readonly place?: ScriptPlace;
}

/** What one script did, in order, up to where it ended. */
export interface ScriptReport {
  readonly events: readonly ScriptEvent[];
  readonly fault?: ScriptFault;
}

export interface ScriptLimits {
  readonly timeMs: number;
  readonly memoryBytes: number;
  readonly stackBytes: number;
}

export const defaultLimits: ScriptLimits = {
  timeMs: 5000,
  memoryBytes: 64 * 1024 * 1024,
  stackBytes: 256 * 1024,
};

/** Between the sandbox and its worker. */
export interface WorkerJob {
  readonly id: number;
  readonly job: ScriptJob;
  readonly limits: ScriptLimits;
}
export type WorkerMessage =
  | { readonly kind: 'ready' }
  /** `spent`: the engine inside was brought to a limit and is not used again. */
  | { readonly kind: 'report'; readonly id: number; readonly report: ScriptReport; readonly spent: boolean };
