/** `npm run docs:errors`: writes docs/errors.md from the error catalogue, the only source of its rows, docs/causes.md and docs/checks.md. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { errorCatalog } from '../src/errors/catalog.ts';
import type { CatalogEntry } from '../src/errors/catalog/entry.ts';
import { causesPage, toCausesPage } from './causes-doc.ts';
import { checksPage, toChecksPage } from './checks-doc.ts';
import { root } from './paths.ts';

export const errorsPage = join(root, 'docs', 'errors.md');

/** The page, formatted as prettier leaves it. */
export async function toErrorsPage(): Promise<string> {
  const entries: [string, CatalogEntry][] = Object.entries(errorCatalog);
  const rows = entries.map(([code, { sentence, cause, next, action }]) =>
    ['', `\`${code}\``, ...[sentence, cause, next, action ?? ''].map(cell), ''].join(' | ').trim(),
  );
  const text = `# Errors

Every error that Countersign shows has a code. Search for the code here: what it says, why it happens, what to do next,
and the action that the editor offers where there is one. Words in angle brackets stand for names of yours.

| Code | Sentence | Cause | Next step | Action |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
  const { format, resolveConfig } = await import('prettier');
  return format(text, { ...(await resolveConfig(errorsPage)), parser: 'markdown' });
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '\\<').replaceAll('\n', ' ');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await writeFile(errorsPage, await toErrorsPage());
  await writeFile(causesPage, await toCausesPage());
  await writeFile(checksPage, await toChecksPage());
  console.log('docs/errors.md, docs/causes.md and docs/checks.md written.');
}
