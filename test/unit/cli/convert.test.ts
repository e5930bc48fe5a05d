/** `countersign convert` as a process: what it writes is run by a shell with curl and by Python, against a real server. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Cli } from '../../support/cli.ts';
import { serveHttp, type Listening } from '../../support/http-servers.ts';

interface Arrived {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let cli: Cli;
let server: Listening;
let arrived: Arrived[];

beforeAll(async () => {
  cli = await Cli.build();
  server = await serveHttp((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      arrived.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      if (url === '/token') response.setHeader('content-type', 'application/json');
      response.end(url === '/token' ? '{"access_token":"made","token_type":"Bearer"}' : 'ok');
    });
  });
}, 60_000);
afterAll(async () => {
  await server.close();
  await cli.dispose();
});
beforeEach(async () => {
  arrived = [];
  await cli.reset();
});

const has = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0;
const hasCurl = has('curl', '--version');
const hasRequests = has('python3', '-c', 'import requests');
const hasOAuth = has('/usr/bin/python3', '-c', 'import requests, requests_oauthlib');

/** The server answers in this process, so the program may not block it. */
async function execute(program: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
  const child = spawn(program, args, { cwd: cli.work, env: { ...process.env, NO_PROXY: '*', ...env }, stdio: 'pipe' });
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  child.stdout.resume();
  const [code] = (await once(child, 'close')) as [number | null];
  expect(told.includes('Traceback') ? told : code, told).toBe(0);
}

const origin = (): string => `http://127.0.0.1:${server.port}`;

function project(): Readonly<Record<string, string>> {
  const origins = [origin()];
  return {
    'countersign.json': JSON.stringify({
      credentials: {
        key: { scheme: 'apiKey', in: 'header', name: 'X-Key', origins },
        'query-key': { scheme: 'apiKey', in: 'query', name: 'k', origins },
        staff: { scheme: 'basic', username: "o'brien", origins },
        robot: {
          scheme: 'oauth2',
          grant: 'client_credentials',
          client_id: 'robot',
          token_endpoint: `${origin()}/token`,
          scope: 'a b',
          origins,
        },
      },
    }),
    'a.http': [
      `@host = ${origin()}`,
      '### It’s $HOME `id` "quoted"',
      '# @auth key',
      'POST {{host}}/a?x=1 HTTP/1.1',
      'Content-Type: text/plain',
      'X-Odd: it\'s $(id) `id` \\ "x"',
      '',
      "first 'line' $HOME",
      'é 😀 \\n',
      '### two',
      '# @auth query-key',
      'GET {{host}}/b',
      '### three',
      '# @auth staff',
      'GET {{host}}/c',
      '',
    ].join('\n'),
  };
}

const secrets = { KEY: 'k-1', QUERY_KEY: 'k-2', STAFF: 'k-3' };

function expectAll(): void {
  const [first, second, third] = arrived;
  expect(first).toMatchObject({
    method: 'POST',
    url: '/a?x=1',
    headers: { 'x-key': 'k-1', 'x-odd': `it's $(id) \`id\` \\ "x"`, 'content-type': 'text/plain' },
  });
  expect(first?.body).toBe("first 'line' $HOME\né 😀 \\n");
  expect(second).toMatchObject({ method: 'GET', url: '/b?k=k-2' });
  expect(third?.headers.authorization).toBe(`Basic ${Buffer.from("o'brien:k-3").toString('base64')}`);
}

describe('curl', () => {
  it.skipIf(!hasCurl)('is what a shell sends as it was written', async () => {
    await cli.write(project());
    const { stdout, code } = await cli.run(['convert', 'a.http', '--to', 'curl']);
    expect(code).toBe(0);
    await writeFile(join(cli.work, 'a.sh'), `set -e\n${stdout}`);
    await execute('sh', ['a.sh'], secrets);
    expectAll();
  });

  it('says which token a request needs, and names no secret', async () => {
    await cli.write({ ...project(), 'b.http': `# @auth robot\nGET ${origin()}/b\n` });
    const { stdout, stderr } = await cli.run(['convert', 'b.http', '--to', 'curl']);
    expect(stdout).toContain('-H "Authorization: Bearer $ROBOT"');
    expect(stderr).toContain('environment variable ROBOT');
  });
});

describe('python', () => {
  it.skipIf(!hasRequests)('is a program that sends it as it was written', async () => {
    await cli.write(project());
    const { code } = await cli.run(['convert', 'a.http', '--to', 'python', '--output', 'a.py']);
    expect(code).toBe(0);
    await execute('python3', ['a.py'], secrets);
    expectAll();
  });

  it('signs a service in by requests_oauthlib', async () => {
    await cli.write({ ...project(), 'b.http': `# @auth robot\nGET ${origin()}/b\n` });
    const { stdout, code } = await cli.run(['convert', 'b.http', '--to', 'python', '--output', 'b.py']);
    expect([code, stdout]).toEqual([0, '']);
    if (!hasOAuth) return;
    await execute('/usr/bin/python3', ['b.py'], { ROBOT: 'k-4', OAUTHLIB_INSECURE_TRANSPORT: '1' });
    expect(arrived[0]).toMatchObject({ url: '/token', body: 'grant_type=client_credentials&scope=a+b' });
    expect(arrived[0]?.headers.authorization).toBe(`Basic ${Buffer.from('robot:k-4').toString('base64')}`);
    expect(arrived[1]?.headers.authorization).toBe('Bearer made');
  });
});

describe('bad input', () => {
  it('names what there is to convert to', async () => {
    await cli.write(project());
    const { code, stderr, stdout } = await cli.run(['convert', 'a.http', '--to', 'cobol']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('curl, python');
  });

  it('places an unknown variable, and a credential that may not go there; nothing is written', async () => {
    await cli.write({
      ...project(),
      'c.http': 'GET http://x/{{nobody}}\n',
      'd.http': '# @auth key\nGET https://elsewhere.example/\n',
    });
    const unknown = await cli.run(['convert', 'c.http', '--to', 'curl', '--output', 'c.sh']);
    expect(unknown.stderr).toContain('c.http:1:');
    expect(unknown.stderr).toContain('CS-VAR-UNKNOWN');
    const refused = await cli.run(['convert', 'd.http', '--to', 'curl']);
    expect(refused.stderr).toContain('CS-BIND-ORIGIN');
    expect(refused.stdout).toBe('');
  });

  it('writes no secret of a private environment, nor one that stands in the file', async () => {
    const canary = 'canary-0b7d2c9e4f5a6183';
    await cli.write({
      'http-client.private.env.json': JSON.stringify({ dev: { apiKey: canary } }),
      'e.http': `GET ${origin()}/?k={{apiKey}}\nX-Key: {{apiKey}}\n\n### literal\nGET ${origin()}/\nAuthorization: Bearer ${canary}x\n`,
    });
    for (const to of ['curl', 'python']) {
      const { stdout, stderr, code } = await cli.run(['convert', 'e.http', '--to', to, '--env', 'dev']);
      expect(code, stderr).toBe(0);
      expect(stdout + stderr).not.toContain(canary);
      expect(stdout).toMatch(/API_?KEY/);
    }
    expect(arrived).toEqual([]);
  });
});
