/** `countersign run` as a process, against real servers: its formats, its options, its exit codes, and bad input. */
import type { IncomingMessage } from 'node:http';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Cli, ended, jsonLines, type RunOptions } from '../../support/cli.ts';
import { serveHttp, serveHttps, type Listening } from '../../support/http-servers.ts';
import { makeTestCa } from '../../support/test-ca.ts';

let cli: Cli;
let api: Listening;
let secure: Listening;
const seen: IncomingMessage[] = [];
const bodies: string[] = [];

beforeAll(async () => {
  cli = await Cli.build();
  api = await serveHttp((request, response) => {
    seen.push(request);
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      bodies.push(body);
      const url = new URL(request.url ?? '/', 'http://x');
      if (url.pathname === '/never') return;
      if (url.pathname === '/bytes') return void response.end(Buffer.from([0xff, 0x00, 0xfe]));
      const key = request.headers['x-api-key'];
      response
        .writeHead(Number(url.searchParams.get('status') ?? 200), { 'content-type': 'application/json' })
        .end(JSON.stringify({ path: request.url, key, body }));
    });
  });
  const ca = await makeTestCa();
  secure = await serveHttps(await ca.server(), (_request, response) => void response.end('secure'));
  await writeFile(join(cli.home, 'ca.pem'), ca.rootPem);
}, 60_000);
afterAll(async () => {
  await api.close();
  await secure.close();
  await cli.dispose();
});
beforeEach(async () => {
  seen.length = 0;
  bodies.length = 0;
  await cli.reset();
});

async function run(text: string, args: readonly string[] = [], options: RunOptions = {}) {
  await cli.write({ 'a.http': text });
  return cli.run(['run', 'a.http', ...args], options);
}

describe('--format json', () => {
  it('has exactly the fields of the contract', async () => {
    const { stdout, stderr, code } = await run(`# @name first\nPOST ${api.url}/a?x=1\nX-A: b\n\nhello\n`, [
      '--format',
      'json',
    ]);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    const [line, ...more] = jsonLines(stdout);
    expect(more).toEqual([]);
    expect(Object.keys(line ?? {})).toEqual([
      'file',
      'name',
      'line',
      'request',
      'response',
      'hops',
      'timings',
      'tests',
    ]);
    expect(line).toMatchObject({
      file: 'a.http',
      name: 'first',
      line: 2,
      request: { method: 'POST', url: `${api.url}/a?x=1`, httpVersion: 'HTTP/1.1', bodyBytes: 5 },
      response: { status: 200, statusText: 'OK', httpVersion: 'HTTP/1.1' },
      hops: [{ url: `${api.url}/a?x=1`, status: 200, why: 'first' }],
      tests: [],
    });
    expect(Object.keys(line?.['timings'] as object)).toEqual([
      'queued',
      'dns',
      'connect',
      'proxy',
      'tls',
      'request',
      'firstByte',
      'download',
      'total',
    ]);
    const response = line?.['response'] as Record<string, unknown>;
    expect(Object.keys(response)).toEqual([
      'status',
      'statusText',
      'httpVersion',
      'headers',
      'bodyBytes',
      'encodedBytes',
    ]);
  });

  it('adds tls, with its chain, for https', async () => {
    const { stdout } = await run(`GET ${secure.url}/\n`, ['--format', 'json', '--ca', join(cli.home, 'ca.pem')]);
    const tls = jsonLines(stdout)[0]?.['tls'] as Record<string, unknown>;
    expect(Object.keys(tls)).toEqual(['protocol', 'cipher', 'authorized', 'chain']);
    expect(tls['authorized']).toBe(true);
    expect(Object.keys((tls['chain'] as object[])[0] ?? {})).toEqual([
      'subject',
      'issuer',
      'san',
      'validFrom',
      'validTo',
      'fingerprint256',
    ]);
  });

  it('keeps its shape for a request that was not sent', async () => {
    const { stdout, code } = await run(`GET ${api.url}/{{nope}}\n`, ['--format', 'json']);
    expect(code).toBe(1);
    expect(jsonLines(stdout)[0]).toMatchObject({
      request: { method: 'GET', url: `${api.url}/{{nope}}`, headers: [], bodyBytes: 0 },
      hops: [],
      timings: { queued: null, total: null },
      tests: [],
      error: {
        code: 'CS-VAR-UNKNOWN',
        message: expect.stringContaining('nope') as string,
        next: expect.any(String) as string,
      },
    });
    expect(seen).toHaveLength(0);
  });

  it('--body adds text', async () => {
    const { stdout } = await run(`GET ${api.url}/b\n`, ['--format', 'json', '--body']);
    expect(jsonLines(stdout)[0]?.['response']).toMatchObject({ body: JSON.stringify({ path: '/b', body: '' }) });
  });

  it('--body adds base64 for what is not text', async () => {
    const { stdout } = await run(`GET ${api.url}/bytes\n`, ['--format', 'json', '--body']);
    expect(jsonLines(stdout)[0]?.['response']).toMatchObject({ body: '/wD+', bodyEncoding: 'base64' });
  });

  it('is in order of sending, over several files', async () => {
    await cli.write({ 'a.http': `GET ${api.url}/1\n###\nGET ${api.url}/2\n`, 'b/c.http': `GET ${api.url}/3\n` });
    const { stdout } = await cli.run(['run', 'a.http', 'b/c.http', '--format', 'json']);
    expect(jsonLines(stdout).map((line) => [line['file'], line['line']])).toEqual([
      ['a.http', 1],
      ['a.http', 3],
      [join('b', 'c.http'), 1],
    ]);
    expect(seen.map((request) => request.url)).toEqual(['/1', '/2', '/3']);
  });
});

