/**
 * Writes schema/countersign.schema.json from the scheme registry, and before it src/credentials/schemes/grant-forms.ts
 * from the grants, which the schema reads. Node 24 runs the TypeScript sources as they are; `--check` only compares, and
 * ends with 1 when a file is not current.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import type { GrantForm } from '../src/credentials/grant-form.ts';
import type { Grant } from '../src/oauth/grants/grant.ts';
import { grants } from '../src/oauth/grants/registry.ts';
import { toPresetSnippets } from '../src/oauth/presets/snippets.ts';

const forms = new URL('../src/credentials/schemes/grant-forms.ts', import.meta.url);
const schema = new URL('../schema/countersign.schema.json', import.meta.url);

function toForm({ name, shortName, fields, needs, clientSecret, secrets, browser }: Grant): GrantForm {
  return { name, ...(shortName === undefined ? {} : { shortName }), fields, needs, clientSecret, secrets, browser };
}

async function keep(file: URL, parser: 'typescript' | 'json', raw: string): Promise<void> {
  const text = await format(raw, { ...(await resolveConfig(file)), parser });
  if ((await readFile(file, 'utf8').catch(() => '')) === text) return;
  if (process.argv.includes('--check')) {
    console.error(`${file.pathname.split('/').slice(-2).join('/')} is not current: run node scripts/schema.ts`);
    process.exitCode = 1;
    return;
  }
  await mkdir(new URL('.', file), { recursive: true });
  await writeFile(file, text);
}

const head = `/** The forms of all grants, written by \`node scripts/schema.ts\` from the files in \`oauth/grants/\`. */
import type { GrantForm } from '../grant-form.ts';
`;
await keep(
  forms,
  'typescript',
  `${head}\nexport const grantForms: readonly GrantForm[] = ${JSON.stringify(grants.map(toForm))};\n`,
);
// Loaded only now, since it reads the forms.
const { toDefinitionSchema } = await import('../src/credentials/definition-schema.ts');
await keep(schema, 'json', JSON.stringify(toDefinitionSchema(toPresetSnippets())));
