/**
 * What is known of a run before it has a result, and the result of a run that never got one. Pure.
 */
import type { CountersignError } from '../../errors/countersign-error.ts';
import type { RunResult, UsedCredential } from '../../run/types.ts';
import type { RunStart } from '../../webview/protocol.ts';

/** What is known when Send is pressed. */
export interface RunDescription {
  /** One is made when there is none. */
  readonly id?: string;
  readonly name: string | null;
  /** The words after `###`. */
  readonly title: string | null;
  readonly method: string;
  /** As far as it is resolved; without secrets. */
  readonly url: string;
  readonly startedAt: number;
  /** Column of the request file: the panel opens beside it. */
  readonly sourceColumn?: number;
  readonly path?: string;
  /** 1-based; the result's own when absent. */
  readonly line?: number;
  readonly credential?: UsedCredential;
  /** Of runs that are shown together: one request as several identities. */
  readonly group?: string;
}

/** Name, else method and last path segment (design.md E1.1). */
export function toTabTitle({ name, method, url }: RunDescription): string {
  if (name !== null) return name;
  const path = url.replace(/[?#].*$/, '').replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '');
  const segment = path
    .split('/')
    .filter((part) => part !== '')
    .at(-1);
  return `${method} ${segment === undefined ? '/' : segment.slice(0, 40)}`;
}

export function whoOf(credential: UsedCredential | undefined): Pick<RunStart, 'who'> {
  if (!credential || credential.chosenBy === 'literal') return {};
  const { name, identity, scheme } = credential;
  return {
    who: { name, person: scheme !== 'apiKey', ...(identity === undefined ? {} : { identity: identity.label }) },
  };
}

/** For a run that ended before it had a result. */
export function failedResult(id: string, run: RunDescription, error: CountersignError): RunResult {
  return {
    id,
    startedAt: run.startedAt,
    path: run.path,
    name: run.name,
    title: run.title,
    line: run.line ?? 1,
    environment: undefined,
    request: undefined,
    credential: run.credential,
    attached: [],
    exchange: undefined,
    trace: undefined,
    tests: [],
    error,
    notes: [],
    secretSent: false,
  };
}
