/** The TextMate grammar of request files. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { grammarFile, loadGrammar, type Tokenize } from '../../support/grammar.ts';

let tokens: Tokenize;

beforeAll(async () => {
  tokens = await loadGrammar();
});

/** The last token of this text has the scope; `!scope` says that it has not. */
function check(text: string, token: string, ...expected: readonly string[]): void {
  const found = tokens(text).findLast((one) => one.text === token);
  expect(found, `no token “${token}” in ${JSON.stringify(tokens(text).map((one) => one.text))}`).toBeDefined();
  for (const scope of expected) {
    if (scope.startsWith('!')) expect(found?.scopes).not.toContain(scope.slice(1));
    else expect(found?.scopes).toContain(scope);
  }
}

describe('http grammar', () => {
  it('separators and their titles', () => {
    check('### List orders', 'List orders', 'entity.name.section.http', 'markup.heading.separator.http');
    check('###', '###', 'punctuation.definition.heading.http');
  });
  it('comments and directives', () => {
    check('# a note', '#', 'comment.line.http');
    check('// a note', ' a note', 'comment.line.http');
    check('# @auth orders', 'auth', 'keyword.control.directive.http');
    check('# @auth orders', 'orders', 'string.unquoted.directive.http');
    check('#@no-redirect', 'no-redirect', 'keyword.control.directive.http');
    check('// @timeout 5 s', '5 s', 'string.unquoted.directive.http');
    check('GET http://x\n# @timeout 5', 'timeout', 'keyword.control.directive.http');
  });
  it('file variables', () => {
    check('@api = https://x/{{y}}', 'api', 'variable.other.definition.http');
    check('@api = https://x/{{y}}', 'y', 'variable.other.reference.http', 'string.unquoted.value.http');
    check('@a := 1', ':=', 'keyword.operator.assignment.http');
  });
  it('request lines', () => {
    check('GET {{api}}/x HTTP/1.1', 'GET', 'keyword.control.method.http');
    check('GET {{api}}/x HTTP/1.1', 'HTTP/1.1', 'constant.language.http-version.http');
    check('GET {{api}}/x', 'api', 'variable.other.reference.http');
    check('POST https://x/a?city=Bergen&b=1', 'city', 'variable.parameter.query.http');
    check('https://example.com/a', 'https://example.com/a', 'string.unquoted.url.http');
    check('GET https://x\n  ?page=2', 'page', 'variable.parameter.query.http');
    check('GRAPHQL https://x', 'GRAPHQL', 'keyword.control.method.http');
  });
  it('headers, those of credentials apart', () => {
    check('GET http://x\nAccept: text/plain', 'Accept', 'entity.name.tag.header.http');
    check('GET http://x\nAccept: text/plain', 'text/plain', 'string.unquoted.header.http');
    check('GET http://x\nAuthorization: Bearer abc', 'Authorization', 'entity.name.tag.header.credential.http');
    check('GET http://x\nAuthorization: Bearer abc', 'Bearer', 'storage.type.auth-scheme.http');
    check('GET http://x\nX-API-Key: {{key}}', 'X-API-Key', 'entity.name.tag.header.credential.http');
    check('GET http://x\nX-API-Key: {{key}}', 'key', 'variable.other.reference.http');
    check('GET http://x\nX-Id: {{$randomInt 1 9}}', '$randomInt', 'support.function.dynamic.http');
  });
  it('JSON bodies with references in and outside of strings', () => {
    const text = 'POST http://x\n\n{"a": "{{b}}", "c": {{d}}}';
    check(text, 'b', 'variable.other.reference.http', 'meta.embedded.block.json.http');
    check(text, 'd', 'variable.other.reference.http', 'meta.embedded.block.json.http');
    check('POST http://x\n\n{\n# no\n"a": 1 }', ' no', 'comment.line.http');
  });
  it('a JSON body that does not close ends at the next separator', () => {
    check(
      'POST http://x\n\n{"a": {"b"\n\n### Next',
      'Next',
      'entity.name.section.http',
      '!meta.embedded.block.json.http',
    );
    check(
      'POST http://x\n\n{"a": "\nGET https://y',
      'GET',
      'keyword.control.method.http',
      '!meta.embedded.block.json.http',
    );
    check('POST http://x\n\n{"a": "\n> {%', '{%', 'punctuation.section.embedded.begin.http');
  });
  it('XML, form and multipart bodies', () => {
    check('POST http://x\n\n<a>', '<a>', 'meta.embedded.block.xml.http');
    check('POST http://x\n\na=1\n&b={{c}}', 'b', 'variable.parameter.form.http');
    check('POST http://x\n\na=1\n&b={{c}}', 'c', 'variable.other.reference.http');
    check('POST http://x\n\n--line\nContent-Disposition: form-data', 'line', 'constant.other.boundary.http');
    check(
      'POST http://x\n\n--line\nContent-Disposition: form-data',
      'Content-Disposition',
      'entity.name.tag.header.http',
    );
    check('GRAPHQL http://x\n\nquery { a }', 'query { a }', 'meta.embedded.block.graphql.http');
  });
  it('files, saved answers, statements, assertions', () => {
    check('POST http://x\n\n< ./a.json', './a.json', 'string.unquoted.path.http');
    check('POST http://x\n\n<@ ./a.json', '<@', 'keyword.operator.include.http');
    check('GET http://x\n\n>>! out.json', '>>!', 'keyword.operator.redirect.http');
    check('import ./a.http', 'import', 'keyword.control.statement.http');
    check('?? status == 200', '??', 'keyword.operator.assertion.http');
  });
  it('scripts, on one line, on several, and of httpYac', () => {
    check('> {% a({}) %}\n\nGET http://x', 'GET', 'keyword.control.method.http');
    check(
      '> {%\n  a({\n%}\n\nGET http://x',
      'GET',
      'keyword.control.method.http',
      '!meta.embedded.block.javascript.http',
    );
    check('> {%\n  aa\n%}', '  aa', 'meta.embedded.block.javascript.http');
    check('< {%\n  bb\n%}', '  bb', 'meta.embedded.block.javascript.http');
    check('{{\n  cc\n}}\nGET http://x', '  cc', 'meta.embedded.block.javascript.http');
    check('{{\n  cc\n}}\nGET http://x', 'GET', 'keyword.control.method.http');
    check('> {%\n  a({\n### Next', 'Next', 'entity.name.section.http');
  });
  it('cURL commands', () => {
    check("curl -X POST https://x/{{a}} \\\n  -d 'b'", '-X', 'keyword.other.option.http');
    check("curl -X POST https://x/{{a}} \\\n  -d 'b'", "'b'", 'string.quoted.single.http');
    check("curl -X POST https://x/{{a}} \\\n  -d 'b'", 'a', 'variable.other.reference.http');
  });
  it('every embedded language of the manifest is a scope the grammar gives', () => {
    const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
      contributes: { grammars: { embeddedLanguages: Record<string, string> }[] };
    };
    const text = readFileSync(grammarFile, 'utf8');
    for (const scope of Object.keys(manifest.contributes.grammars[0]?.embeddedLanguages ?? {})) {
      expect(text).toContain(`"contentName": "${scope}"`);
    }
  });
});
