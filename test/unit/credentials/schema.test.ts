import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { toDefinitionSchema } from '../../../src/credentials/definition-schema.ts';
import { toPresetSnippets } from '../../../src/oauth/presets/snippets.ts';
import { schemes } from '../../../src/credentials/schemes/registry.ts';

const committed = JSON.parse(
  await readFile(new URL('../../../schema/countersign.schema.json', import.meta.url), 'utf8'),
) as unknown;

describe('schema/countersign.schema.json', () => {
  it('is current (node scripts/schema.ts writes it)', () =>
    expect(committed).toEqual(toDefinitionSchema(toPresetSnippets())));
  it('has a branch for each scheme', () => {
    const text = JSON.stringify(committed);
    for (const { id, fields } of schemes)
      for (const name of [id, ...fields.map((field) => field.name)]) expect(text).toContain(`"${name}"`);
  });
  it('has no key for a secret', () => {
    for (const key of ['client_secret', 'password', 'token', 'api_key', 'private_key', 'value'])
      expect(JSON.stringify(committed)).not.toContain(`"${key}":`);
  });
});
