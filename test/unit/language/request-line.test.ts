import { describe, it } from 'vitest';
import { check, lines } from './check.ts';
import { methods, methodProtocol } from '../../../src/language/methods.ts';

describe('request lines (§4)', () => {
  for (const method of methods.filter((verb) => methodProtocol(verb) === 'http'))
    it(`knows ${method}`, () =>
      check(`${method} https://a.test`, [{ method, url: 'https://a.test', protocol: 'http' }]));
  it('reads an implicit GET', () => check('https://a.test/x', [{ method: 'GET', url: 'https://a.test/x' }]));
  it('reads an implicit GET of a path', () => check('/xml', [{ method: 'GET', url: '/xml' }]));
  it('reads an implicit GET of a variable', () => check('{{host}}/a', [{ url: '{{host}}/a' }]));
  it('reads an implicit GET of a host', () => check('example.com/a', [{ url: 'example.com/a' }]));
  it('reads an implicit GET of localhost', () => check('localhost:8080', [{ url: 'localhost:8080' }]));
  it('reads an implicit GET with a version', () =>
    check('https://a.test HTTP/1.1', [{ url: 'https://a.test', version: 'HTTP/1.1' }]));
  it('R2 reads a lower-case verb', () => check('get https://a.test', [{ method: 'GET', url: 'https://a.test' }]));
  it('R2 reads a mixed-case verb', () => check('Post /a', [{ method: 'POST', url: '/a' }]));
  it('R2 takes prose for prose', () => check('get all users', [], { diagnostics: ['CS-PARSE-LINE'] }));
  it('reads a custom method', () => check('INVALIDMETHOD /test', [{ method: 'INVALIDMETHOD', url: '/test' }]));
  it('R4 reads versions', () =>
    check(
      lines(
        'GET https://a.test HTTP/2',
        '###',
        'GET https://a.test http/1.0',
        '###',
        'GET https://a.test HTTP/2 (Prior Knowledge)',
      ),
      [{ version: 'HTTP/2' }, { version: 'HTTP/1.0' }, { version: 'HTTP/2 (Prior Knowledge)' }],
    ));
  it('reads OPTIONS *', () => check('OPTIONS * HTTP/1.1', [{ method: 'OPTIONS', url: '*' }]));
  it('R2 reads options * in lower case', () => check('options *', [{ method: 'OPTIONS', url: '*' }]));
  it('reads white space before the version (§17.12)', () =>
    check('GET https://a.test   HTTP/1.1  ', [{ url: 'https://a.test', version: 'HTTP/1.1' }]));
  it('keeps spaces in a URL', () => check('GET https://a.test?q=a b', [{ url: 'https://a.test?q=a b' }]));
  it('keeps a placeholder with spaces', () =>
    check('GET {{ host }}/{{ $randomInt 1 10 }}', [{ url: '{{ host }}/{{ $randomInt 1 10 }}' }]));
  it('remarks a missing URL', () => check('GET', [{ method: 'GET', url: '' }], { diagnostics: ['CS-PARSE-URL'] }));
  it('reads an indented request line', () => check('   GET https://a.test', [{ url: 'https://a.test' }]));
});

