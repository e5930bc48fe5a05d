import { describe, it } from 'vitest';
import { check, lines } from './check.ts';

/** A POST of a declared type with this body; what is sent of it. */
function body(
  type: string | null,
  text: readonly string[],
  sent: string | null,
  more: {
    kind?: string;
    stripped?: string[];
    scripts?: string[];
    redirects?: string[];
    directives?: string[];
    variables?: string[];
    diagnostics?: string[];
    dialect?: 'httpyac' | 'rest-client';
  } = {},
): void {
  const { variables, diagnostics, dialect, ...request } = more;
  check(
    lines('POST https://a.test', ...(type === null ? [] : [`Content-Type: ${type}`]), '', ...text),
    [{ body: sent, ...request }],
    { ...(variables ? { variables } : {}), ...(diagnostics ? { diagnostics } : {}) },
    dialect ? { dialect } : {},
  );
}
const json = 'application/json';
const form = 'application/x-www-form-urlencoded';
const multipart = 'multipart/form-data; boundary=b';

describe('C1 comment lines in bodies', () => {
  for (const type of [
    json,
    'application/vnd.api+json',
    'application/json; charset=utf-8',
    'text/json',
    'application/x-amz-json-1.1',
  ])
    it(`are dropped from ${type}`, () =>
      body(type, ['{', '  // note', '# note', '  "a": 1', '}'], '{\n  "a": 1\n}', {
        kind: 'json',
        stripped: ['  // note', '# note'],
      }));
  for (const type of ['application/xml', 'text/xml', 'image/svg+xml'])
    it(`are dropped from ${type}`, () =>
      body(type, ['<a>', '# note', '</a>'], '<a>\n</a>', { kind: 'xml', stripped: ['# note'] }));
  it('are dropped from forms', () => body(form, ['a=1&', '# note', 'b=2'], 'a=1&b=2', { kind: 'form' }));
  it('are dropped from what looks like JSON', () => body(null, ['{', '// note', '}'], '{\n}', { kind: 'json' }));
  it('are dropped from an array', () => body(null, ['[', '# note', ']'], '[\n]', { kind: 'json' }));
  it('are dropped before the first line', () => body(json, ['// note', '{}'], '{}'));
  it('C2 are dropped from GraphQL', () =>
    body(json, ['query {', '  # note', '  a', '}'], 'query {\n  a\n}', { kind: 'graphql' }));
  for (const type of [
    'text/plain',
    'text/markdown',
    'text/csv',
    'text/html',
    'application/yaml',
    'text/yaml',
    'application/x-yaml',
    'application/octet-stream',
    'application/x-sh',
    'application/sql',
    'application/toml',
  ])
    it(`are kept in ${type}`, () =>
      body(type, ['# one', 'two', '// three', '#!four', '', '# five'], '# one\ntwo\n// three\n#!four\n\n# five', {
        stripped: [],
      }));
  it('are kept in ndjson, which ends in a line end', () =>
    body('application/x-ndjson', ['{"a": 1}', '# x', '{"a": 2}'], '{"a": 1}\n# x\n{"a": 2}\n'));
  it('are kept in a text without a type', () => body(null, ['hello', '# world', 'x'], 'hello\n# world\nx'));
  it('are kept in a part of multipart', () =>
    body(
      multipart,
      ['--b', 'Content-Disposition: form-data; name="a"', '', '# head', '// x', '--b--'],
      '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n# head\r\n// x\r\n--b--',
    ));
  it('are dropped behind a multipart body', () =>
    body(multipart, ['--b', '', 'x', '--b--', '', '# next'], '--b\r\n\r\nx\r\n--b--'));
  it('are kept in a markdown body that is only a heading', () => body('text/markdown', ['# Title'], '# Title'));
  it('are no body by themselves', () => body(null, ['# note', '// note'], null));
  it('are dropped behind a body (§17.10)', () => body(json, ['{}', '', '## Expected', '// { "a": 1 }'], '{}'));
  it('are dropped behind a text without a type', () => body(null, ['hello', '', '# about the next one'], 'hello'));
  it('never begin in the middle of a line (§3)', () => body(json, ['{"a": 1} // x'], '{"a": 1} // x'));
  it('leave a commented-out request alone (§17.9)', () =>
    body(null, ['# GET https://a.test', '# > {%', '# %}'], null, { scripts: [] }));
});