describe('--format junit', () => {
  it('is XML with a case a request, and the failure told', async () => {
    const { stdout, code } = await run(`### <a> & "b"\nGET ${api.url}/1\n### two\nGET http://127.0.0.1:1/\n`, [
      '--format',
      'junit',
    ]);
    expect(code).toBe(1);
    const { DOMParser } = await import('@xmldom/xmldom');
    const document = new DOMParser({
      onError: (_level, message) => {
        throw new Error(message);
      },
    }).parseFromString(stdout, 'text/xml');
    const cases = Array.from(document.getElementsByTagName('testcase'));
    expect(cases.map((each) => each.getAttribute('name'))).toEqual(['<a> & "b"', 'two']);
    expect(document.getElementsByTagName('failure')[0]?.getAttribute('type')).toBe('CS-NET-REFUSED');
    expect(document.getElementsByTagName('testsuites')[0]?.getAttribute('failures')).toBe('1');
  });
});

describe('what is sent', () => {
  const three = (): string =>
    `### one\nGET ${api.url}/1\n\n###\n# @name two\nGET ${api.url}/2\n\n### three\n# @disabled\nGET ${api.url}/3\n`;

  async function check(args: readonly string[], expected: readonly string[]): Promise<void> {
    const { code } = await run(three(), args);
    expect(seen.map((request) => request.url)).toEqual(expected);
    expect(code).toBe(0);
  }

  it('all but what is switched off', () => check([], ['/1', '/2']));
  it('--name by @name', () => check(['--name', 'two'], ['/2']));
  it('--name by title', () => check(['--name', 'one'], ['/1']));
  it('--line at the request line', () => check(['--line', '6'], ['/2']));
  it('--line at its directive', () => check(['--line', '5'], ['/2']));

  it('run lines and # @ref, in the order of sending, each reported', async () => {
    await cli.write({ 'b.http': `# @name login\nGET ${api.url}/login\n###\nGET ${api.url}/rest?{{v}}\n` });
    const text = [
      'import ./b.http',
      '# @ref login',
      `GET ${api.url}/own?{{login.response.body.$.path}}`,
      '###',
      'run ./b.http (@v=1)',
      'run #gone',
    ];
    const { stdout, code } = await run(text.join('\n'), ['--format', 'json']);
    expect(code).toBe(1);
    expect(jsonLines(stdout)).toMatchObject([
      { file: 'b.http', name: 'login', line: 2 },
      { file: 'a.http', name: null, line: 3, request: { url: `${api.url}/own?/login` } },
      { file: 'b.http', name: 'login' },
      { file: 'b.http', line: 4, request: { url: `${api.url}/rest?1` } },
      { file: 'a.http', line: 6, request: null, error: { code: 'CS-PARSE-REF' } },
    ]);
    const printed = await run(text.join('\n'));
    expect(printed.stdout).toContain('a.http:6:5');
  });
  it('--var and --env', async () => {
    await cli.write({ 'http-client.env.json': JSON.stringify({ dev: { host: api.url, from: 'dev' } }) });
    await run('GET {{host}}/{{from}}/{{given}}\n', ['--env', 'dev', '--var', 'given=a=b']);
    expect(seen[0]?.url).toBe('/dev/a=b');
  });

  it('- reads the file from stdin', async () => {
    const { code, stdout } = await cli.run(['run', '-', '--format', 'json'], { input: `GET ${api.url}/stdin\n` });
    expect(code).toBe(0);
    expect(jsonLines(stdout)[0]).toMatchObject({ file: '-', response: { status: 200 } });
  });

  it('--output writes the report there and nothing to stdout', async () => {
    const { stdout } = await run(`GET ${api.url}/o\n`, ['--format', 'json', '--output', 'out.json']);
    expect(stdout).toBe('');
    const { readFile } = await import('node:fs/promises');
    expect(jsonLines(await readFile(join(cli.work, 'out.json'), 'utf8'))).toHaveLength(1);
  });

  it('--timeout ends the wait', async () => {
    const { stdout, code } = await run(`GET ${api.url}/never\n`, ['--timeout', '0.2', '--format', 'json']);
    expect(code).toBe(1);
    expect(jsonLines(stdout)[0]).toMatchObject({ error: { code: 'CS-NET-TIMEOUT' } });
  });

  it('a 500 is an answer: exit 0', async () => {
    expect((await run(`GET ${api.url}/x?status=500\n`)).code).toBe(0);
  });
});

