/** docs/checks.md, written from the table of checks by `npm run docs:errors`. */
import { join } from 'node:path';
import type { Check } from '../src/oauth/checks/check.ts';
import { checks } from '../src/oauth/checks/registry.ts';
import { toRuleLink } from '../src/oauth/checks/rule-link.ts';
import { probeQuestions, probeSignIns } from '../src/oauth/probe/probe.ts';
import { root } from './paths.ts';

export const checksPage = join(root, 'docs', 'checks.md');

/** The page, formatted as prettier leaves it. */
export async function toChecksPage(): Promise<string> {
  const text = `# Checks of a definition

A definition is compared with RFC 9700, RFC 8252, FAPI 2.0 and, where the issuer is asked, with its metadata: ${String(checks.length)}
checks. Those that look at the definition alone stand in \`countersign.json\` as it is edited, with quick fixes; all of them run in
*Check Against Best Practice* of a credential and in \`countersign credentials check NAME\` (\`--all\`, \`--offline\`,
\`--format json\`), which ends with 1 when there is an error. No check sends anything of a credential. Words in angle brackets
stand for names of yours. Each is shown by a case of [checks.test.ts](../test/unit/oauth/checks.test.ts).

| Code | Severity | What is the matter | Rule | What to do | Fix | Asks |
| --- | --- | --- | --- | --- | --- | --- |
${checks.map(row).join('\n')}

## Probe

What a provider enforces cannot be seen in its metadata. *Probe Issuer…* of a credential, and
\`countersign credentials check NAME --probe\` at a terminal, find out: you sign in ${String(probeSignIns.least)} times, and ${String(probeSignIns.most)} times if the
provider does not tell by itself. Nothing starts before a yes; what is given is revoked where that is possible and never kept.
Shown by [probe.test.ts](../test/unit/oauth/probe.test.ts) against a provider that is careless in one way at a time.

| Question | Rule | If it is not enforced |
| --- | --- | --- |
${probeQuestions.map(({ title, rule, otherwise }) => `| ${title} | [${rule}](${toRuleLink(rule)}) | ${otherwise} |`).join('\n')}
`;
  const { format, resolveConfig } = await import('prettier');
  return format(text, { ...(await resolveConfig(checksPage)), parser: 'markdown' });
}

function row({ code, severity, message, rule, next, fix, asks }: Check): string {
  const cells = [cell(message), `[${rule}](${toRuleLink(rule)})`, cell(next), cell(fix?.title ?? '')];
  return `| \`${code}\` | ${severity === 'information' ? 'hint' : severity} | ${cells.join(' | ')} | ${asks === 'metadata' ? 'the issuer' : 'nobody'} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '\\<').replaceAll('_', '\\_').replaceAll('\n', ' ');
}
