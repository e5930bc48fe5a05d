/** The TextMate grammar of request files in its real engine, with small stand-ins for the grammars it embeds. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export interface Token {
  readonly text: string;
  /** From 0. */
  readonly line: number;
  readonly start: number;
  readonly scopes: readonly string[];
}
interface Grammar {
  tokenizeLine(
    line: string,
    stack: unknown,
  ): { tokens: { startIndex: number; endIndex: number; scopes: string[] }[]; ruleStack: unknown };
}

const require = createRequire(import.meta.url);
export const grammarFile = new URL('../../media/http.tmLanguage.json', import.meta.url);

/** Nested and unforgiving, so that a body that does not close would leak out of its region. */
const embedded: Readonly<Record<string, unknown>> = {
  'source.json': {
    scopeName: 'source.json',
    patterns: [{ include: '#value' }],
    repository: {
      value: {
        patterns: [
          { begin: '\\{', end: '\\}', name: 'meta.object.json', patterns: [{ include: '#value' }] },
          { begin: '"', end: '"', name: 'string.quoted.json' },
        ],
      },
    },
  },
  'source.js': {
    scopeName: 'source.js',
    patterns: [{ begin: '\\{', end: '\\}', name: 'meta.block.js', patterns: [{ include: '$self' }] }],
  },
  'text.xml': { scopeName: 'text.xml', patterns: [{ match: '<[^>]+>', name: 'entity.tag.xml' }] },
};

export type Tokenize = (text: string) => readonly Token[];

/** Loads the engine once; what it gives splits a text into tokens, each line’s without its end. */
export async function loadGrammar(): Promise<Tokenize> {
  const textmate = require('vscode-textmate') as Record<string, never> & {
    Registry: new (options: unknown) => { loadGrammar(scope: string): Promise<Grammar> };
    INITIAL: unknown;
  };
  const oniguruma = require('vscode-oniguruma') as {
    loadWASM(data: unknown): Promise<void>;
    OnigScanner: new (patterns: string[]) => unknown;
    OnigString: new (text: string) => unknown;
  };
  await oniguruma.loadWASM(readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm')));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns: string[]) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text: string) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (scope: string) =>
      scope === 'source.http' ? (JSON.parse(readFileSync(grammarFile, 'utf8')) as unknown) : (embedded[scope] ?? null),
  });
  const grammar = await registry.loadGrammar('source.http');
  return (text) => tokensOf(grammar, text);
}

function tokensOf(grammar: Grammar, text: string): readonly Token[] {
  const found: Token[] = [];
  let stack: unknown = null;
  for (const [index, line] of text.split('\n').entries()) {
    const result = grammar.tokenizeLine(line, stack);
    stack = result.ruleStack;
    for (const { startIndex, endIndex, scopes } of result.tokens) {
      found.push({ text: line.slice(startIndex, endIndex), line: index, start: startIndex, scopes });
    }
  }
  return found;
}