describe('certificates', () => {
  it('are checked', async () => {
    const { stdout, code } = await run(`GET ${secure.url}/\n`, ['--format', 'json']);
    expect(code).toBe(1);
    expect(jsonLines(stdout)[0]?.['error']).toMatchObject({ code: expect.stringMatching(/^CS-TLS-/) as string });
  });

  it('--insecure is for its origin, and says so', async () => {
    const { stdout, code } = await run(`GET ${secure.url}/\n`, ['--format', 'json', '--insecure', secure.url]);
    expect(code).toBe(0);
    expect(jsonLines(stdout)[0]?.['tls']).toMatchObject({ authorized: false, exception: { origin: secure.url } });
  });

  it('--insecure of another origin does nothing', async () => {
    expect((await run(`GET ${secure.url}/\n`, ['--insecure', 'https://example.com'])).code).toBe(1);
  });

  it('of an authority that is not known: how to name it', async () => {
    const { stderr } = await run(`GET ${secure.url}/\n`);
    expect(stderr).toContain('--ca FILE');
    expect((await run(`GET ${secure.url}/\n`, ['--ca', join(cli.home, 'ca.pem')])).stderr).not.toContain('--ca FILE');
  });

  it('a request file cannot switch the check off', async () => {
    expect((await run(`# @insecure\n# @no-reject-unauthorized\nGET ${secure.url}/\n`)).code).toBe(1);
  });
});

