import { describe, expect, it } from 'vitest';
import { isCountersignError } from '../../../src/errors/countersign-error.ts';
import { createResolver } from '../../../src/variables/resolver.ts';
import { masked, secret } from '../../../src/variables/tracked.ts';
import { captured, variableContext, type ContextOptions } from '../../support/variable-context.ts';

/** Text, masked text, or the error's code and sentence. */
async function resolve(template: string, options: ContextOptions = {}): Promise<string> {
  try {
    return (await createResolver(variableContext(options)).resolveTemplate(template)).text;
  } catch (error) {
    if (!isCountersignError(error)) throw error;
    return `${error.code}: ${error.message} | ${error.next}`;
  }
}
async function check(template: string, options: ContextOptions, expected: string): Promise<void> {
  expect(await resolve(template, options)).toBe(expected);
}
async function checkError(template: string, options: ContextOptions, code: string, words = ''): Promise<void> {
  const answer = await resolve(template, options);
  expect(answer).toMatch(new RegExp(`^${code}: `));
  expect(answer).toContain(words);
}
const env = (content: unknown) => ({ '/project/http-client.env.json': JSON.stringify(content) });

describe('references', () => {
  const overrides = { host: 'api.example.com', 'api-version': '1', 'Proj.Name_Host': 'p', a: 'A' };
  const cases: readonly (readonly [string, string])[] = [
    ['', ''],
    ['plain', 'plain'],
    ['https://{{host}}/x', 'https://api.example.com/x'],
    ['{{ host }}', 'api.example.com'],
    ['?v={{api-version}}&$select=name', '?v=1&$select=name'],
    ['{{Proj.Name_Host}}', 'p'],
    ['{"x":{"y":{{a}}}}', '{"x":{"y":A}}'],
    ['{{{a}}}', '{A}'],
    ['{{a}}{{a}}', 'AA'],
    ['{{', '{{'],
    ['{{}}', '{{}}'],
    ['{{ }}', '{{ }}'],
    ['{{a', '{{a'],
    ['{{a\n}}{{a}}', '{{a\n}}A'],
    ['{{x {{a}}', '{{x A'],
    ['{{"text"}}', 'text'],
    ["{{'te\\nxt'}}", 'te\nxt'],
    ['{{42}}', '42'],
    ['{{-1.5}}', '-1.5'],
    ['\\{\\{a\\}\\}', '{{a}}'],
    ['\\{\\{a\\}\\}{{a}}', '{{a}}A'],
  ];
  for (const [template, expected] of cases) {
    it(`reads ${JSON.stringify(template)}`, () => check(template, { overrides }, expected));
  }
  it('keeps httpYac’s escape as text in REST Client files', () =>
    check('\\{\\{a\\}\\}', { overrides, dialect: 'rest-client' }, '\\{\\{a\\}\\}'));
  it('encodes {{%name}} for a URL', () => check('?q={{%q}}', { overrides: { q: 'a b&ü' } }, '?q=a%20b%26%C3%BC'));
});

