/**
 * A sign-in trace as a text a person can read, send to somebody and compare with another: what happened, the cause and the
 * next step first, then each step with its rule, its time and what went over the wire, as the recorder kept it (redacted).
 * Pure. Source: ux.md E9.
 */
import { toShownText } from '../credentials/shown-text.ts';
import { bareCause } from '../words/outcomes.ts';
import { duration } from '../words/quantities.ts';
import type { Trace, TraceExchange, TraceStep } from './types.ts';

const marks = { ok: '✓', failed: '✗', warning: '!', skipped: '-' } as const;
const lineLimit = 4000;

export interface TraceTextOptions {
  /** Of milliseconds since the epoch; ISO 8601 when absent. */
  readonly toLocal?: (at: number) => string;
  /** What made the trace: versions, for a bug report. */
  readonly madeBy?: string;
}

export function toTraceText(trace: Trace, options: TraceTextOptions = {}): string {
  const toLocal = options.toLocal ?? ((at: number) => new Date(at).toISOString());
  const head = [
    `Sign-in trace of ${trace.credential}`,
    `${trace.grant} · ${toLocal(trace.startedAt)} · ${trace.outcome}${trace.code === undefined ? '' : ` · ${trace.code}`}`,
  ];
  if (options.madeBy !== undefined) head.push(options.madeBy);
  if (trace.message !== undefined) head.push('', `What happened: ${trace.message}`);
  else if (trace.cause !== undefined) head.push('');
  if (trace.cause !== undefined && trace.cause !== trace.message) head.push(`Most likely: ${bareCause(trace.cause)}`);
  if (trace.next !== undefined) head.push(`Next: ${trace.next}`);
  if (trace.causeId !== undefined) head.push(`Cause: ${trace.causeId} (docs/causes.md)`);
  const steps = trace.steps.map((step, index) => toStep(step, index + 1));
  return `${[head.join('\n'), ...steps, 'Secrets are shown as ••••.'].join('\n\n')}\n`;
}

function toStep(step: TraceStep, number: number): string {
  const time = step.outcome === 'skipped' ? '' : ` · ${duration(step.durationMs)}`;
  const lines = [`${number}. ${marks[step.outcome]} ${step.title}${time}`];
  if (step.rule) lines.push(`   ${step.rule.text}  ${step.rule.url}`);
  if (step.detail) lines.push(...indented(step.detail));
  for (const one of step.earlier ?? []) lines.push(...toTalk(one));
  lines.push(...toTalk(step));
  return lines.join('\n');
}

function toTalk({ request, response, connection, exchangeMs }: Partial<TraceExchange>): string[] {
  const lines: string[] = [];
  if (request) lines.push('', ...indented(request, '   > '));
  if (response) lines.push('', ...indented(response, '   < '));
  else if (request && exchangeMs !== undefined) lines.push('', '   < no answer');
  const over = [connection, exchangeMs === undefined ? undefined : duration(exchangeMs)].filter(Boolean).join(' · ');
  if (request && over !== '') lines.push('', ...indented(over, '   = '));
  return lines;
}

function indented(text: string, prefix = '   '): string[] {
  return text.split(/\r\n|[\r\n]/).map((line) => `${prefix}${toShownText(line, lineLimit)}`.trimEnd());
}

/** What differs between any two runs and explains nothing: times, durations, ports, values made for one sign-in. */
const passing: readonly (readonly [RegExp, string])[] = [
  [/^((?:\d+\. )?[✓✗!-] .*?) · [\d.,]+ ?(?:ms|s|min|h)$/gm, '$1 · ‹time›'],
  [/^( {3}= .*?)(?: · )?[\d.,]+ ?(?:ms|s|min|h)$/gm, '$1'],
  [/^([a-z_:.-]+ · ).*( · (?:ok|failed|cancelled|running))/m, '$1‹time›$2'],
  [/^( {3}[<>] (?:date|expires|last-modified|age)): .*$/gim, '$1: ‹time›'],
  [/^( {3}[<>] content-length): .*$/gim, '$1: ‹length›'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z\b/g, '‹time›'],
  [/("(?:iat|exp|nbf|auth_time|updated_at|client_id_issued_at)": )\d+/g, '$1‹time›'],
  [/((?:127\.0\.0\.1|localhost|\[::1\])):\d+/g, '$1:‹port›'],
  [/([?&"](?:state|nonce|code_challenge|jti|session_state|dpop-nonce)"?(?:=|: "))[\w.~%+/-]+/gi, '$1‹id›'],
  [/(\brequest_uri"?(?:=|: ")(?:urn:ietf:params:oauth:request_uri:)?)[\w.~%:+/-]+/g, '$1‹id›'],
  [/^( {3}[<>] dpop-nonce: ).*$/gim, '$1‹id›'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '‹id›'],
];

/** The text of a trace with everything that differs between any two runs made alike, for a comparison. */
export function toComparableText(text: string): string {
  return passing
    .reduce((left, [pattern, word]) => left.replace(pattern, word), text)
    .replace(/[\w-]{24,}/g, (run) => (/\d/.test(run) && /[A-Za-z]/.test(run) ? '‹id›' : run));
}
