/** Names across request files: completion, definition, references and diagnostics of `run`, `import` and `# @ref`. */
import { describe, expect, it } from 'vitest';
import { complete } from '../../../src/language/features/completion.ts';
import { definitions, referencesTo } from '../../../src/language/features/definition.ts';
import { resolvedDiagnostics } from '../../../src/language/features/diagnostics.ts';
import { parseRequestFile } from '../../../src/language/parse-request-file.ts';
import { importTargets, parseRun } from '../../../src/language/statements.ts';
import { atCursor, fakeContext, type FakeFacts } from '../../support/feature-context.ts';

const origin = { label: '/w/auth.http', file: '/w/auth.http', line: 4, span: { start: 30, end: 40 } };
const facts: FakeFacts = {
  imported: [
    { name: 'login', title: null, detail: 'POST https://a.test/login', origin },
    { name: null, title: 'Get user', detail: 'GET https://a.test/user', origin: { ...origin, line: 9 } },
  ],
};
const own = '### one\n# @name first\nGET https://a.test\n\n';

describe('completion', () => {
  const labels = async (marked: string): Promise<string[]> => {
    const { file, offset } = atCursor(marked);
    return (await complete(file, offset, fakeContext(file, facts))).map(({ label, detail }) => `${label} · ${detail}`);
  };
  const all = [
    'first · GET https://a.test',
    'login · POST https://a.test/login · auth.http',
    'Get user · GET https://a.test/user · auth.http',
  ];
  it('of # @ref', async () => expect(await labels(`${own}###\n# @ref $0\nGET /`)).toEqual(all));
  it('of run', async () => expect(await labels(`${own}###\nrun #$0`)).toEqual(all));
  it('not of what follows the name', async () => expect(await labels(`${own}###\nrun #login ($0`)).toEqual([]));
});

describe('definition and references', () => {
  const places = async (marked: string): Promise<unknown> => {
    const { file, offset } = atCursor(marked);
    return definitions(file, offset, fakeContext(file, facts));
  };
  it('of a name in another file', async () =>
    expect(await places(`${own}###\n# @ref log$0in\nGET /`)).toEqual([origin]));
  it('of a run line by title', async () => expect(await places('run #Get $0user')).toEqual([{ ...origin, line: 9 }]));
  it('of a name of this file first', async () =>
    expect(await places(`${own}###\nrun #fir$0st`)).toMatchObject([{ line: 3 }]));
  it('counts run lines among the references', () => {
    const { file, offset } = atCursor(
      `${own.replace('first', 'fir$0st')}###\n# @ref first\nGET /\n###\nrun #first (@a=1)`,
    );
    expect(referencesTo(file, offset, true).map(({ start, end }) => file.text.slice(start - 1, end))).toEqual([
      ' first',
      ' first',
      '#first',
    ]);
  });
});

describe('diagnostics', () => {
  const found = async (text: string, more: FakeFacts = facts): Promise<string[]> => {
    const file = parseRequestFile(text);
    const all = await resolvedDiagnostics(file, fakeContext(file, more));
    return all.map(({ code, message, span }) => `${code} ${file.text.slice(span.start, span.end)}: ${message}`);
  };
  it('are none for names that are known', async () =>
    expect(await found(`${own}###\n# @ref login\nGET /\n###\nrun #first\nrun #Get user\nrun ./x.http`)).toEqual([]));
  it('tell a name that is not known, and what comes close', async () =>
    expect(await found('# @ref logn\nGET https://a.test\n###\nrun #gone')).toEqual([
      'CS-PARSE-REF logn: No request is called “logn” here. Close: login.',
      'CS-PARSE-REF #gone: No request is called “gone” here.',
    ]));
  it('tell an import that is not there, and leave its names be', async () =>
    expect(
      await found('import ./a.http\n\n# @ref x\nGET https://a.test', {
        importProblems: [
          { code: 'CS-FILE-MISSING', message: 'The file ./a.http does not exist.', span: { start: 7, end: 15 } },
        ],
      }),
    ).toEqual(['CS-FILE-MISSING ./a.http: The file ./a.http does not exist.']));
});

describe('statements as data', () => {
  it('imports of lines and directives', () => {
    const file = parseRequestFile(
      'import  ./a.http \n# @import b.http\n###\n# @import c.http\nGET /x\n###\nimport d.http',
    );
    expect(
      importTargets(file).map(({ path, line, span }) => `${line} ${path} ${file.text.slice(span.start, span.end)}`),
    ).toEqual(['1 ./a.http ./a.http', '2 b.http b.http', '4 c.http c.http', '7 d.http d.http']);
  });
  it.each([
    ['run #a', { name: 'a', path: undefined, variables: [] }],
    ['run  #Get all (1)', { name: 'Get all (1)', variables: [] }],
    ['run ./a.http', { name: undefined, path: './a.http' }],
    [
      'run ./a b.http #c d (@x=1, @y = 2, 3)',
      {
        name: 'c d',
        path: './a b.http',
        variables: [
          ['x', '1'],
          ['y', '2, 3'],
        ],
      },
    ],
  ])('%s', (text, expected) => expect(parseRun(parseRequestFile(text).statements[0]!)).toMatchObject(expected));
});
