/**
 * One question to the provider about a session that is there: under a time limit, with a trace of its own. It changes
 * neither the session nor what is known of it; a failure is the asker's to show.
 */
import { CountersignError, isCountersignError } from '../errors/countersign-error.ts';
import { toCancelled } from './capped-fetch.ts';
import { toHost } from './credential-facts.ts';
import { Operation, type OperationShare } from './operation.ts';
import type { OAuthCredential } from './ports.ts';
import { TraceRecorder } from './trace.ts';

const questions = ['introspection', 'userinfo', 'end-session'] as const;

export type QuestionStep = (typeof questions)[number];

/** Whether a trace is of a question, by the name in its place for the grant. */
export function isQuestion(grant: string): boolean {
  return (questions as readonly string[]).includes(grant);
}

export interface Question {
  readonly credential: OAuthCredential;
  readonly step: QuestionStep;
  readonly signal: AbortSignal | undefined;
  /** What a person may need on top of the provider. */
  readonly extraMs?: number;
  readonly onTrace: (trace: TraceRecorder) => void;
}

/** Throws CS-AUTH-UNREACHABLE when it takes too long, CS-AUTH-CANCELLED, and what the task throws as an error for people. */
export async function askProvider<T>(
  share: OperationShare,
  { credential, step, signal, extraMs = 0, onTrace }: Question,
  task: (operation: Operation) => Promise<T>,
): Promise<T> {
  const { ports, limits } = share;
  const plan = ['definition', 'discovery', 'client-authentication', step] as const;
  const about = { credential: credential.name, grant: step, plan };
  const trace = new TraceRecorder(about, ports.clock, (text) => ports.redact(text));
  onTrace(trace);
  const late = new AbortController();
  const timer = setTimeout(
    () => {
      const sentence = `${toHost(credential)} did not answer within ${Math.round(limits.requestMs / 500)} s.`;
      late.abort(new CountersignError('CS-AUTH-UNREACHABLE', sentence));
    },
    limits.requestMs * 2 + extraMs,
  );
  const operation = new Operation(
    credential,
    share,
    trace,
    AbortSignal.any(signal ? [signal, late.signal] : [late.signal]),
  );
  // As for a sign-in: whether it came out well, for the page that a browser may be waiting for.
  let outcome: 'signed-in' | 'failed' = 'failed';
  try {
    const answer = await task(operation);
    trace.succeeded();
    outcome = 'signed-in';
    return answer;
  } catch (caught) {
    const error = operation.signal.aborted && !isCountersignError(caught) ? toCancelled(operation.signal) : caught;
    const known = operation.toError(error, 'introspection');
    trace.failed(known);
    throw known;
  } finally {
    clearTimeout(timer);
    await operation.end(outcome);
  }
}