describe('precedence and scope', () => {
  it('V1: a file variable beats the environment', () =>
    check(
      '{{host}}',
      { source: '@host = file\nGET /', environments: ['dev'], disk: env({ dev: { host: 'env' } }) },
      'file',
    ));
  it('an override beats the file', () =>
    check('{{a}}', { source: '@a = file\nGET /', overrides: { a: 'cli' } }, 'cli'));
  it('V2: the nearest definition above the request wins', () =>
    check('{{id}}', { source: '@id = 1\nGET /\n###\n@id = 2\nGET /\n###\n@id = 3\nGET /', request: 1 }, '2'));
  it('V2: without one above, the first below', () =>
    check('{{id}}', { source: 'GET /\n###\n@id = 2\nGET /\n###\n@id = 3\nGET /', request: 0 }, '2'));
  it('V2: without a request, the last one', () => check('{{id}}', { source: '@id = 1\n@id = 2' }, '2'));
  it('a definition of its own name means the one above', () =>
    check('{{p}}', { source: '@p = /a\n@p = {{p}}/b\n@p = {{p}}/c\nGET /' }, '/a/b/c'));
  it('a definition of its own name means the environment', () =>
    check(
      '{{p}}',
      { source: '@p = {{p}}/b\nGET /', environments: ['dev'], disk: env({ dev: { p: '/env' } }) },
      '/env/b',
    ));
  it('V5: quotes stay', () => check('{{q}}', { source: '@q = "x"\nGET /' }, '"x"'));
  it('V5: httpYac strips its outer quotes', () =>
    check('{{q}}', { source: '@q = "x {{q2}}"\n@q2 = y\nGET /', dialect: 'httpyac' }, 'x y'));
  it('REST Client escapes', () =>
    check('{{q}}', { source: '@q = a\\nb\\tc\\r\\q\nGET /', dialect: 'rest-client' }, 'a\nb\tc\rq'));
  it('no escapes elsewhere', () => check('{{q}}', { source: '@q = C:\\new\nGET /' }, 'C:\\new'));
});

describe('expressions', () => {
  const obj = {
    environments: ['dev'],
    disk: env({
      dev: { o: { k: 'v', n: [1, { z: null }], u: '{{base}}/x' }, base: 'B', 'a.b': 'exact', a: { b: 'path' } },
    }),
  };
  it('V3: a script needs script support', () =>
    checkError('{{new Date()}}', {}, 'CS-VAR-SCRIPT', 'needs script support'));
  it('V3: a call', () => checkError('{{Math.random()}}', {}, 'CS-VAR-SCRIPT'));
  it('V3: an operator', () => checkError('{{a + 1}}', {}, 'CS-VAR-SCRIPT'));
  it('V4: a dotted path', () => check('{{o.k}}', obj, 'v'));
  it('V4: an exact name goes first', () => check('{{a.b}}', obj, 'exact'));
  it('V4: a path expands what it finds', () => check('{{o.u}}', obj, 'B/x'));
  it('V4: indexers', () => check('{{o.n[0]}}|{{o["k"]}}|{{o.n[1].z}}|{{o.n[-2]}}', obj, '1|v|null|1'));
  it('V4: an env path in JSONPath', () => check('{{$.o.k}}', obj, 'v'));
  it('objects become JSON, their references replaced', () =>
    check('{{o}}', obj, '{"k":"v","n":[1,{"z":null}],"u":"B/x"}'));
  it('a file variable that is JSON has paths', () => check('{{j.a[1]}}', { source: '@j = {"a":[1,2]}\nGET /' }, '2'));
});

describe('errors', () => {
  it('names what comes close', () =>
    checkError(
      '{{baseUrl}}',
      { environments: ['local'], disk: env({ local: { base_url: 'x' } }) },
      'CS-VAR-UNKNOWN',
      'No variable is called “baseUrl” in environment local. | Did you mean base_url?',
    ));
  it('points at the reference in the source', async () => {
    const context = variableContext({ source: '@host = x\nGET https://{{hosst}}/' });
    const error: unknown = await createResolver(context)
      .resolveTemplate(context.file.requests[0]!.url)
      .catch((one: unknown) => one);
    expect(error).toMatchObject({
      place: { file: '/project/api/orders.http', start: 22, end: 31, line: 2, column: 13 },
    });
  });
  it('points into the definition for a nested reference', async () => {
    const context = variableContext({ source: '@url = a/{{hosst}}\nGET {{url}}' });
    const error: unknown = await createResolver(context)
      .resolveTemplate(context.file.requests[0]!.url)
      .catch((one: unknown) => one);
    expect(error).toMatchObject({ code: 'CS-VAR-UNKNOWN', place: { line: 1, start: 9, end: 18 } });
  });
  it('names the chain of a cycle', () =>
    checkError('{{a}}', { source: '@a = {{b}}\n@b = {{c}}\n@c = {{a}}\nGET /' }, 'CS-VAR-CYCLE', 'a → b → c → a'));
  it('a variable that is only itself', () =>
    checkError('{{a}}', { source: '@a = x{{a}}\nGET /' }, 'CS-VAR-CYCLE', 'a → a'));
  it('a member that is itself', () =>
    checkError('{{o.k}}', { environments: ['d'], disk: env({ d: { o: { k: '{{o.k}}' } } }) }, 'CS-VAR-CYCLE'));
  it('members of one object may refer to each other', () =>
    check('{{o.k}}', { environments: ['d'], disk: env({ d: { o: { k: '{{o.l}}', l: 'L' } } }) }, 'L'));
  it('an unknown name in a cycle-free chain is unknown', () =>
    checkError('{{a}}', { source: '@a = {{zzz}}\nGET /' }, 'CS-VAR-UNKNOWN', 'zzz'));
});

