/**
 * `countersign credentials check`: definitions against best practice and their issuers’ metadata, for people and for CI.
 * Asking an issuer sends nothing of a credential. Exit 1 when there is an error. Source: contracts.md §5.
 */
import { readFile } from 'node:fs/promises';
import type { DefinitionProblem } from '../credentials/definitions.ts';
import type { NamedDefinition } from '../credentials/types.ts';
import { checkCredential } from '../run/check-credential.ts';
import { toFindings, toSummary, toText, type Finding } from './check-report.ts';
import type { composeCli } from './compose-cli.ts';
import { exitCodes } from './exit-codes.ts';
import { shownPath } from './output/shown-path.ts';
import { printable } from './output/terminal-text.ts';

type Composed = Pick<Awaited<ReturnType<typeof composeCli>>, 'discover' | 'redactor'>;

export interface CheckOptions {
  readonly format: string;
  readonly offline?: boolean;
}

/** @param problems what the definitions file has wrong, of any name */
export async function checkAll(
  composed: Composed,
  all: readonly NamedDefinition[],
  problems: readonly DefinitionProblem[],
  options: CheckOptions,
): Promise<number> {
  const texts = new Map<string, string>();
  const found: (readonly Finding[])[] = [];
  for (const named of all) {
    const ask = options.offline === true ? undefined : (issuer: string) => composed.discover(issuer);
    const report = await checkCredential(named, ask);
    const text = named.file === undefined ? undefined : await readOnce(texts, named.file);
    const own = named.owner === 'workspace' ? problems : [];
    const findings = toFindings(report, own, text);
    found.push(findings);
    const file = named.file === undefined ? undefined : shownPath(named.file);
    const { asked } = report;
    const shown =
      options.format === 'json'
        ? `${JSON.stringify({ name: named.name, owner: named.owner, file, issuer: asked, findings })}\n`
        : toText(report, findings, file).split('\n').map(printable).join('\n');
    process.stdout.write(composed.redactor.redact(shown));
  }
  if (options.format !== 'json') process.stdout.write(`${toSummary(found)}\n`);
  return found.flat().some(({ severity }) => severity === 'error') ? exitCodes.failed : exitCodes.passed;
}

async function readOnce(texts: Map<string, string>, file: string): Promise<string> {
  const known = texts.get(file) ?? (await readFile(file, 'utf8').catch(() => ''));
  texts.set(file, known);
  return known;
}