describe('the edges of a body', () => {
  it('drops blank lines around it', () => body('text/plain', ['', '', 'a', '', 'b', '', ''], 'a\n\nb'));
  it('keeps indentation', () => body('text/plain', ['  a', '\tb'], '  a\n\tb'));
  it('is none of blank lines', () => body(json, ['', '  ', ''], null));
  it('ends before <--->', () => body('text/plain', ['a', '<--->'], 'a'));
  it('keeps white space at line ends', () => body('text/plain', ['a  ', 'b\t'], 'a  \nb\t'));
  it('keeps unquoted placeholders (§17.14)', () =>
    body(json, ['{"id": {{id}}, "b": {{ x }}}'], '{"id": {{id}}, "b": {{ x }}}', { kind: 'json' }));
  it('keeps broken JSON (§17.16)', () => body(json, ['[1,,', '2 3,]'], '[1,,\n2 3,]'));
  it('keeps a blank line in JSON', () => body(json, ['{', '', '}'], '{\n\n}'));
});

describe('B1, B2 includes', () => {
  it('reads < path', () => body(json, ['< ./a.json'], '‹./a.json›', { kind: 'file' }));
  it('reads <@ path', () => body(json, ['<@ ./a.json'], '‹@./a.json›', { kind: 'file' }));
  it('reads <@encoding path', () => body(json, ['<@latin1 ./a b.json  '], '‹@latin1 ./a b.json›'));
  it('takes <latin1 path for text', () => body('text/plain', ['<latin1 ./a'], '<latin1 ./a'));
  it('needs a space', () => body('text/plain', ['<./a'], '<./a'));
  it('needs column 0', () => body('text/plain', ['  < ./a'], '  < ./a'));
  it('mixes text and files', () => body('text/plain', ['a', '< b', 'c', '< d'], 'a\n‹b›\nc\n‹d›', { kind: 'mixed' }));
  it('reads files in multipart', () =>
    body(multipart, ['--b', '', '< ./x.png', '--b--'], '--b\r\n\r\n‹./x.png›\r\n--b--', { kind: 'multipart' }));
  it('keeps placeholders in a path', () => body(json, ['< {{dir}}a.json'], '‹{{dir}}a.json›'));
  it('takes markup for text', () => body('text/html', ['< br >', '<p>'], '< br >\n<p>'));
  it('reads one without a blank line', () =>
    check(lines('POST https://a.test', '< ./a.json'), [{ body: '‹./a.json›', headers: [] }]));
  it('B2 is a script before the request line', () =>
    check(lines('< ./pre.js', 'POST https://a.test'), [{ body: null, scripts: ['pre-request file: ./pre.js'] }]));
});

