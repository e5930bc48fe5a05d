/**
 * What a check against best practice found, as a Markdown document for a person: the worst first, each with its rule and
 * what to change. Pure. Source: ux.md C3.
 */
import { toShownText } from '../credentials/shown-text.ts';
import { toRuleLink } from '../oauth/checks/rule-link.ts';
import type { Advice } from '../oauth/checks/registry.ts';
import { toProbeSummary, toVerdictWords } from '../oauth/probe/probe-words.ts';
import type { ProbeReport } from '../oauth/probe/probe.ts';
import type { CheckReport } from '../run/check-credential.ts';

const headings = { error: 'Errors', warning: 'Warnings', information: 'Hints' } as const;

export function toCheckDocument({ name, asked, failure, advice }: CheckReport): string {
  const parts = [
    `# ${escaped(name)}: best practice`,
    asked === undefined
      ? 'Compared with RFC 9700, RFC 8252 and their neighbours. Its issuer was not asked.'
      : `Compared with RFC 9700, RFC 8252 and their neighbours, and with what ${escaped(asked)} says of itself.`,
  ];
  if (failure) {
    const { code, message, next } = failure;
    parts.push(`> **The issuer could not be asked.** ${escaped(`${message} ${next}`)} (${code})`);
  }
  if (advice.length === 0) parts.push('Nothing to change.');
  for (const severity of ['error', 'warning', 'information'] as const) {
    const rows = advice.filter((one) => one.severity === severity);
    if (rows.length > 0) parts.push(`## ${headings[severity]}`, ...rows.map(toBlock));
  }
  return `${parts.join('\n\n')}\n`;
}

/** What a probe found, in the same form. */
export function toProbeDocument(report: ProbeReport): string {
  const parts = [
    `# ${escaped(report.credential)}: what ${escaped(report.host)} enforces`,
    `${toProbeSummary(report)} You signed in ${report.signIns} times; what was given is revoked where that is possible.`,
    ...report.results.flatMap((result) => [
      `## ${result.title}: ${toVerdictWords(result)}`,
      escaped(result.detail),
      ...(result.verdict === 'not-enforced' ? [result.otherwise] : []),
      `[${result.rule}](${toRuleLink(result.rule)})`,
    ]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function toBlock({ code, message, next, rule, field, fix }: Advice): string {
  const lines = [`### ${escaped(message)}`, escaped(next)];
  if (fix) lines.push(`**Fix**: ${toChangeWords(fix.changes)}`);
  lines.push(`\`${code}\` · \`${field}\` · [${rule}](${toRuleLink(rule)})`);
  return lines.join('\n\n');
}

function toChangeWords(changes: Readonly<Record<string, unknown>>): string {
  return Object.entries(changes)
    .map(([name, value]) =>
      value === undefined ? `take \`${name}\` out` : `\`${name}\`: \`${toShownText(JSON.stringify(value), 200)}\``,
    )
    .join(', ');
}

/** Foreign text that makes no Markdown: what a server or a file says is shown, not read. */
function escaped(text: string): string {
  return toShownText(text, 2000).replace(/[\\`*_[\]<>#|]/g, '\\$&');
}