describe('credentials in a run', () => {
  const key = 'k3y-canary-7c19e2aa5d';
  const definitions = (name = 'X-API-Key'): Record<string, string> => ({
    'countersign.json': JSON.stringify({
      credentials: { weather: { scheme: 'apiKey', in: 'header', name, origins: [api.url] } },
    }),
  });
  const text = (): string => `# @auth weather\nGET ${api.url}/w\n`;

  it('without one it exits 3, sends nothing, and names both ways on', async () => {
    await cli.write(definitions());
    const { code, stderr, stdout } = await run(text(), ['--no-input']);
    expect(code).toBe(3);
    expect(stdout).toContain('CS-BIND-APPROVAL');
    expect(stderr).toContain('countersign credentials add weather');
    expect(stderr).toContain('--secret weather=ENVVAR');
    expect(seen).toHaveLength(0);
  });

  it('--secret approves and sends; the echoed key is dots', async () => {
    await cli.write(definitions());
    const { code, stdout, stderr } = await run(text(), ['--secret', 'weather=KEY', '--format', 'json', '--body'], {
      env: { KEY: key },
    });
    expect(code).toBe(0);
    expect(seen[0]?.headers['x-api-key']).toBe(key);
    expect(jsonLines(stdout)[0]).toMatchObject({ credential: { name: 'weather', scheme: 'apiKey' } });
    expect(stdout + stderr).not.toContain(key);
    expect(stdout).toContain('••••');
  });

  it('--pin lets its own definition pass and refuses a changed one', async () => {
    await cli.write(definitions());
    const shown = await cli.run(['credentials', 'show', 'weather', '--format', 'json']);
    const { pin } = jsonLines(shown.stdout)[0] as { pin: string };
    const args = ['--secret', 'weather=KEY', '--pin', pin];
    expect((await run(text(), args, { env: { KEY: key } })).code).toBe(0);
    await cli.write(definitions('X-Other'));
    const changed = await run(text(), args, { env: { KEY: key } });
    expect(changed.code).toBe(3);
    expect(changed.stdout).toContain('CS-BIND-APPROVAL');
    expect(seen).toHaveLength(1);
  });

  it('--as sends as another, or as nobody', async () => {
    await cli.write(definitions());
    await run(text(), ['--as', 'none']);
    expect(seen[0]?.headers['x-api-key']).toBeUndefined();
    await run(`GET ${api.url}/w\n`, ['--as', 'weather', '--secret', 'weather=KEY'], { env: { KEY: key } });
    expect(seen[1]?.headers['x-api-key']).toBe(key);
  });

  it('--as with several compares them; # @expect-status decides', async () => {
    await cli.write(definitions());
    const file = (expected: string): string => `# @name w\n# @expect-status ${expected}\nGET ${api.url}/w\n`;
    const args = ['--as', 'weather,none', '--secret', 'weather=KEY'];
    const asExpected = await run(file('weather=200 none=200'), args, { env: { KEY: key } });
    expect(asExpected.code).toBe(0);
    expect(seen.map(({ headers }) => headers['x-api-key'])).toEqual([key, undefined]);
    expect(asExpected.stdout).toMatch(/^PASS +w as weather +GET +\/w .*200 .*1 test$/m);
    expect(asExpected.stdout).toMatch(/^PASS +w as nobody +GET +\/w .*200 .*1 difference, 1 test$/m);
    expect(asExpected.stdout).toContain('2 requests');
    const other = await run(file('weather=2xx none=401'), [...args, '--format', 'json'], { env: { KEY: key } });
    expect(other.code).toBe(1);
    expect(jsonLines(other.stdout).map(({ comparison }) => comparison)).toEqual([
      { as: 'weather', expectedStatus: '2xx', asExpected: true, bodyComparison: { equal: true, to: 'weather' } },
      {
        as: 'none',
        expectedStatus: '401',
        asExpected: false,
        bodyComparison: { equal: false, to: 'weather', differences: 1 },
      },
    ]);
    expect(other.stdout).not.toContain(key);
    const junit = await run(file('none=401'), [...args, '--format', 'junit'], { env: { KEY: key } });
    expect(junit.code).toBe(1);
    expect(junit.stdout).toContain('name="w as nobody › status 401 with no credential"');
    const missing = await run(file('none=200'), ['--as', 'none,nope']);
    expect(missing.code).toBe(3);
    expect(missing.stdout).toContain('CS-DEF-UNKNOWN');
    expect((await run(file('none=200'), ['--as', 'weather,,none'])).code).toBe(2);
  });

  it('an unknown one exits 3 and names those there are', async () => {
    await cli.write(definitions());
    const { code, stdout } = await run(`# @auth wether\nGET ${api.url}/w\n`);
    expect(code).toBe(3);
    expect(stdout).toContain('Known: weather.');
  });

  it('a broken definitions file is told with line and column', async () => {
    await cli.write({
      'countersign.json': '{\n  "credentials": {\n    "a": { "scheme": "apiKey", "in": 7 }\n  }\n}\n',
    });
    const { stderr } = await run(`GET ${api.url}/w\n`);
    expect(stderr).toMatch(/^countersign\.json:3:\d+: CS-DEF-/m);
  });
});

describe('arguments that are none', () => {
  async function check(args: readonly string[], word: string, code = 2): Promise<void> {
    const result = await run(`GET ${api.url}/x\n`, args);
    expect(result.stderr).toContain(word);
    expect(result.code).toBe(code);
    expect(result.stdout).toBe('');
    expect(seen).toHaveLength(0);
  }

  it('an unknown option', () => check(['--nonsense'], '--nonsense'));
  it('an unknown format', () => check(['--format', 'yaml'], 'text, json, junit'));
  it('a name that no request has', () => check(['--name', 'zzz'], 'zzz'));
  it('a line that is no number', () => check(['--line', 'x'], 'CS-CLI-USAGE'));
  it('a line beyond the file', () => check(['--line', '99'], 'CS-CLI-USAGE'));
  it('a timeout that is no number', () => check(['--timeout', 'soon'], 'CS-CLI-USAGE'));
  it('a variable without =', () => check(['--var', 'x'], 'key=value'));
  it('an origin that is none', () => check(['--insecure', 'nowhere'], 'CS-CLI-USAGE'));
  it('a CA file that is not there', () => check(['--ca', 'no.pem'], 'CS-TLS-CA-FILE'));
  it('a report that cannot be written', () => check(['--output', 'no/such/folder'], 'CS-FILE-UNWRITABLE'));
  it('a secret whose variable is not set', () => check(['--secret', 'a=NOT_SET'], 'NOT_SET', 3));

  it('a secret given in place of its variable is not repeated', async () => {
    for (const secret of ['sk-live-9f8e7d', 'skLive9f8e7d6c5b4a']) {
      const result = await run(`GET ${api.url}/x\n`, ['--secret', `weather=${secret}`]);
      expect(result.code).toBeGreaterThanOrEqual(2);
      expect(result.stdout + result.stderr).not.toContain(secret);
    }
  });
});

