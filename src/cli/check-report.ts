/** What `countersign credentials check` prints: a block a credential for people, an object a line for programs. Pure. */
import { findFieldSpan } from '../credentials/definition-edits.ts';
import type { DefinitionProblem } from '../credentials/definitions.ts';
import { LineIndex } from '../language/line-index.ts';
import { toRuleLink } from '../oauth/checks/rule-link.ts';
import type { CheckReport } from '../run/check-credential.ts';

export interface Finding {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'information';
  readonly message: string;
  readonly next?: string;
  readonly rule?: string;
  readonly url?: string;
  readonly line?: number;
  readonly column?: number;
  readonly fix?: { readonly title: string; readonly changes: Readonly<Record<string, unknown>> };
}

/**
 * What was found, in the order to read it: what the file itself has wrong, then what could not be asked, then advice.
 * @param text of the file that defines it; undefined for one’s own
 */
export function toFindings(
  report: CheckReport,
  problems: readonly DefinitionProblem[],
  text: string | undefined,
): readonly Finding[] {
  const lines = text === undefined ? undefined : new LineIndex(text);
  const place = (start: number | undefined): { line?: number; column?: number } =>
    lines === undefined || start === undefined ? {} : lines.position(start);
  return [
    ...problems
      .filter(({ name }) => name === report.name)
      .map(({ code, severity, message, span }) => ({ code, severity, message, ...place(span.start) })),
    // An issuer that lies is an error; one that is not reached is not the definition’s fault.
    ...(report.failure === undefined
      ? []
      : [{ ...report.failure, severity: report.failure.code.startsWith('CS-AUTH-') ? 'error' : 'warning' } as const]),
    ...report.advice.map(({ field, fix, rule, ...rest }) => ({
      ...rest,
      rule,
      url: toRuleLink(rule),
      ...place(text === undefined ? undefined : findFieldSpan(text, report.name, field)?.start),
      ...(fix === undefined ? {} : { fix: { title: fix.title, changes: toJson(fix.changes) } }),
    })),
  ];
}

/** JSON has no undefined: null takes a field out, as in RFC 7396. */
function toJson(changes: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, value ?? null]));
}

const labels = { error: 'error  ', warning: 'warning', information: 'hint   ' } as const;

/** @param file as it is shown; undefined for one’s own */
export function toText(report: CheckReport, findings: readonly Finding[], file: string | undefined): string {
  const asked = report.asked === undefined ? 'no issuer was asked' : `compared with ${report.asked}`;
  if (findings.length === 0) return `${report.name}: nothing to change; ${asked}.\n`;
  const blocks = findings.map((finding) => {
    const at =
      finding.line === undefined || file === undefined ? '' : ` ${file}:${finding.line}:${finding.column ?? 1}`;
    return [
      `  ${labels[finding.severity]} ${finding.code}${at}`,
      `          ${finding.message}`,
      ...(finding.next === undefined ? [] : [`          ${finding.next}`]),
      ...(finding.rule === undefined ? [] : [`          ${finding.rule}  ${finding.url ?? ''}`]),
      ...(finding.fix === undefined ? [] : [`          Fix: ${toChangeWords(finding.fix.changes)}`]),
    ].join('\n');
  });
  return `${report.name}: ${asked}\n${blocks.join('\n')}\n`;
}

function toChangeWords(changes: Readonly<Record<string, unknown>>): string {
  return Object.entries(changes)
    .map(([name, value]) => (value === null ? `take ${name} out` : `${name}: ${JSON.stringify(value)}`))
    .join('; ');
}

/** `2 credentials: 1 error, 3 warnings, 2 hints`. */
export function toSummary(all: readonly (readonly Finding[])[]): string {
  const count = (severity: Finding['severity']): number =>
    all.flat().filter((finding) => finding.severity === severity).length;
  const words = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;
  const found = [
    words(count('error'), 'error'),
    words(count('warning'), 'warning'),
    words(count('information'), 'hint'),
  ];
  return `${words(all.length, 'credential')}: ${found.join(', ')}.`;
}
