/** Whole files as `countersign parse` reports them. `vitest -u` writes the reports anew; read the difference. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { toParseReport } from '../../../src/language/parse-report.ts';
import { parseRequestFile } from '../../../src/language/parse-request-file.ts';
import { checkInvariants } from './check.ts';

const folder = path.resolve(import.meta.dirname, '../../fixtures/language');

describe('whole files', () => {
  it.each(readdirSync(folder).filter((name) => /\.(?:http|rest)$/.test(name)))('%s', async (name) => {
    const text = readFileSync(path.join(folder, name), 'utf8');
    const file = parseRequestFile(text);
    checkInvariants(text, file);
    const report = `${JSON.stringify(toParseReport(name, file), undefined, 2)}\n`;
    await expect(report).toMatchFileSnapshot(path.join(folder, `${name}.json`));
  });
});
