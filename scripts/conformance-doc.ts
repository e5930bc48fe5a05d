/** `npm run docs:conformance`: runs the relying-party modules and writes docs/conformance.md from how they came out. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConformanceRun, modules, type Ran } from '../test/support/conformance/run-modules.ts';
import { root } from './paths.ts';

export const conformancePage = join(root, 'docs', 'conformance.md');

/** The page, formatted as prettier leaves it. */
export async function toConformancePage(rans: readonly Ran[]): Promise<string> {
  const done = rans.filter(({ outcome }) => outcome !== undefined);
  const stricter = done.filter(({ module }) => module.upstream !== module.ours).length;
  const text = `# Conformance

The modules of the OpenID Foundation’s plans for relying parties that the library \`openid-client\` runs
(\`oidcc-client-basic-certification\`, \`fapi1-advanced-final-client\`, \`fapi2-security-profile-final-client\`,
\`fapi2-message-signing-final-client\`), and those it skips. Each is a deviation of the issuer, built anew as data on a scripted
issuer over TLS ([test/support/conformance](../test/support/conformance/module.ts)); the suite itself is a server of the
Foundation and was not used, and nothing here is a certification. This page is written from a run by
\`npm run docs:conformance\`, and [conformance.test.ts](../test/unit/oauth/conformance.test.ts) compares it with its own run.

${String(done.length)} of ${String(rans.length)} modules were run, each as a whole sign-in; ${String(stricter)} differ from the plan, and say why.
“Refused” names the row of the [table of causes](causes.md) that the trace ends with.

| Module | Plan | The issuer | The plan asks | Ours | In the run |
| --- | --- | --- | --- | --- | --- |
${rans.map(row).join('\n')}
`;
  const { format, resolveConfig } = await import('prettier');
  return format(text, { ...(await resolveConfig(conformancePage)), parser: 'markdown' });
}

const asked = { 'signs in': 'success', refuses: 'refusal', either: 'either' } as const;

function row({ module, outcome, cause, problem }: Ran): string {
  const ours = module.notDone ?? [module.ours, module.why].filter(Boolean).join('. ');
  const came =
    outcome === undefined
      ? 'not run'
      : problem !== undefined
        ? `**${problem}**`
        : outcome === 'refuses'
          ? `refused: \`${cause ?? '?'}\``
          : 'signed in';
  return `| \`${module.name}\` | ${[module.plan, module.deviation, asked[module.upstream], ours, came].join(' | ')} |`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const run = await ConformanceRun.start();
  const rans: Ran[] = [];
  for (const module of modules) rans.push(await run.run(module));
  await run.stop();
  await writeFile(conformancePage, await toConformancePage(rans));
  console.log('docs/conformance.md written.');
  process.exit(rans.every(({ problem, outcome, module }) => !problem && (!outcome || outcome === module.ours)) ? 0 : 1);
}
