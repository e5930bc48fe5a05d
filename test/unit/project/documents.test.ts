/** Documents that repeat what the code says agree with it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { causesPage, toCausesPage } from '../../../scripts/causes-doc.ts';
import { checksPage, toChecksPage } from '../../../scripts/checks-doc.ts';
import { errorsPage, toErrorsPage } from '../../../scripts/errors-doc.ts';
import { noticesFile, shippedPackages, toNotices } from '../../../scripts/licenses.ts';
import { root } from '../../../scripts/paths.ts';
import { errorCatalog } from '../../../src/errors/catalog.ts';

const permissive =
  /^(MIT|MIT-0|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|CC-BY-4\.0|CC0-1\.0|Unlicense|Python-2\.0)$/;

describe('docs/errors.md', () => {
  it('has the rows of the catalogue (npm run docs:errors writes them)', async () => {
    expect(await readFile(errorsPage, 'utf8')).toBe(await toErrorsPage());
  });

  it('has a row for each code, once', async () => {
    const codes = [...(await readFile(errorsPage, 'utf8')).matchAll(/^\| `(CS-[A-Z0-9-]+)`/gm)].map(
      (match) => match[1],
    );
    expect(codes).toEqual(Object.keys(errorCatalog));
  });
});

describe('docs/causes.md', () => {
  it('has the rows of the table of causes (npm run docs:errors writes them)', async () => {
    expect(await readFile(causesPage, 'utf8')).toBe(await toCausesPage());
  });
});

describe('docs/checks.md', () => {
  it('has the rows of the table of checks (npm run docs:errors writes them)', async () => {
    expect(await readFile(checksPage, 'utf8')).toBe(await toChecksPage());
  });
});

describe('shipped packages', () => {
  it('have licences that allow shipping them', async () => {
    const packages = await shippedPackages();
    expect(packages.length).toBeGreaterThan(5);
    const refused = packages.filter(
      ({ license }) => !license.split(/ OR | AND |[()]/).some((id) => permissive.test(id)),
    );
    expect(refused.map(({ name, license }) => `${name}: ${license}`)).toEqual([]);
  });

  it('stand in THIRD-PARTY-NOTICES.md (npm run licenses writes it)', async () => {
    expect(await readFile(noticesFile, 'utf8')).toBe(toNotices(await shippedPackages()));
  });

  it('stand in the table of README.md with their licence when package.json names them', async () => {
    const readme = await readFile(join(root, 'README.md'), 'utf8');
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
      await readFile(join(root, 'package.json'), 'utf8'),
    ) as Record<string, Record<string, string> | undefined>;
    const missing: string[] = [];
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const manifest = await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8').catch(() => undefined);
      // An optional package need not be installed on every platform.
      const license = manifest === undefined ? '' : (JSON.parse(manifest) as { license: string }).license;
      const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\``));
      if (!row?.includes(license)) missing.push(`${name} (${license})`);
    }
    expect(missing).toEqual([]);
  });
});

describe('pages that several people write', () => {
  const pages = ['README.md', 'CHANGELOG.md', 'docs/ARCHITECTURE.md', 'docs/SECURITY.md', 'docs/language.md'];
  it.each(pages)('%s says nothing twice after a merge', async (page) => {
    const lines = (await readFile(join(root, page), 'utf8')).split('\n').map((line) => line.trim());
    const rows = lines.filter((line) => /^(\|.*[A-Za-z]|- )/.test(line) && line.length > 60);
    const heads = lines.filter((line, index) => /^\|[ |-]+$/.test(line) && !(lines[index - 2] ?? '').startsWith('|'));
    expect(rows.filter((row, index) => rows.indexOf(row) !== index && !/^\| (Promise|Test)\b/.test(row))).toEqual([]);
    expect(heads).toHaveLength(lines.filter((line) => /^\|[ |-]+$/.test(line)).length);
  });

  it('CHANGELOG.md has each heading once in a version', async () => {
    for (const version of (await readFile(join(root, 'CHANGELOG.md'), 'utf8')).split(/^## /m).slice(1)) {
      const headings = [...version.matchAll(/^### (.+)$/gm)].map((match) => match[1]);
      expect(headings).toEqual(['Added', 'Changed', 'Fixed'].filter((heading) => headings.includes(heading)));
    }
  });
});