describe('V6: how often a value is worked out', () => {
  it('a dynamic variable at each use', async () => {
    const [a, b] = (await resolve('{{$guid}} {{$guid}}')).split(' ');
    expect(a).not.toBe(b);
  });
  it('a file variable once a request', async () => {
    const [a, b] = (await resolve('{{id}} {{id}}', { source: '@id = {{$guid}}\nGET /' })).split(' ');
    expect(a).toBe(b);
    expect(a).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
  });
  it('once even when templates are resolved side by side', async () => {
    const resolver = createResolver(variableContext({ source: '@id = {{$guid}}\nGET /' }));
    const all = await Promise.all(['{{id}}', '{{id}}', '{{id}}'].map((text) => resolver.resolveTemplate(text)));
    expect(new Set(all.map((one) => one.text)).size).toBe(1);
  });
  it('a dynamic variable in a multipart boundary stays the same', async () => {
    const source = 'POST /\nContent-Type: multipart/form-data; boundary={{$guid}}';
    const [a, b] = (await resolve('{{$guid}} {{$guid}}', { source })).split(' ');
    expect(a).toBe(b);
  });
});

describe('request variables', () => {
  const login = captured(
    '{"access_token":"tok","a":{"b-c":[1,{"d":null}]},"z":0,"f":false,"e":"","list":[{"n":"x","v":1},{"n":"y","v":2}],"headers":{"X-Foo":"foo"}}',
    [
      ['Location', '/next'],
      ['Set-Cookie', 'sid=abc; Path=/x; HttpOnly'],
      ['Vary', 'a'],
      ['vary', 'b'],
    ],
  );
  const xml = captured('<r xmlns:n="urn:n"><n:i id="7">t<b>x</b></n:i></r>', [], 'application/xml');
  const base = { source: '# @name login\nGET /\n###\n# @name later\nGET /\n###\nGET /', captured: { login, xml } };
  const cases: readonly (readonly [string, string])[] = [
    ['login.response.body.$.access_token', 'tok'],
    ['login.response.body.access_token', 'tok'],
    ['login.response.body.$.a.b-c[1].d', 'null'],
    ['login.response.body.$.z', '0'],
    ['login.response.body.$.f', 'false'],
    ['login.response.body.$.e', ''],
    ['login.response.body.$.a', '{"b-c":[1,{"d":null}]}'],
    ["login.response.body.$.list[?(@.n == 'y')].v", '2'],
    ['login.response.body.$..v', '1'],
    ['login.response.body.$.list[*].n', 'x'],
    ['login.response.body.list.length', '2'],
    ['login.response.headers.location', '/next'],
    ["login.response.headers['LOCATION']", '/next'],
    ['login.response.headers.vary', 'a, b'],
    ['login.response.cookies.sid.value', 'abc'],
    ['login.response.cookies.sid', 'abc'],
    ['login.response.cookies.sid.path', '/x'],
    ['login.response.status', '200'],
    ['login.request.headers.authorization', 'Bearer sent-token'],
    ['login.request.cookies.b', '2'],
    ['login.request.body.*', '{"sent":true}'],
    ['login.access_token', 'tok'],
    ['login.headers["X-Foo"]', 'foo'],
    ['xml.response.body.//n:i/@id', '7'],
    ['xml.response.body.//n:i', 't<b>x</b>'],
    ['xml.response.body.string(//b)', 'x'],
    ['xml.response.body.asXml.//b/text()', 'x'],
    ['xml.response.body.//b', 'x'],
  ];
  for (const [name, expected] of cases) it(`Q2: ${name}`, () => check(`{{${name}}}`, base, expected));
  it('Q1: not sent yet', () => checkError('{{later.response.body.$.x}}', base, 'CS-VAR-NOT-SENT', 'Send later first'));
  it('Q1: not sent yet, short form', () => checkError('{{later.x}}', base, 'CS-VAR-NOT-SENT'));
  it('nothing at the path', () =>
    checkError('{{login.response.body.$.nope}}', base, 'CS-VAR-PATH', 'nothing at body.$.nope'));
  it('no such header', () => checkError('{{login.response.headers.x}}', base, 'CS-VAR-PATH'));
  it('a path that is no JSONPath', () => checkError('{{login.response.body.$.a[?(}}', base, 'CS-VAR-PATH'));
  it('a request nobody has', () => checkError('{{logn.response.body.$.x}}', base, 'CS-VAR-UNKNOWN'));
  it('tokens of a response are secret', async () => {
    const value = await createResolver(variableContext(base)).resolveTemplate(
      'Bearer {{login.response.body.$.access_token}}',
    );
    expect(masked(value)).toBe('Bearer ••••');
    expect(value.secrets[0]?.label).toBe('access_token of login');
  });
});

