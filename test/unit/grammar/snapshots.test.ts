/**
 * What the grammar makes of whole files, in the form of vscode-tmgrammar-snap: each line, and below it the scopes of each
 * piece. A change of the grammar shows here as what it changes; `vitest -u` writes it anew, to be read.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar, type Tokenize } from '../../support/grammar.ts';

const folder = new URL('../../fixtures/grammar/', import.meta.url);
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.http'));
let tokens: Tokenize;

beforeAll(async () => {
  tokens = await loadGrammar();
});

function snapshotOf(text: string): string {
  const found = tokens(text);
  return text
    .split('\n')
    .flatMap((line, index) => [
      `>${line}`,
      ...found
        .filter((token) => token.line === index && token.text !== '')
        .map(
          ({ start, text: piece, scopes }) => `#${' '.repeat(start)}${'^'.repeat(piece.length)} ${scopes.join(' ')}`,
        ),
    ])
    .join('\n');
}

describe('the grammar', () => {
  it('is looked at in files of several tools', () => {
    expect(fixtures.length).toBeGreaterThanOrEqual(4);
  });

  it.each(fixtures)('of %s', async (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8').trimEnd();
    await expect(snapshotOf(text)).toMatchFileSnapshot(`../../fixtures/grammar/${name}.snap`);
  });

  it.each(fixtures)('leaves no body or script of %s open past its request', (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8').trimEnd();
    const separators = tokens(`${text}\n### end`).filter((token) => token.text.startsWith('###'));
    expect(separators.length).toBeGreaterThan(1);
    for (const { scopes } of separators) expect(scopes.join(' ')).not.toMatch(/source\.js|source\.json|text\.xml/);
  });
});
