import { describe, expect, it } from 'vitest';
import { complete } from '../../../src/language/features/completion.ts';
import { atCursor, fakeContext, type FakeFacts } from '../../support/feature-context.ts';

const facts: FakeFacts = {
  variables: { api: { display: 'https://api.example.com' }, city: { display: 'Bergen' } },
  credentials: { weather: { scheme: 'API key', origins: ['https://weather.example.com'] }, orders: {} },
  requests: { 0: { origin: 'https://api.example.com' } },
};

async function labels(marked: string, given: FakeFacts = facts): Promise<readonly string[]> {
  const { file, offset } = atCursor(marked);
  return (await complete(file, offset, fakeContext(file, given))).map(({ label }) => label);
}

/** The first offered labels are these, in this order. */
async function check(marked: string, ...first: readonly string[]): Promise<void> {
  const found = await labels(marked);
  if (first.length === 0) expect(found).toEqual([]);
  else expect(found.slice(0, first.length)).toEqual(first);
}

/** What the text becomes when this item is taken. */
async function checkTaken(marked: string, label: string, after: string): Promise<void> {
  const { file, offset } = atCursor(marked);
  const item = (await complete(file, offset, fakeContext(file, facts))).find((one) => one.label === label);
  expect(item, `${label} is not offered`).toBeDefined();
  if (!item) return;
  const { start, end } = item.replace;
  expect(start).toBeLessThanOrEqual(offset);
  expect(end).toBeGreaterThanOrEqual(offset);
  expect(file.text.slice(0, start) + item.label + file.text.slice(end)).toBe(after);
}

