import { describe, it } from 'vitest';
import { check, lines } from './check.ts';

const get = 'GET https://a.test';

describe('separators (§1)', () => {
  it('splits at three hashes', () => check(lines(get, '###', get), [{ line: 1 }, { line: 3 }]));
  it('splits at more hashes', () => check(lines(get, '#######', get), [{}, {}]));
  it('splits at an indented separator', () => check(lines(get, '  ###', get), [{}, {}]));
  it('does not split at two hashes', () => check(lines(get, '##', 'A: b'), [{ headers: ['A: b'] }]));
  it('splits right after a body line', () =>
    check(lines('POST https://a.test', '', 'x', '###', get), [{ body: 'x' }, {}]));
  it('separates inside a handler', () =>
    check(lines(get, '', '> {%', '###', get), [{}, {}], { diagnostics: ['CS-PARSE-SCRIPT-END'] }));
  it('makes no request of banners (§17.8)', () =>
    check(lines('##########', '#### box ####', '## text ##', '##########', get, '', '###'), [{ title: null }]));
  it('makes no request of a trailing separator', () => check(lines(get, '', '###', ''), [{}]));
  it('makes no request of variables alone (§17.7)', () =>
    check(lines(get, '### Save token', '@tok = {{login.response.body.data.t}}', '###', get), [{}, {}], {
      variables: ['tok={{login.response.body.data.t}}'],
    }));
  it('makes no request of comments', () => check(lines('# one', '// two'), [], { diagnostics: [] }));
  it('makes no request of nothing', () => check('', []));
});

describe('line ends and marks', () => {
  it('reads CRLF', () =>
    check('POST https://a.test\r\nA: b\r\n\r\nx\r\ny\r\n', [
      { url: 'https://a.test', headers: ['A: b'], body: 'x\ny' },
    ]));
  it('reads CR alone', () =>
    check('POST https://a.test\rA: b\r\rx\ry\r', [{ url: 'https://a.test', headers: ['A: b'], body: 'x\ny' }]));
  it('reads mixed line ends', () => check('POST https://a.test\r\nA: b\n\rx', [{ headers: ['A: b'], body: 'x' }]));
  it('leaves out a byte order mark (§17.11)', () =>
    check(
      '\ufeff@Proj.Name_HostAddress = http://localhost:5000\n\nGET {{Proj.Name_HostAddress}}/path/',
      [{ url: '{{Proj.Name_HostAddress}}/path/' }],
      {
        variables: ['Proj.Name_HostAddress=http://localhost:5000'],
        dialect: 'visual-studio',
      },
    ));
  it('reads a file that is only a byte order mark', () => check('\ufeff', []));
  it('reads a request after a byte order mark', () => check(`\ufeff${get}`, [{ method: 'GET' }]));
});

describe('names and titles (§2)', () => {
  it('N1 a title is the name where it can be one', () =>
    check(lines('### getUser', get), [{ title: 'getUser', name: 'getUser' }]));
  it('N1 a title with spaces cannot begin a reference', () =>
    check(lines('### Get user', get), [{ title: 'Get user', name: null }]));
  it('N1 a name directive wins', () =>
    check(lines('### title', '# @name other', get), [{ title: 'title', name: 'other' }]));
  it('N2 hyphens stand in names', () => check(lines('# @name get-token', get), [{ name: 'get-token' }]));
  it('N3 an equals sign is optional', () =>
    check(lines('# @name = token', get), [{ name: 'token', directives: ['name=token'] }]));
  it('N3 an equals sign without spaces', () => check(lines('# @name=token', get), [{ name: 'token' }]));
  it('reads a name behind slashes', () => check(lines('// @name x', get), [{ name: 'x' }]));
  it('reads a name without a space', () => check(lines('#@name x', get), [{ name: 'x' }]));
  it('reads a name in the separator (§17.5)', () =>
    check(lines('### @name mfa_totp_setup', get), [{ title: 'mfa_totp_setup', name: 'mfa_totp_setup' }]));
  it('reads a name, a blank line, the request (§17.6)', () =>
    check(lines('# @name x', '', '# note', get), [{ name: 'x' }]));
  it('reads a name, variables, the request (§17.6)', () =>
    check(lines('# @name x', '@input=1', `POST https://a.test/{{input}}`), [{ name: 'x' }], {
      variables: ['input=1'],
    }));
  it('reads non-ASCII titles (§17.20)', () => check(lines('### 로그인', get), [{ title: '로그인', name: '로그인' }]));
  it('drops hashes at the end of a title', () => check(lines('### Title ###', get), [{ title: 'Title' }]));
  it('keeps a sharp in a title', () => check(lines('### C#', get), [{ title: 'C#' }]));
  it('takes the title from the nearest separator', () => check(lines('### A', '### B', get), [{ title: 'B' }]));
  it('reads @title', () => check(lines('# @title nice', get), [{ title: 'nice' }]));
  it('no title', () => check(lines('###', get), [{ title: null, name: null }]));
});

