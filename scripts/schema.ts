/**
 * Writes schema/countersign.schema.json from the scheme registry. Node 24 runs the TypeScript sources as they are;
 * `--check` only compares, and ends with 1 when the file is not current.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { toDefinitionSchema } from '../src/credentials/definition-schema.ts';

const file = new URL('../schema/countersign.schema.json', import.meta.url);
const config = await resolveConfig(file);
const text = await format(JSON.stringify(toDefinitionSchema()), { ...config, parser: 'json' });

if (process.argv.includes('--check')) {
  const current = await readFile(file, 'utf8').catch(() => '');
  if (current !== text) {
    console.error('schema/countersign.schema.json is not current: run node scripts/schema.ts');
    process.exitCode = 1;
  }
} else {
  await mkdir(new URL('.', file), { recursive: true });
  await writeFile(file, text);
}
