/** A sign-in trace as text for the clipboard: each step with its rule, outcome, request and response. Secrets are dots. */
import type { TraceModel } from '../../response/model.ts';
import { plainText } from '../../response/shown-text.ts';

export function traceText(trace: TraceModel): string {
  const head = `Sign-in trace: ${trace.credential}, ${trace.grant}, ${new Date(trace.startedAt).toISOString()}, ${trace.outcome}`;
  const cause = trace.cause === undefined ? [] : [`Most likely: ${trace.cause}`];
  const steps = trace.steps.map((step, i) => {
    const rule = step.rule === undefined ? '' : ` (${step.rule.text})`;
    const lines = [
      `${String(i + 1)}. ${step.title}${rule}: ${step.outcome}, ${String(Math.round(step.durationMs))} ms`,
    ];
    for (const text of [step.detail, step.request, step.response]) {
      if (text)
        lines.push(
          ...plainText(text)
            .split('\n')
            .map((line) => `   ${line}`.trimEnd()),
        );
    }
    return lines.join('\n');
  });
  return [head, ...cause, ...steps].join('\n');
}