describe('files that are none', () => {
  async function check(content: string | Uint8Array, code: number, word: string): Promise<void> {
    await cli.write({ 'a.http': content });
    const result = await cli.run(['run', 'a.http']);
    expect(result.stdout + result.stderr).toContain(word);
    expect(result.code).toBe(code);
  }

  it('missing', async () => {
    const result = await cli.run(['run', 'missing.http']);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain('CS-FILE-MISSING: The file missing.http does not exist.');
  });
  it('a folder', async () => {
    const result = await cli.run(['run', '.']);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('CS-CLI-USAGE');
  });
  it('empty', () => check('', 2, 'CS-PARSE-NO-REQUEST'));
  it('binary', () => check(Buffer.from([0x89, 0x50, 0, 0, 1, 2, 3, 0xff]), 2, 'CS-FILE-UNREADABLE'));
  it('one empty among others is passed over', async () => {
    await cli.write({ 'a.http': '# nothing\n', 'b.http': `GET ${api.url}/b\n` });
    expect((await cli.run(['run', 'a.http', 'b.http'])).code).toBe(0);
  });

  for (const [what, encode] of [
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['BOM', (text: string) => `\ufeff${text}`],
    ['UTF-16 LE', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 BE', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ] as const) {
    it(`${what} is read as what it is`, async () => {
      await cli.write({ 'a.http': encode(`POST ${api.url}/enc\nX-A: grün\n\nbodyé\n`) });
      expect((await cli.run(['run', 'a.http'])).code).toBe(0);
      expect(seen[0]?.url).toBe('/enc');
      expect(bodies[0]?.trimEnd()).toBe('bodyé');
    });
  }

  it('50 MB, of which one request is sent', async () => {
    const filler = `### filler\nGET ${api.url}/filler\n\n`;
    await cli.write({ 'a.http': `# @name wanted\nGET ${api.url}/wanted\n\n${filler.repeat(50e6 / filler.length)}` });
    const result = await cli.run(['run', 'a.http', '--name', 'wanted']);
    expect(result.code).toBe(0);
    expect(seen.map((request) => request.url)).toEqual(['/wanted']);
  }, 120_000);
});

describe('failures of the network, each with its code', () => {
  async function check(url: string, code: string): Promise<void> {
    const result = await run(`GET ${url}\n`, ['--format', 'json']);
    expect(result.code).toBe(1);
    expect(jsonLines(result.stdout)[0]?.['error']).toMatchObject({ code });
  }

  it('refused', () => check('http://127.0.0.1:1/', 'CS-NET-REFUSED'));
  it('no such name', () => check('http://no-such-host.invalid/', 'CS-NET-DNS'));
  it('plain http where TLS is expected', () => check(api.url.replace('http:', 'https:'), 'CS-TLS-PROTOCOL'));

  it('Ctrl-C cancels what runs and sends nothing more', async () => {
    await cli.write({ 'a.http': `GET ${api.url}/never\n###\nGET ${api.url}/after\n` });
    const child = cli.start(['run', 'a.http', '--format', 'json']);
    child.stdin.end();
    const result = ended(child);
    while (seen.length === 0) await new Promise((done) => setTimeout(done, 10));
    child.kill('SIGINT');
    const { code, stdout } = await result;
    expect(code).toBe(1);
    expect(jsonLines(stdout)).toHaveLength(1);
    expect(jsonLines(stdout)[0]).toMatchObject({ error: { code: 'CS-NET-CANCELLED' } });
    expect(seen.map((request) => request.url)).toEqual(['/never']);
  });

  it('a reader that goes away ends it quietly', async () => {
    await cli.write({ 'a.http': `GET ${api.url}/x\n###\n`.repeat(200) });
    const child = cli.start(['run', 'a.http']);
    child.stdin.end();
    child.stdout.once('data', () => child.stdout.destroy());
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    await new Promise((done) => child.once('exit', done));
    expect(errors).toBe('');
  });
});