describe('completion of methods and request lines', () => {
  it('methods where a request begins', async () => {
    await check('$0', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE');
    await check('### A\n\nPO$0', 'GET', 'POST');
    await check('### A\nGET http://x\n\n### B\n$0', 'GET');
    await checkTaken('### A\nPO$0', 'POST', '### A\nPOST');
  });
  it('addresses behind a method', async () => {
    await check('GET $0', '{{api}}');
    await checkTaken('GET $0', '{{api}}', 'GET {{api}}');
    await checkTaken('GET {$0', '{{api}}', 'GET {{api}}');
    await check('GET http://x$0');
  });
  it('protocol versions behind a URL', async () => {
    await check('GET http://x $0', 'HTTP/1.1', 'HTTP/2');
    await checkTaken('GET http://x HT$0', 'HTTP/2', 'GET http://x HTTP/2');
  });
});

describe('completion of headers', () => {
  it('names, the likeliest first', async () => {
    await check('GET http://x\n$0', 'Accept: ', 'Content-Type: ', 'Authorization: ');
    await check('POST http://x\n$0', 'Content-Type: ', 'Accept: ');
    await check('POST http://x\nAccept: */*\nCon$0', 'Content-Type: ', 'Authorization: ');
  });
  it('replaces what is written, and leaves a colon that is there', async () => {
    await checkTaken('POST http://x\nConte$0', 'Content-Type: ', 'POST http://x\nContent-Type: ');
    await checkTaken('POST http://x\nConte$0nt: a', 'Content-Type', 'POST http://x\nContent-Type: a');
  });
  it('not in a body, not in the continued URL, not in a script', async () => {
    await check('POST http://x\n\nCon$0');
    await check('POST http://x\n  ?Con$0');
    await check('GET http://x\n\n> {%\n  Con$0\n%}');
  });
  it('no answer headers in a request', async () => {
    expect(await labels('GET http://x\n$0')).not.toContain('ETag: ');
  });
  it('values of a header', async () => {
    await check('POST http://x\nContent-Type: $0', 'application/json');
    await check('POST http://x\nContent-Type: $0\n\na=1', 'application/json');
    await check('GET http://x\nCache-Control: $0', 'no-cache');
    await check('GET http://x\nAccept-Encoding: $0', 'gzip, deflate, br, zstd');
    await check('GET http://x\nX-Unknown: $0');
    await checkTaken(
      'GET http://x\nAccept: text/html, app$0',
      'application/json',
      'GET http://x\nAccept: text/html, application/json',
    );
  });
  it('schemes of Authorization, and tokens of credentials that have one', async () => {
    const found = await labels('GET http://x\nAuthorization: $0');
    expect(found.slice(0, 2)).toEqual(['Bearer', 'Basic']);
    expect(found).toContain('Bearer {{$auth.token("orders")}}');
    expect(found).not.toContain('Bearer {{$auth.token("weather")}}');
  });
});

describe('completion of directives', () => {
  it('names, the likeliest first, none that is there already', async () => {
    await check('# @$0\nGET http://x', 'auth', 'name');
    await check('# @auth a\n# @$0\nGET http://x', 'name');
    await check('// @na$0\nGET http://x', 'auth', 'name');
    await checkTaken('# @na$0\nGET http://x', 'name', '# @name\nGET http://x');
  });
  it('none that would run a command', async () => {
    expect(await labels('# @$0')).not.toContain('stdin-cmd');
  });
  it('credentials, those for this origin first, and none', async () => {
    await check('# @auth $0\nGET http://x', 'orders', 'weather', 'none');
    await check('# @expect-status $0\nGET http://x', 'weather=200', 'orders=200', 'none=401');
    await check('# @expect-status orders=403 $0\nGET http://x', 'weather=200', 'none=401');
    await checkTaken('# @auth or$0\nGET http://x', 'orders', '# @auth orders\nGET http://x');
    await checkTaken('# @auth o$0ld\nGET http://x', 'orders', '# @auth orders\nGET http://x');
  });
  it('names of other requests, durations', async () => {
    await check('# @name login\nGET http://x\n###\n# @ref $0\nGET http://y', 'login');
    await check('# @timeout $0\nGET http://x', '5 s');
    await check('# @sleep $0\nGET http://x', '500');
    await check('# @name $0\nGET http://x');
    await check('# @unknown $0\nGET http://x');
  });
});

describe('completion of references', () => {
  it('addresses first where a URL begins, else what is used nearby', async () => {
    await check('@b = 1\nGET {{$0}}', 'api');
    await check('GET {{api}}/{{city}}/{{city}}\nX: {{$0}}', 'city');
    await checkTaken('GET http://x/{{ci$0}}', 'city', 'GET http://x/{{city}}');
    await checkTaken('GET http://x/{{ ci$0ty }}', 'city', 'GET http://x/{{ city }}');
    await checkTaken('POST http://x\n\n{"a": "{{c$0"}', 'city', 'POST http://x\n\n{"a": "{{city"}');
    await checkTaken('@a = {{c$0', 'city', '@a = {{city');
  });
  it('shows value and origin', async () => {
    const { file, offset } = atCursor('GET {{$0}}');
    const [first] = await complete(file, offset, fakeContext(file, facts));
    expect(first).toMatchObject({ detail: 'https://api.example.com · http-client.env.json:3' });
  });
  it('dynamic variables with their signature, without those of other tools', async () => {
    await check('GET http://x/{{$$0}}', '$guid');
    const { file, offset } = atCursor('GET http://x/{{$r$0}}');
    const found = await complete(file, offset, fakeContext(file, facts));
    expect(found.find(({ label }) => label === '$randomInt')?.detail).toBe('$randomInt [min max]');
    expect(found.some(({ label }) => label === '$aadToken')).toBe(false);
    await checkTaken('GET http://x/{{$random.u$0}}', '$random.uuid', 'GET http://x/{{$random.uuid}}');
  });
  it('parts of an earlier request', async () => {
    const login = '# @name login\nPOST http://x\n\n###\n';
    await check(`${login}GET http://y/{{login.$0}}`, 'response', 'request');
    await check(`${login}GET http://y/{{login.response.$0}}`, 'body', 'headers', 'cookies', 'status');
    await check(`${login}GET http://y/{{login.request.$0}}`, 'body', 'headers', 'cookies');
    await check(`${login}GET http://y/{{login.response.body.$0}}`, '$', '*');
    expect(await labels(`${login}GET http://y/{{login.response.headers.$0}}`)).toContain('ETag');
    await checkTaken(`${login}GET http://y/{{login.resp$0}}`, 'response', `${login}GET http://y/{{login.response}}`);
    expect(await labels('GET http://y/{{api.$0}}')).not.toContain('response');
  });
  it('credentials in $auth.token', async () => {
    await check('GET http://x\nA: {{$auth.token("$0")}}', 'orders');
    await checkTaken(
      'GET http://x\nA: {{$auth.token("or$0")}}',
      'orders',
      'GET http://x\nA: {{$auth.token("orders")}}',
    );
  });
  it('nothing behind the arguments of a dynamic variable', async () => {
    await check('GET http://x/{{$randomInt 1 $0}}');
  });
});

describe('completion', () => {
  it('shows what it inserts, in one line', async () => {
    for (const marked of [
      '$0',
      'GET $0',
      'GET http://x\n$0',
      'GET http://x\nAccept: $0',
      '# @$0',
      '# @auth $0\nGET http://x',
      'GET {{$0}}',
    ]) {
      const { file, offset } = atCursor(marked);
      for (const item of await complete(file, offset, fakeContext(file, facts))) {
        expect(item.label).not.toMatch(/[\r\n]/);
        expect(item.documentation ?? '').not.toMatch(/!|please|invalid/i);
      }
    }
  });
});

describe('paths into the last response', () => {
  const bodies = {
    'login.response': { token: 'a secret', user: { id: 7, 'a b': 1 }, items: [{ name: 'x' }, 2], none: null },
    'login.request': { sent: true },
  };
  const labels = async (typed: string): Promise<string[]> => {
    const { file, offset } = atCursor(`# @name login\nPOST /l\n###\nGET /{{login.${typed}$0}}`);
    const found = await complete(file, offset, fakeContext(file, { bodies }));
    return found.map(({ label, detail, replace }) =>
      `${file.text.slice(replace.start, replace.end)}→${label} ${detail ?? ''}`.trim(),
    );
  };
  const keys = ['→token string', '→user {2}', '→items [2]', '→none null'];
  it('offer its keys, with what they hold and not with their values', async () => {
    expect(await labels('response.body.$.')).toEqual(keys);
    expect((await labels('response.body.')).slice(0, 4)).toEqual(['→$', '→*', ...keys.slice(0, 2)]);
    expect(await labels('response.body.$.us')).toEqual(keys.map((key) => `us${key}`));
  });
  it('go down', async () => {
    expect(await labels('response.body.$.user.')).toEqual(['→id number']);
    expect(await labels('response.body.user.')).toEqual(['→id number']);
    expect(await labels('response.body.$.items[')).toEqual(['→0] {1}', '→1] number']);
    expect(await labels('response.body.$.items[0].')).toEqual(['→name string']);
    expect(await labels('request.body.$.')).toEqual(['→sent boolean']);
  });
  it('are none where nothing is', async () => {
    for (const typed of [
      'response.body.$.token.',
      'response.body.$.gone.',
      'response.body.$..',
      'response.body.$.items[?(@.a)].',
    ])
      expect(await labels(typed)).toEqual([]);
  });
});