describe('B3 handlers behind a body', () => {
  it('take one line', () =>
    body(json, ['{}', '', '> {% client.global.set("k", response.body.a) %}'], '{}', {
      scripts: ['response jetbrains: client.global.set("k", response.body.a)'],
    }));
  it('take several lines', () =>
    body(json, ['{}', '> {%', '  a();', '', '  b();', '%}'], '{}', {
      scripts: ['response jetbrains: a();\n\n  b();'],
    }));
  it('need no space', () => body(json, ['{}', '>{% a() %}'], '{}', { scripts: ['response jetbrains: a()'] }));
  it('hold anything up to %} (§17.13)', () =>
    body(
      json,
      ['{}', '', '> {%', '// comment', '# hash', 'GET https://x.test', '@a = 1', 'const s = `${x} % } {{y}}`;', '%}'],
      '{}',
      {
        scripts: ['response jetbrains: // comment\n# hash\nGET https://x.test\n@a = 1\nconst s = `${x} % } {{y}}`;'],
        variables: [],
      },
    ));
  it('may be files', () => body(json, ['{}', '', '> ./check.js'], '{}', { scripts: ['response file: ./check.js'] }));
  it('may be Lua', () =>
    body(json, ['{}', '', '> {%', '-- lua', 'x()', '%}'], '{}', { scripts: ['response lua: -- lua\nx()'] }));
  it('may be several', () =>
    body(json, ['{}', '', '> {% a() %}', '', '> ./b.js', '>> out.json'], '{}', {
      scripts: ['response jetbrains: a()', 'response file: ./b.js'],
      redirects: ['save out.json'],
    }));
  it('stand below a request without a body', () =>
    check(lines('GET https://a.test', '', '> {% a() %}'), [{ body: null, scripts: ['response jetbrains: a()'] }]));
  it('stand right below the headers', () =>
    check(lines('GET https://a.test', 'A: b', '> {% a() %}'), [
      { body: null, headers: ['A: b'], scripts: ['response jetbrains: a()'] },
    ]));
  it('are never sent with JSON, whatever follows', () =>
    body(json, ['{}', '', '> {% a() %}', '{}'], '{}\n\n{}', { scripts: ['response jetbrains: a()'] }));
  it('are text in Markdown that goes on', () =>
    body('text/markdown', ['> {% include x %}', '', 'more'], '> {% include x %}\n\nmore', { scripts: [] }));
  it('are text in Markdown that never closes them', () =>
    body('text/markdown', ['a', '', '> {% include'], 'a\n\n> {% include'));
  it('stand right below a text', () =>
    body('text/plain', ['a', '> {% x %}'], 'a', { scripts: ['response jetbrains: x'] }));
  it('stand right below a multipart body', () =>
    body(multipart, ['--b', '', 'x', '--b--', '> {%', 'y', '%}'], '--b\r\n\r\nx\r\n--b--', {
      scripts: ['response jetbrains: y'],
    }));
  it('may be indented behind a body', () =>
    body(json, ['{}', '', '  > {%', '    x', '  %}'], '{}', { scripts: ['response jetbrains: x'] }));
  it('may be indented below headers', () =>
    check(lines('GET https://a.test', '  > {% x %}'), [{ body: null, scripts: ['response jetbrains: x'] }]));
  it('are text when indented and the body goes on', () =>
    body('application/xml', ['<a', '  > {% if x %}', '</a>'], '<a\n  > {% if x %}\n</a>', { scripts: [] }));
  it('take the rest when nothing closes them', () =>
    body(json, ['{}', '', '> {%', 'a();'], '{}', {
      scripts: ['response jetbrains: a();'],
      diagnostics: ['CS-PARSE-SCRIPT-END'],
    }));
  it('leave quotes alone', () =>
    body('text/markdown', ['> quote', '> more.js is a file', 'end'], '> quote\n> more.js is a file\nend', {
      scripts: [],
    }));
  it('leave quotes at the end alone', () =>
    body('text/markdown', ['text', '', '> a quote'], 'text\n\n> a quote', { scripts: [] }));
  it('leave a folded YAML scalar alone', () => body('application/yaml', ['a: >', '  b', '> c'], 'a: >\n  b\n> c'));
  it('leave XML alone', () => body('application/xml', ['<a', '> text</a>'], '<a\n> text</a>'));
});

describe('C1 by choice', () => {
  const file = (type: string) => lines('POST https://a.test', `Content-Type: ${type}`, '', '[', '# x', ']', '// y');
  it('strips from every type', () =>
    check(file('text/plain'), [{ body: '[\n]', stripped: ['# x', '// y'] }], {}, { bodyComments: 'strip' }));
  it('keeps in every type', () =>
    check(file('application/json'), [{ body: '[\n# x\n]\n// y', stripped: [] }], {}, { bodyComments: 'keep' }));
});

