/** Each case of the threat catalogue has a test that names it in its title, that runs, and that is not switched off. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/paths.ts';
import { trackedFiles } from '../../support/tracked-files.ts';

/** How many there are of each kind: H a provider, A an API, L a neighbour, S a store, W a workspace, R a runtime. */
const kinds = { H: 37, A: 13, L: 7, S: 8, W: 7, R: 6 } as const;
const cases = Object.entries(kinds).flatMap(([kind, count]) =>
  Array.from({ length: count }, (_, index) => kind + String(index + 1).padStart(2, '0')),
);
/** What a part of `npm test` takes as a test. */
const isRun = (name: string): boolean =>
  /^test\/(unit|hostile|e2e|webview)\/.*\.test\.ts$|^test\/host\/suite\/[^/]+\.test\.ts$/.test(name);

interface Titled {
  readonly title: string;
  readonly file: string;
}

/** Titles of the tests of a file and of the groups around them; what is skipped, or only under a condition, is left out. */
function titlesOf(file: string, text: string): Titled[] {
  const found: Titled[] = [];
  const visit = (node: ts.Node, groups: readonly string[]): void => {
    let inner = groups;
    if (ts.isCallExpression(node)) {
      const { name, modifiers } = calleeOf(node.expression);
      const title = titleOf(node.arguments[0]);
      if (name === 'test' || name === 'it' || name === 'describe') {
        if (modifiers.some((one) => /^(skip|skipIf|runIf|todo|fails)$/.test(one))) return;
        if (title !== undefined) inner = [...groups, title];
        if (name !== 'describe' && title !== undefined) found.push({ title: inner.join(' > '), file });
      }
    }
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest), []);
  return found;
}

/** `it.each(rows)` is called as `it` with a modifier. */
function calleeOf(node: ts.Expression): { readonly name: string; readonly modifiers: readonly string[] } {
  if (ts.isIdentifier(node)) return { name: node.text, modifiers: [] };
  if (ts.isCallExpression(node)) return calleeOf(node.expression);
  if (!ts.isPropertyAccessExpression(node)) return { name: '', modifiers: [] };
  const { name, modifiers } = calleeOf(node.expression);
  return { name, modifiers: [...modifiers, node.name.text] };
}

function titleOf(node: ts.Expression | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map((span) => `…${span.literal.text}`).join('');
}

const files = await trackedFiles(isRun);
const titles = (await Promise.all(files.map(async (file) => titlesOf(file, await readFile(join(root, file), 'utf8')))))
  .flat()
  .map(({ title, file }) => ({ title, file, ids: new Set(title.match(/\b[HALSWR]\d{2}\b/g)) }));

describe('the hostile cases', () => {
  it('are 78', () => {
    expect(new Set(cases).size).toBe(78);
  });

  it.each(cases)('%s is named by a test that runs', (id) => {
    expect(titles.filter(({ ids }) => ids.has(id)).map(({ file }) => file)).not.toEqual([]);
  });

  it('are not counted where a test is switched off', () => {
    const text = `describe('H01', () => { it.skip('H02', f); it.each(x)('H03 %s', f); }); describe.skip('H04', () => it('H05', f)); it.skipIf(y)('H06', f); describe('H07', () => undefined);`;
    expect(titlesOf('x.test.ts', text).map(({ title }) => title)).toEqual(['H01 > H03 %s']);
  });
});
