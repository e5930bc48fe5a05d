/**
 * `countersign credentials check NAME --probe`: a person at a terminal signs in two or three times, and the provider is
 * seen to enforce what it should, or not. Exit 1 when it does not. Nothing starts before a yes. Source: contracts.md §5.
 */
import type { NamedDefinition, OAuth2Definition } from '../credentials/types.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { toHost } from '../oauth/credential-facts.ts';
import { toRuleLink } from '../oauth/checks/rule-link.ts';
import { toProbeQuestion, toProbeSummary, toVerdictWords } from '../oauth/probe/probe-words.ts';
import type { ProbeReport } from '../oauth/probe/probe.ts';
import type { composeCli } from './compose-cli.ts';
import { exitCodes } from './exit-codes.ts';
import { printable } from './output/terminal-text.ts';

type Composed = Pick<Awaited<ReturnType<typeof composeCli>>, 'broker' | 'deps' | 'redactor' | 'vault'>;

const yes = 'Probe';

/** @throws CountersignError CS-AUTH-SIGN-IN-NEEDED where nobody can be asked, CS-AUTH-CANCELLED for a no */
export async function probeOne(
  composed: Composed,
  named: NamedDefinition<OAuth2Definition>,
  format: string,
): Promise<number> {
  const { prompts } = composed.deps;
  const question = toProbeQuestion(named.name, toHost(named));
  if (!prompts.interactive) {
    throw new CountersignError('CS-AUTH-SIGN-IN-NEEDED', `A probe of ${named.name} needs you to sign in.`, {
      next: `Run countersign credentials check ${named.name} --probe at a terminal.`,
      facts: { name: named.name },
    });
  }
  if ((await prompts.choose({ ...question, choices: ['Not now', yes] })) !== yes) {
    throw new CountersignError('CS-AUTH-CANCELLED', 'Nothing was probed.');
  }
  await composed.vault.ensureApproved(named, undefined, prompts);
  const report = await composed.broker.probe(named, {
    onSignIn: (number) => process.stderr.write(`Sign-in ${number}.\n`),
  });
  const shown = format === 'json' ? `${JSON.stringify(report)}\n` : toText(report);
  process.stdout.write(composed.redactor.redact(shown));
  return report.results.some(({ verdict }) => verdict === 'not-enforced') ? exitCodes.failed : exitCodes.passed;
}

function toText(report: ProbeReport): string {
  const rows = report.results.map((result) => {
    const lines = [`  ${toVerdictWords(result).padEnd(17)} ${result.title}: ${result.detail}`];
    if (result.verdict === 'not-enforced') lines.push(`${' '.repeat(20)}${result.otherwise}`);
    lines.push(`${' '.repeat(20)}${result.rule}  ${toRuleLink(result.rule)}`);
    return lines.map(printable).join('\n');
  });
  return `${rows.join('\n')}\n${toProbeSummary(report)}\n`;
}