describe('B4 redirects behind a body', () => {
  it('read >>', () => body(json, ['{}', '', '>> ./out.json'], '{}', { redirects: ['save ./out.json'] }));
  it('read >>!', () =>
    body(json, ['{}', '', '>>! {{dir}}/out.json'], '{}', { redirects: ['overwrite {{dir}}/out.json'] }));
  it('read <>', () =>
    body(json, ['{}', '', '<> 2024.200.json', '<> 2025.200.json'], '{}', {
      redirects: ['reference 2024.200.json', 'reference 2025.200.json'],
    }));
  it('stand below a request without a body', () =>
    check(lines('GET https://a.test', '', '>>! out.json'), [{ body: null, redirects: ['overwrite out.json'] }]));
  it('leave nested quotes alone', () =>
    body('text/markdown', ['a', '>> nested', 'b'], 'a\n>> nested\nb', { redirects: [] }));
  it('leave nested quotes at the end alone', () =>
    body('text/markdown', ['a', '>> nested quote'], 'a\n>> nested quote', { redirects: [] }));
  it('are text when the body goes on', () => body(json, ['[', '>> x', ']'], '[\n>> x\n]', { redirects: [] }));
});

describe('B5 variables and bodies', () => {
  it('do not come out of a text body', () =>
    body('text/plain', ['a', '@x = 1', 'b'], 'a\n@x = 1\nb', {
      variables: [],
      diagnostics: ['CS-PARSE-VARIABLE-IN-BODY'],
    }));
  it('do not come out of a text body that is one', () => body('text/plain', ['@x = 1'], '@x = 1', { variables: [] }));
  it('do not come out of JSON', () => body(json, ['{', '@x = 1', '}'], '{\n@x = 1\n}', { variables: [] }));
  it('come from below a request without a body', () =>
    check(
      lines('POST {{h}}/start', '', '', '@id={{start.response.headers.Location}}', '@p=1', '### next', 'GET {{h}}'),
      [{ body: null }, {}],
      { variables: ['id={{start.response.headers.Location}}', 'p=1'], diagnostics: [] },
    ));
  it('come from behind finished JSON', () =>
    body(json, ['{}', '', '@x = 1'], '{}', { variables: ['x=1'], diagnostics: [] }));
});

describe('F1 form lines', () => {
  it('join at a trailing &', () => body(form, ['a=1&', 'b=2'], 'a=1&b=2', { diagnostics: [] }));
  it('join at a leading &', () => body(form, ['a=1', '&b=2', '  &c=3'], 'a=1&b=2&c=3', { diagnostics: [] }));
  it('trim around & and = (§17.4)', () =>
    body(form, ['username = a@b.c &', 'password = 1'], 'username=a@b.c&password=1'));
  it('get an & where none is', () => body(form, ['a=1', 'b=2'], 'a=1&b=2', { diagnostics: ['CS-PARSE-FORM-LINE'] }));
  it('keep spaces inside a value', () => body(form, ['a=x y&b=2'], 'a=x y&b=2'));
  it('keep later equals signs', () => body(form, ['a=b==&c=d=e'], 'a=b==&c=d=e'));
  it('keep placeholders whole', () => body(form, ['a={{ x && y = z }}&', 'b={{c}}'], 'a={{ x && y = z }}&b={{c}}'));
  it('keep encoded text', () => body(form, ['a=%20+b'], 'a=%20+b'));
  it('join over blank lines and comments', () => body(form, ['a=1&', '', '# c', 'b=2'], 'a=1&b=2'));
  it('continue a value without =', () => body(form, ['a=1', '2'], 'a=12', { diagnostics: [] }));
  it('keep a lone key', () => body(form, ['a&b&', 'c'], 'a&b&c'));
});

