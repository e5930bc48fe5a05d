import { describe, expect, it } from 'vitest';
import { definitions, referencesTo } from '../../../src/language/features/definition.ts';
import { foldingRanges } from '../../../src/language/features/folding.ts';
import { fileLinks } from '../../../src/language/features/links.ts';
import { signatureHelp } from '../../../src/language/features/signature-help.ts';
import { symbols } from '../../../src/language/features/symbols.ts';
import { parseRequestFile } from '../../../src/language/parse-request-file.ts';
import { dynamicVariables } from '../../../src/variables/dynamic/registry.ts';
import { atCursor, fakeContext, type FakeFacts } from '../../support/feature-context.ts';

const facts: FakeFacts = { variables: { api: { display: 'https://a' } }, credentials: { orders: {} } };

/** `file:line`, or `:line` of this file. */
async function checkDefinition(marked: string, ...expected: readonly string[]): Promise<void> {
  const { file, offset } = atCursor(marked);
  const found = await definitions(file, offset, fakeContext(file, facts));
  expect(found.map((place) => `${place.file ?? ''}:${place.line ?? ''}`)).toEqual(expected);
}

/** `[…]` marks each place. */
function checkReferences(marked: string, expected: string, withDefinitions = true): void {
  const { file, offset } = atCursor(marked);
  const spans = referencesTo(file, offset, withDefinitions);
  const shown = [...spans]
    .reverse()
    .reduce(
      (text, { start, end }) => `${text.slice(0, start)}[${text.slice(start, end)}]${text.slice(end)}`,
      file.text,
    );
  expect(shown).toBe(expected);
}

describe('definitions', () => {
  it('of file variables', async () => {
    await checkDefinition('@city = Bergen\nGET http://x/{{ci$0ty}}', ':1');
    await checkDefinition('@a = 1\n@b = {{a$0}}\nGET http://x', ':1');
  });
  it('of variables in an environment', () => checkDefinition('GET {{a$0pi}}/x', '/w/http-client.env.json:3'));
  it('of requests', async () => {
    await checkDefinition('# @name login\nPOST http://x\n\n###\nGET http://y/{{log$0in.response.body.$.a}}', ':2');
    await checkDefinition('# @name login\nPOST http://x\n\n###\n# @ref log$0in\nGET http://y', ':2');
  });
  it('of credentials', async () => {
    await checkDefinition('# @auth ord$0ers\nGET http://x', '/w/countersign.json:2');
    await checkDefinition('GET http://x\nA: {{$auth.token("ord$0ers")}}', '/w/countersign.json:2');
    await checkDefinition('# @auth nobo$0dy\nGET http://x');
  });
  it('of nothing', async () => {
    await checkDefinition('GET http://$0x');
    await checkDefinition('GET {{nowh$0ere}}');
  });
});

describe('references', () => {
  it('of a variable, with its definition and without', () => {
    checkReferences('@a = 1\nGET http://x/{{a$0}}?b={{ a }}', '@[a] = 1\nGET http://x/{{[a]}}?b={{ [a] }}');
    checkReferences('@a = 1\nGET http://x/{{a$0}}', '@a = 1\nGET http://x/{{[a]}}', false);
    checkReferences('@a$0 = 1\n@b = {{a}}', '@[a] = 1\n@b = {{[a]}}');
  });
  it('of a request', () => {
    checkReferences(
      '# @name log$0in\nPOST http://x\n\n###\n# @ref login\nGET http://y/{{login.response.body.$.a}}',
      '# @name [login]\nPOST http://x\n\n###\n# @ref [login]\nGET http://y/{{[login].response.body.$.a}}',
    );
  });
  it('of a credential', () => {
    checkReferences(
      '# @auth or$0ders\nGET http://x\n\n###\n# @auth orders\nGET http://y',
      '# @auth [orders]\nGET http://x\n\n###\n# @auth [orders]\nGET http://y',
    );
  });
});

describe('outline', () => {
  const check = (text: string, ...expected: readonly string[]): void =>
    expect(symbols(parseRequestFile(text)).map(({ name, detail }) => `${name}${detail && ` | ${detail}`}`)).toEqual(
      expected,
    );
  it('requests by title, name or line, and variables', () => {
    check('### List\nGET http://x', 'List | GET http://x');
    check('# @name a\nGET http://x', 'a | GET http://x');
    check('GET http://x', 'GET http://x');
    check('@a = 1\n\nGET http://x', '@a | 1', 'GET http://x');
    check('');
  });
  it('the selection is inside of the whole', () => {
    for (const one of symbols(parseRequestFile('### A\n# c\nGET http://x\nB: c\n\n{}\n### B\nGET http://y'))) {
      expect(one.selection.start).toBeGreaterThanOrEqual(one.span.start);
      expect(one.selection.end).toBeLessThanOrEqual(one.span.end);
    }
  });
});

describe('folding', () => {
  const check = (text: string, ...expected: readonly string[]): void =>
    expect(foldingRanges(parseRequestFile(text)).map(({ start, end }) => `${start}-${end}`)).toEqual(expected);
  it('blocks without their trailing blank lines, bodies and scripts', () => {
    check('### A\nGET http://x\n\n\n### B\nGET http://y', '1-2', '5-6');
    check('POST http://x\n\n{\n}\n', '1-4', '3-4');
    check('GET http://x\n\n> {%\n a\n%}\n', '1-5', '3-5');
    check('GET http://x');
  });
});

describe('signature help', () => {
  const check = (marked: string, expected: string | undefined): void => {
    const { file, offset } = atCursor(marked);
    const found = signatureHelp(file, offset, { dynamics: dynamicVariables });
    expect(found && `${found.signature.name} ${found.active}`).toBe(expected);
  };
  it('counts the arguments that are written', () => {
    check('GET http://x/{{$randomInt $0}}', '$randomInt 0');
    check('GET http://x/{{$randomInt 1 $0}}', '$randomInt 1');
    check('GET http://x/{{$randomInt 12$0}}', '$randomInt 0');
    check('GET http://x/{{$random.integer(1, $0)}}', '$random.integer 1');
    check('GET http://x/{{$random.integer(1, 2)$0}}', undefined);
    check('GET http://x/{{$guid $0}}', undefined);
    check('GET http://x/{{name $0}}', undefined);
  });
});

describe('links', () => {
  const check = (text: string, ...expected: readonly string[]): void => {
    const links = fileLinks(parseRequestFile(text));
    expect(links.map(({ path }) => path)).toEqual(expected);
    for (const { path, span } of links) expect(text.slice(span.start, span.end).trim()).toBe(path);
  };
  it('bodies, scripts, answers and imports', () => {
    check('POST http://x\n\n< ./a.json', './a.json');
    check('POST http://x\n\n<@ ./a.json', './a.json');
    check('GET http://x\n\n> ./check.js', './check.js');
    check('GET http://x\n\n>> out.json', 'out.json');
    check('import ./a.http\n\nGET http://x', './a.http');
    check('# @import ./b.http\nGET http://x', './b.http');
  });
  it('no path with a variable, no request name, no address', () => {
    check('POST http://x\n\n< ./{{a}}.json');
    check('run #login\n\nGET http://x');
    check('POST http://x\n\n< https://y/a.json');
  });
});