describe('R1 lines under the request line', () => {
  it('joins query lines', () =>
    check(lines('GET https://a.test', '  ?a=1', '  &b=2', 'H: v'), [
      { url: 'https://a.test?a=1&b=2', headers: ['H: v'] },
    ]));
  it('joins query lines at column 0', () =>
    check(lines('GET https://a.test', '?a=1', '&b=2'), [{ url: 'https://a.test?a=1&b=2' }]));
  it('joins a query line below a header', () =>
    check(lines('GET https://a.test', 'A: b', '&c=d', 'E: f'), [
      { url: 'https://a.test&c=d', headers: ['A: b', 'E: f'] },
    ]));
  it('joins path lines', () =>
    check(lines('GET https://a.test', '  /b', '  /c', '  ?d=e'), [{ url: 'https://a.test/b/c?d=e' }]));
  it('joins path lines at column 0', () => check(lines('GET https://a.test', '/b'), [{ url: 'https://a.test/b' }]));
  it('joins bare segments', () =>
    check(lines('GET https://a.test/', '  api', '  /v1'), [{ url: 'https://a.test/api/v1' }]));
  it('joins a placeholder', () =>
    check(lines('GET https://a.test', '  {{path}}', 'A: b'), [{ url: 'https://a.test{{path}}', headers: ['A: b'] }]));
  it('reads indented headers (§17.1)', () =>
    check(lines('POST {{u}}/x?v={{v}}  HTTP/1.1', '  Content-Type: application/json', '  api-key: {{k}}', '', '{}'), [
      { url: '{{u}}/x?v={{v}}', headers: ['Content-Type: application/json', 'api-key: {{k}}'], body: '{}' },
    ]));
  it('reads indented headers without a version', () =>
    check(lines('GET https://a.test', '    Accept: */*'), [{ url: 'https://a.test', headers: ['Accept: */*'] }]));
  it('joins a URL that was cut after & (§17.2)', () =>
    check(lines('GET https://a.test/auth?x=1&', '    redirect_uri=http://localhost:3000/cb', 'A: b'), [
      { url: 'https://a.test/auth?x=1&redirect_uri=http://localhost:3000/cb', headers: ['A: b'] },
    ]));
  it('joins OData options (§17.3)', () =>
    check(
      lines('GET https://a.test/Products', "  ?$filter=contains(Name, 'x') and Price lt 4", '  &$select=Name', '', ''),
      [{ url: "https://a.test/Products?$filter=contains(Name, 'x') and Price lt 4&$select=Name", body: null }],
    ));
  it('takes the version from the last part', () =>
    check(lines('GET https://a.test', '  ?a=1 HTTP/1.1', '  X: y'), [
      { url: 'https://a.test?a=1', version: 'HTTP/1.1', headers: ['X: y'] },
    ]));
  it('leaves out a commented part', () =>
    check(lines('GET https://a.test', '  ?a=1', '  # &b=2', '  //&b=2', '  &c=3'), [
      { url: 'https://a.test?a=1&c=3' },
    ]));
  it('leaves out a commented part without a space', () =>
    check(lines('GET https://a.test', '  ?a=1', '  #b', '  &c=3'), [{ url: 'https://a.test?a=1&c=3' }]));
  it('joins a fragment', () =>
    check(lines('POST https://a.test', '  /post', '  ?s=1', '  #fragment1', '  fragment2', 'A: b'), [
      { url: 'https://a.test/post?s=1#fragment1fragment2', headers: ['A: b'] },
    ]));
  it('is never a URL part after a version', () =>
    check(lines('GET https://a.test HTTP/1.1', '  Name: a/b'), [{ url: 'https://a.test', headers: ['Name: a/b'] }]));
  it('maps the pieces back', () =>
    check(lines('GET https://a.test', '   ?a={{b}}'), [{ url: 'https://a.test?a={{b}}' }]));
});

describe('other protocols (§7)', () => {
  for (const [line, protocol] of [
    ['GRAPHQL https://a.test', 'graphql'],
    ['GRPC host/pkg.Service/Method', 'grpc'],
    ['WS wss://a.test', 'websocket'],
    ['WSS wss://a.test', 'websocket'],
    ['WEBSOCKET ws://a.test', 'websocket'],
    ['ws://a.test', 'websocket'],
    ['SSE https://a.test', 'sse'],
    ['EVENTSOURCE https://a.test', 'sse'],
    ['MQTT tcp://a.test', 'mqtt'],
    ['AMQP amqp://a.test', 'amqp'],
    ['RSOCKET a.test', 'rsocket'],
    ['KAFKA a.test:9092', 'none'],
    ['NOP x', 'none'],
  ] as const)
    it(`recognises ${line}`, () => check(line, [{ protocol }]));
  it('keeps messages in the body', () =>
    check(lines('MQTT tcp://a.test', 'topic: t', '', 'one', '===', 'two', '=== wait-for-server'), [
      { body: 'one\n===\ntwo\n=== wait-for-server' },
    ]));
  it('starts messages without a blank line', () =>
    check(lines('GRPC a.test/S/M', '{"a": 1}', '===', '{"a": 2}'), [{ body: '{"a": 1}\n===\n{"a": 2}' }]));
});