describe('cancelling', () => {
  it('ends with CS-NET-CANCELLED', () =>
    checkError('{{a}}', { overrides: { a: '1' }, signal: AbortSignal.abort() }, 'CS-NET-CANCELLED'));
});

describe('calls from inside a value', () => {
  const nested = (definition: string, options: ContextOptions = {}) => {
    const context = variableContext({
      ...options,
      authToken: async (name) => secret(`${name}:${(await resolver.resolveTemplate(definition)).text}`, 'token'),
    });
    const resolver = createResolver(context);
    return resolver;
  };
  it('do not wait for the value they are part of', async () => {
    const resolver = nested('{{issuer}}', { overrides: { issuer: 'idp' } });
    const all = await Promise.all([
      resolver.resolveTemplate('{{$auth.token("a")}}'),
      resolver.resolveTemplate('{{$auth.token("b")}}'),
      resolver.resolveTemplate('{{issuer}}'),
    ]);
    expect(all.map((one) => one.text)).toEqual(['a:idp', 'b:idp', 'idp']);
  });
  it('count for cycles', () =>
    expect(nested('{{$auth.token("a")}}').resolveTemplate('{{$auth.token("a")}}')).rejects.toMatchObject({
      code: 'CS-VAR-CYCLE',
    }));
  it('an error does not stop the next call', async () => {
    const resolver = createResolver(variableContext({ overrides: { a: '1' } }));
    await expect(resolver.resolveTemplate('{{nope}}')).rejects.toMatchObject({ code: 'CS-VAR-UNKNOWN' });
    expect((await resolver.resolveTemplate('{{a}}')).text).toBe('1');
  });
  it('another error keeps its words to itself', () =>
    expect(
      createResolver(variableContext({ authToken: () => Promise.reject(new Error('Bearer s3cret')) })).resolveTemplate(
        '{{$auth.token("a")}}',
      ),
    ).rejects.toMatchObject({ code: 'CS-VAR-SOURCE', message: expect.not.stringContaining('s3cret') as string }));
});
