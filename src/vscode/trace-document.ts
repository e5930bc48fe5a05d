/**
 * A sign-in trace as a text a person can read and send to somebody: cause first, then each step with its rule, outcome
 * and what went over the wire, as the recorder kept it (redacted). Pure. Source: ux.md E9.
 */
import { bareCause } from '../words/outcomes.ts';
import { toShownText } from '../credentials/shown-text.ts';
import type { Trace, TraceStep } from '../oauth/types.ts';
import { duration } from '../words/quantities.ts';

const marks = { ok: '✓', failed: '✗', warning: '!', skipped: '-' } as const;
const lineLimit = 4000;

/** @param toLocal of milliseconds since the epoch */
export function toTraceDocument(trace: Trace, toLocal: (at: number) => string): string {
  const head = [
    `Sign-in trace of ${trace.credential}`,
    `${trace.grant} · ${toLocal(trace.startedAt)} · ${trace.outcome}${trace.code === undefined ? '' : ` · ${trace.code}`}`,
  ];
  if (trace.cause !== undefined) head.push('', `Most likely: ${bareCause(trace.cause)}`);
  if (trace.next !== undefined) head.push(`Next: ${trace.next}`);
  const steps = trace.steps.map((step, index) => toStep(step, index + 1));
  return `${[head.join('\n'), ...steps, 'Secrets are shown as ••••.'].join('\n\n')}\n`;
}

function toStep(step: TraceStep, number: number): string {
  const lines = [`${number}. ${marks[step.outcome]} ${step.title} · ${duration(step.durationMs)}`];
  if (step.rule) lines.push(`   ${step.rule.text}  ${step.rule.url}`);
  if (step.detail) lines.push(...indented(step.detail));
  if (step.request) lines.push('', ...indented(step.request, '   > '));
  if (step.response) lines.push('', ...indented(step.response, '   < '));
  return lines.join('\n');
}

function indented(text: string, prefix = '   '): string[] {
  return text.split(/\r\n|[\r\n]/).map((line) => `${prefix}${toShownText(line, lineLimit)}`.trimEnd());
}