describe('R3 a request line without a separator', () => {
  const b = 'GET https://b.test';
  it('splits after a blank line where no body is', () =>
    check(lines('GET https://a.test', '', b), [{ body: null }, { line: 3 }]));
  it('splits after headers', () => check(lines('GET https://a.test', 'A: b', '', b), [{ headers: ['A: b'] }, {}]));
  it('splits without a blank line', () => check(lines('GET https://a.test', b), [{ body: null }, { line: 2 }]));
  it('splits behind a handler', () =>
    check(lines('POST https://a.test', '', '{}', '', '> {% x() %}', '', b), [{ body: '{}' }, {}]));
  it('splits at a variable URL when no type is declared', () =>
    check(lines('GET {{h}}/a', '', 'GET {{h}}/b'), [{}, { url: '{{h}}/b' }]));
  it('gives the comments above to the new request', () =>
    check(
      lines('GET https://a.test', '', '# about b', '# @name b', '@x = 1', b),
      [
        { name: null, directives: [] },
        { name: 'b', directives: ['name=b'] },
      ],
      { variables: ['x=1'] },
    ));
  it('does not split a body', () =>
    check(lines('POST https://a.test', '', 'text', '', b), [{ body: `text\n\n${b}` }], {
      diagnostics: ['CS-PARSE-SEPARATOR'],
    }));
  it('does not split at a relative URL', () =>
    check(lines('POST https://a.test', '', 'GET /b'), [{ body: 'GET /b' }], { diagnostics: ['CS-PARSE-SEPARATOR'] }));
  it('does not split at lower case', () =>
    check(lines('POST https://a.test', '', 'get https://b.test'), [{ body: 'get https://b.test' }]));
  it('does not split at an indented line', () =>
    check(lines('POST https://a.test', '', `  ${b}`), [{ body: `  ${b}` }]));
  it('does not split prose', () =>
    check(lines('POST https://a.test', '', 'GET ready'), [{ body: 'GET ready' }], { diagnostics: [] }));
  it('splits anywhere in httpYac', () =>
    check(
      lines('POST https://a.test', '', '{}', '', 'GET /b'),
      [{ body: '{}' }, { url: '/b' }],
      {},
      { dialect: 'httpyac' },
    ));
  it('splits anywhere by a mark of httpYac', () =>
    check(lines('# @ref x', 'POST https://a.test', '', '{}', '', 'GET /b'), [{ body: '{}' }, {}], {
      dialect: 'httpyac',
    }));
  it('obeys @forceRegionDelimiter', () =>
    check(lines('# @ref x', '# @forceRegionDelimiter', 'POST https://a.test', '', '{}', '', 'GET /b'), [
      { body: '{}\n\nGET /b' },
    ]));
  it('never splits a batch', () => {
    const part = lines('--b', 'Content-Type: application/http', '', 'GET https://b.test/x HTTP/1.1', '', '--b--');
    check(
      lines('POST https://a.test', 'Content-Type: multipart/mixed; boundary=b', '', part),
      [{ body: part.replaceAll('\n', '\r\n') }],
      { diagnostics: [] },
      { dialect: 'httpyac' },
    );
  });
  it('never splits an HTTP message', () =>
    check(
      lines('POST https://a.test', 'Content-Type: message/http', '', 'GET https://b.test'),
      [{ body: 'GET https://b.test' }],
      {},
      { dialect: 'httpyac' },
    ));
  it('never splits a handler', () =>
    check(lines('# @ref x', 'GET https://a.test', '', '> {%', 'GET https://b.test', '%}'), [{}]));
});

describe('headers (§5)', () => {
  const check1 = (line: string, header: string) => check(lines('GET https://a.test', line), [{ headers: [header] }]);
  it('without a space', () => check1('Authorization:Bearer x', 'Authorization: Bearer x'));
  it('with a space before the colon', () => check1('Content-Type : json', 'Content-Type: json'));
  it('with colons in the value', () => check1('Host: a.test:80', 'Host: a.test:80'));
  it('without a value', () => check1('X-Empty:', 'X-Empty: '));
  it('with placeholders', () => check1('{{ name }}: http://a.test:8080', '{{ name }}: http://a.test:8080'));
  it('with a placeholder in the name', () => check1('X-{{n}}: v', 'X-{{n}}: v'));
  it('with a trailing comma', () => check1('Accept: a, b,', 'Accept: a, b,'));
  it('keeps repeats in order', () =>
    check(lines('GET https://a.test', 'A: 1', 'B: 2', 'A: 3'), [{ headers: ['A: 1', 'B: 2', 'A: 3'] }]));
  it('leaves out comments between', () =>
    check(lines('GET https://a.test', 'A: 1', '# B: 2', '// C: 3', 'D: 4'), [{ headers: ['A: 1', 'D: 4'] }]));
  it('joins folded lines', () =>
    check(lines('GET https://a.test', 'A: 1', '  more', '  and more', 'B: 2'), [
      { headers: ['A: 1 more and more', 'B: 2'] },
    ]));
  it('begins a body at a JSON line (§17.17)', () =>
    check(lines('POST https://a.test', 'A: b', '{"x": 1}'), [{ headers: ['A: b'], body: '{"x": 1}' }], {
      diagnostics: ['CS-PARSE-BLANK-LINE'],
    }));
  it('begins a body at an XML line (§17.17)', () =>
    check(lines('POST https://a.test', '<a>', '</a>'), [{ body: '<a>\n</a>', kind: 'xml' }]));
  it('begins a body at a line without a colon', () =>
    check(lines('POST https://a.test', '{{json.a.b}}'), [{ body: '{{json.a.b}}' }]));
  it('begins a body at form data', () =>
    check(lines('POST https://a.test', 'Content-Type: application/x-www-form-urlencoded', 'a=1&u=http://b'), [
      { body: 'a=1&u=http://b' },
    ]));
  it('leaves out a spread', () =>
    check(lines('GET https://a.test', '...defaults', 'A: b'), [{ headers: ['A: b'] }], {
      diagnostics: ['CS-PARSE-UNSUPPORTED'],
    }));
});
