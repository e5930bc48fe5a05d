/** docs/causes.md, written from the table of causes by `npm run docs:errors`. */
import { join } from 'node:path';
import type { Cause } from '../src/oauth/causes/cause.ts';
import { causes } from '../src/oauth/causes/registry.ts';
import { root } from './paths.ts';

export const causesPage = join(root, 'docs', 'causes.md');

/** The page, formatted as prettier leaves it. */
export async function toCausesPage(): Promise<string> {
  const text = `# Causes of a failed sign-in

When a sign-in, a refresh or a sign-out fails, its trace ends with the likely cause and the next step. They come from this
table: ${String(causes.length)} causes, looked through from the top; the first that fits is shown, and the trace names it by the id in the
first column. Each is produced in the tests by a server, a network or a machine that fails in that way
([causes.test.ts](../test/unit/oauth/causes.test.ts)). Words in angle brackets stand for names of yours; a next step that is
not here is that of the error’s code in [errors.md](errors.md).

To tell somebody of a failure, export its trace (“Export Sign-in Trace…”, or \`countersign credentials sign-in NAME --trace
FILE\`): it is text without secrets. “Compare Sign-in Traces…” shows two of them in the diff editor, times, ports and values
made for one sign-in left out.

| Id | What is the matter | Rule | Likely cause | Next step | Code |
| --- | --- | --- | --- | --- | --- |
${causes.map(row).join('\n')}
`;
  const { format, resolveConfig } = await import('prettier');
  return format(text, { ...(await resolveConfig(causesPage)), parser: 'markdown' });
}

function row({ id, title, rule, likely, next, code }: Cause): string {
  const cells = [title, rule ?? '', likely.replace(/^Most likely: /, ''), next ?? ''].map(cell);
  return `| \`${id}\` | ${cells.join(' | ')} | \`${code}\` |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '\\<').replaceAll('_', '\\_').replaceAll('\n', ' ');
}