describe('directives (§12)', () => {
  it('keeps unknown ones', () =>
    check(lines('# @pageId 12', get), [{ directives: ['pageId=12'] }], { diagnostics: [] }));
  it('reads dots in names', () =>
    check(lines('# @grid.columnDefs a,b', get), [{ directives: ['grid.columnDefs=a,b'] }]));
  it('reads one after the URL', () =>
    check(lines(get, '# @no-redirect', 'A: b'), [{ directives: ['no-redirect='], headers: ['A: b'] }]));
  it('reads one below a request without a body', () =>
    check(lines(get, '', '# @no-log'), [{ directives: ['no-log='], body: null }]));
  it('trims values', () => check(lines('# @note   Are you sure?  ', get), [{ directives: ['note=Are you sure?'] }]));
  it('takes a commented-out variable for a comment (§17.9)', () =>
    check(lines('# @host = http://a', get), [{ directives: [] }], { variables: [] }));
  it('is not read from a JSON body', () =>
    check(lines('POST https://a.test', '', '{', '// @no-log', '}'), [{ directives: [], body: '{\n}' }]));
});

describe('what stands beside a request', () => {
  it('reads run and import lines (§14)', () =>
    check(lines('import ./auth.http', 'run #login', 'run ./a.http (@v=1)', '', get), [{ line: 5 }], {
      statements: ['import ./auth.http', 'run #login', 'run ./a.http (@v=1)'],
    }));
  it('never requests a run line', () => check('run #x', [], { statements: ['run #x'], diagnostics: [] }));
  it('reads run below a finished JSON body', () =>
    check(lines('POST https://a.test', '', '{}', '', 'run #login'), [{ body: '{}' }], { statements: ['run #login'] }));
  it('reads run and import below a handler', () =>
    check(
      lines(
        'POST https://a.test',
        'Content-Type: text/plain',
        '',
        'x',
        '',
        '> {% a() %}',
        'run #login',
        'import ./b.http',
      ),
      [{ body: 'x' }],
      { statements: ['run #login', 'import ./b.http'] },
    ));
  it('reads no run inside a body', () =>
    check(lines('POST https://a.test', '', '{', 'run #login', '}'), [{ body: '{\nrun #login\n}' }], {
      statements: [],
    }));
  it('reads no run in a text body', () =>
    check(
      lines('POST https://a.test', 'Content-Type: text/plain', '', 'x', '', 'run #login'),
      [{ body: 'x\n\nrun #login' }],
      {
        statements: [],
      },
    ));
  it('asks no URL of NOP', () => check('NOP', [{ method: 'NOP', protocol: 'none' }], { diagnostics: [] }));
  it('skips a saved response block', () =>
    check(lines('HTTP/1.1 200 OK', 'A: b', '', 'GET https://b.test', '###', get), [{ line: 6 }]));
  it('skips prose', () =>
    check(lines('This is a file of requests.', get), [{ line: 2 }], { diagnostics: ['CS-PARSE-LINE'] }));
  it('reads block comments', () => check(lines('/*', 'GET https://no.test', '*/', get), [{ line: 4 }]));
  it('reads httpYac declarations', () =>
    check(lines('proto < ./hello.proto', 'keepCase: true', '', 'GRPC host/Service/M', '{}'), [
      { protocol: 'grpc', body: '{}' },
    ]));
  it('reads a fragment before a request', () =>
    check(lines('fragment P on C {', '  code', '}', '', 'POST https://a.test'), [{ line: 5 }], {
      diagnostics: ['CS-PARSE-UNSUPPORTED'],
    }));
  it('skips a malformed variable', () =>
    check(lines('@name_only', '@=x', get), [{ line: 3 }], {
      variables: [],
      diagnostics: ['CS-PARSE-LINE', 'CS-PARSE-LINE'],
    }));
});

describe('variables (§8)', () => {
  it('reads names with dots and hyphens (§17.12)', () =>
    check(
      lines(
        '@api-version = 2025-09-01',
        '@a.b=c',
        'GET https://a.test?api-version={{api-version}}&$select=name  HTTP/1.1',
      ),
      [{ url: 'https://a.test?api-version={{api-version}}&$select=name', version: 'HTTP/1.1' }],
      {
        variables: ['api-version=2025-09-01', 'a.b=c'],
      },
    ));
  it('reads an empty value', () => check('@x =', [], { variables: ['x='] }));
  it('V5 trims values', () => check('@x =  a b  ', [], { variables: ['x=a b'] }));
  it('V5 keeps quotes', () => check('@x = "a"', [], { variables: ['x="a"'] }));
  it('V5 takes quotes off in httpYac', () => check('@x = "a"', [], { variables: ['x=a'] }, { dialect: 'httpyac' }));
  it('reads := and global.', () =>
    check(lines('@global.x=1', '@y := {{x}}'), [], { variables: ['x=1', 'y={{x}}'], dialect: 'httpyac' }));
  it('reads one directly above the request line (§17.6)', () =>
    check(lines('@v=1', get), [{ line: 2 }], { variables: ['v=1'] }));
  it('keeps an equals sign in a value', () => check('@q = a=b=c', [], { variables: ['q=a=b=c'] }));
  it('reads one among the headers', () =>
    check(lines(get, '@x = 1', 'A: b'), [{ headers: ['A: b'] }], { variables: ['x=1'] }));
});
