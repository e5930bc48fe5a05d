/** The shapes of real files that break naive parsers, by their numbers in dialects.md §17: one test each. */
import { describe, expect, it } from 'vitest';
import { templateReferences } from '../../../src/language/template-references.ts';
import { check, lines } from './check.ts';

const url = 'https://a.test';
const json = 'Content-Type: application/json';
const form = 'Content-Type: application/x-www-form-urlencoded';

describe('§17 wild shapes', () => {
  it('1 indented headers under a request line that ends in HTTP/1.1', () =>
    check(
      lines(
        `POST ${url}/indexes?api-version=1  HTTP/1.1`,
        '  Content-Type: application/json',
        '  api-key: {{k}}',
        '',
        '{}',
      ),
      [{ url: `${url}/indexes?api-version=1`, headers: [json, 'api-key: {{k}}'], body: '{}' }],
    ));
  it('2 a URL cut after & goes on in an indented redirect_uri=…', () =>
    check(
      lines(`GET ${url}/authorize?client_id=1&`, '    redirect_uri=https://c.test/cb&', '    scope=openid', 'A: b'),
      [{ url: `${url}/authorize?client_id=1&redirect_uri=https://c.test/cb&scope=openid`, headers: ['A: b'] }],
    ));
  it('3 OData lines keep spaces, quotes and $, and hold no reference', () => {
    const whole = `${url}/P?$filter=contains(Name, 'x') and Price lt 4&$select=Name`;
    check(lines(`GET ${url}/P`, "  ?$filter=contains(Name, 'x') and Price lt 4", '  &$select=Name'), [{ url: whole }]);
    expect(templateReferences(whole)).toEqual([]);
  });
  it('4 a form with spaces around = and &', () =>
    check(lines(`POST ${url}`, form, '', 'username = a@b.test &', 'password = 1'), [
      { body: 'username=a@b.test&password=1' },
    ]));
  it('5 a directive in the separator', () =>
    check(lines('### @name mfa_totp_setup', `POST ${url}`), [{ name: 'mfa_totp_setup', title: 'mfa_totp_setup' }]));
  it('6 a name, then blank lines, comments and variables, then the request', () =>
    check(
      lines('# @name x', '', '# about it', '@v = 1', '', `GET ${url}/{{v}}`, '###', '// @name y', '@w=2', `GET ${url}`),
      [
        { name: 'x', line: 6 },
        { name: 'y', line: 10 },
      ],
      { variables: ['v=1', 'w=2'] },
    ));
  it('7 a region that only sets a variable from an earlier response', () =>
    check(
      lines(
        '# @name login',
        `POST ${url}`,
        '',
        '### Save token',
        '@tok = {{login.response.body.data.t}}',
        '',
        '### next',
        `GET ${url}`,
      ),
      [{ name: 'login', body: null }, { title: 'next' }],
      { variables: ['tok={{login.response.body.data.t}}'], diagnostics: [] },
    ));
  it('8 banners make no requests', () =>
    check(
      lines(
        '#####################',
        '### Section',
        '#####################',
        '## text ##',
        '##########',
        '',
        `GET ${url}`,
        '####',
        '####',
      ),
      [{ line: 7, title: null }],
      { diagnostics: [] },
    ));
  it('9 what is commented out does nothing', () =>
    check(
      lines(
        '# > {%',
        '#   client.global.set("a", 1)',
        '# %}',
        '# GET https://no.test',
        '# @host = http://no.test',
        `GET ${url}`,
      ),
      [{ url, scripts: [], directives: [] }],
      { variables: [], diagnostics: [] },
    ));
  it('9 unknown directives are kept and are no error', () =>
    check(
      lines('# @path a', '# @pageId 1', '# @grid x', `GET ${url}`),
      [{ directives: ['path=a', 'pageId=1', 'grid=x'] }],
      {
        diagnostics: [],
      },
    ));
  it('10 an expected response in comments behind a body is not sent', () =>
    check(
      lines(
        `POST ${url}`,
        json,
        '',
        '{"a": 1}',
        '',
        '## HTTP 201',
        '// {',
        '//   "b": 2',
        '// }',
        '###',
        `GET ${url}`,
        '',
        '// {"c": 3}',
      ),
      [{ body: '{"a": 1}' }, { body: null }],
      { diagnostics: [] },
    ));
  it('11 a byte order mark and a variable with dots', () =>
    check(
      '\ufeff@Proj.Name_HostAddress = http://localhost:5000\r\n\r\nGET {{Proj.Name_HostAddress}}/path/\r\n',
      [{ line: 3, url: '{{Proj.Name_HostAddress}}/path/' }],
      { dialect: 'visual-studio', variables: ['Proj.Name_HostAddress=http://localhost:5000'] },
    ));
  it('12 a variable with a hyphen, and two spaces before the version', () =>
    check(
      lines('@api-version = 2025-09-01', 'GET {{e}}/i?api-version={{api-version}}&$select=name  HTTP/1.1'),
      [{ url: '{{e}}/i?api-version={{api-version}}&$select=name', version: 'HTTP/1.1' }],
      { variables: ['api-version=2025-09-01'] },
    ));
  it('13 a script goes to %} over lines that look like anything', () => {
    const script = lines('// note', 'GET https://no.test', '@x = 1', '# hash', 'const a = `${b}` + 5 % 3;', '}');
    check(lines(`POST ${url}`, json, '', '{}', '', '> {%', ...script.split('\n'), '%}'), [
      { body: '{}', scripts: [`response jetbrains: ${script}`] },
    ]);
  });
  it('14 an unquoted placeholder in JSON', () =>
    check(lines(`POST ${url}`, json, '', '{"id": {{id}}}'), [{ kind: 'json', body: '{"id": {{id}}}' }], {
      diagnostics: [],
    }));
  it('15 no separator at all: split where no body is, with a word where one is', () =>
    check(
      lines(`GET ${url}/1`, '', `POST ${url}/2`, json, '', '{}', '', `GET ${url}/3`),
      [{}, { body: `{}\n\nGET ${url}/3` }],
      {
        diagnostics: ['CS-PARSE-SEPARATOR'],
      },
    ));
  it('16 commas too many or too few are sent as typed', () =>
    check(lines(`POST ${url}`, json, '', '{"a": [1 2,],}'), [{ body: '{"a": [1 2,],}' }], { diagnostics: [] }));
  it('17 a body directly below the request line', () =>
    check(
      lines(`POST ${url}`, '{"a": 1}', '###', `POST ${url}`, json, '[1]', '###', `POST ${url}`, '<a/>'),
      [
        { headers: [], body: '{"a": 1}' },
        { headers: [json], body: '[1]' },
        { headers: [], body: '<a/>' },
      ],
      { diagnostics: ['CS-PARSE-BLANK-LINE', 'CS-PARSE-BLANK-LINE', 'CS-PARSE-BLANK-LINE'] },
    ));
  it('18 a token of Security.Auth in a GRPC request', () =>
    check(lines('GRPC localhost:50051/pkg.S/M', 'Authorization: Bearer {{$auth.token("keycloak")}}', '', '{}'), [
      { protocol: 'grpc', headers: ['Authorization: Bearer {{$auth.token("keycloak")}}'], body: '{}' },
    ]));
  it('19 a cookie of a response beside a handler', () =>
    check(lines(`GET ${url}`, 'Cookie: t={{login.response.cookies.token.value}}', '', '> {% client.test("a", f) %}'), [
      {
        headers: ['Cookie: t={{login.response.cookies.token.value}}'],
        body: null,
        scripts: ['response jetbrains: client.test("a", f)'],
      },
    ]));
  it('20 titles and names in any script', () =>
    check(lines('### 사용자 조회', `GET ${url}`, '### Criação', `GET ${url}`, '# @name sesión', '###'), [
      { title: '사용자 조회' },
      { title: 'Criação', name: 'sesión' },
    ]));
  it('21 Postman’s variables are references that nothing answers', () =>
    expect(templateReferences('{{$randomCity}}')).toMatchObject([{ kind: 'dynamic', expression: '$randomCity' }]));
});