describe('httpYac constructs', () => {
  it('script blocks run after the request', () =>
    body(json, ['{}', '', '{{', '  exports.a = 1;', '}}'], '{}', { scripts: ['response httpyac: exports.a = 1;'] }));
  it('script blocks run before the request', () =>
    check(lines('{{', '  a();', '}}', 'GET https://a.test'), [{ scripts: ['pre-request httpyac: a();'] }]));
  it('events are kept', () =>
    body(
      json,
      ['{}', '', '{{@streaming', 'a();', '}}', '{{@request', 'b();', '}}', '{{@response', 'c();', '}}'],
      '{}',
      { scripts: ['other httpyac: a();', 'pre-request httpyac: b();', 'response httpyac: c();'] },
    ));
  it('a {{ that nothing closes is text', () => body('text/plain', ['{{', 'a'], '{{\na'));
  it('a block in prose that goes on is text', () =>
    body('text/plain', ['a', '', '{{', 'x', '}}', 'b'], 'a\n\n{{\nx\n}}\nb', { dialect: 'rest-client' }));
  it('assertions', () =>
    body(json, ['{}', '', '?? status == 200', '?? body a exists'], '{}', {
      scripts: ['response assertion: status == 200', 'response assertion: body a exists'],
    }));
  it('assertions below the URL', () =>
    check(lines('GET https://a.test', '?? status == 200'), [
      { url: 'https://a.test', body: null, scripts: ['response assertion: status == 200'] },
    ]));
  it('a saved response is not sent', () =>
    check(lines('GET https://a.test', '', 'HTTP/1.1 200 - OK', 'date: x', '', '{"a": 1}'), [{ body: null }]));
  it('a saved response behind a body is not sent', () =>
    body(json, ['{}', '', 'HTTP/1.1 201 Created', '', '{"a": 1}'], '{}'));
  it('a status line may be a body', () => body('text/plain', ['HTTP/1.1 200 OK'], 'HTTP/1.1 200 OK'));
  it('a status line in a batch is data', () =>
    body(
      'multipart/mixed; boundary=b',
      ['--b', '', 'HTTP/1.1 200 OK', '', '--b--'],
      '--b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n--b--',
    ));
  it('global scripts belong to the file', () =>
    check(lines('{{+', 'exports.a = {};', '}}', '###', 'GET https://a.test', '...a'), [{ scripts: [] }], {
      dialect: 'httpyac',
    }));
});

describe('GraphQL (§6.3)', () => {
  it('by the method', () =>
    check(lines('GRAPHQL https://a.test', '', 'query { a }'), [{ kind: 'graphql', protocol: 'graphql' }]));
  it('by the header in any case', () =>
    check(lines('POST https://a.test', 'x-request-type: graphql', '', '{ a }'), [{ kind: 'graphql' }]));
  it('by its look', () =>
    body(json, ['query A($c: ID!) {', '  a', '}', '', '{"c": 1}'], 'query A($c: ID!) {\n  a\n}\n\n{"c": 1}', {
      kind: 'graphql',
    }));
  it('by a fragment', () =>
    body(json, ['fragment A on B {', '  c', '}'], 'fragment A on B {\n  c\n}', { kind: 'graphql' }));
  it('from a file', () =>
    body(json, ['gql A < ./a.graphql', '', '{"c": 1}'], '‹./a.graphql›\n\n{"c": 1}', { kind: 'graphql' }));
  it('not by a sentence', () => body('text/plain', ['query the database'], 'query the database', { kind: 'text' }));
  it('not in JSON', () => body(json, ['{"query": "query { a }"}'], '{"query": "query { a }"}', { kind: 'json' }));
});

describe('kinds by look', () => {
  it('JSON', () => body(null, ['{"a": 1}'], '{"a": 1}', { kind: 'json' }));
  it('XML', () => body(null, ['<?xml version="1.0"?>', '<a/>'], '<?xml version="1.0"?>\n<a/>', { kind: 'xml' }));
  it('text', () => body(null, ['hello'], 'hello', { kind: 'text' }));
  it('a placeholder is text', () => body(null, ['{{body}}'], '{{body}}', { kind: 'text' }));
  it('a variable as the type is no declaration', () => body('{{type}}', ['{', '// x', '}'], '{\n}', { kind: 'json' }));
});

describe('line ends of what is sent', () => {
  it('JSON has LF', () =>
    check('POST https://a.test\r\nContent-Type: application/json\r\n\r\n{\r\n}\r\n', [{ body: '{\n}' }]));
  it('multipart has CRLF', () =>
    check('POST https://a.test\nContent-Type: multipart/form-data; boundary=b\n\n--b\n\nx\n--b--\n', [
      { body: '--b\r\n\r\nx\r\n--b--' },
    ]));
  it('multipart keeps CRLF', () =>
    check('POST https://a.test\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n', [
      { body: '--b\r\n\r\nx\r\n--b--' },
    ]));
});
