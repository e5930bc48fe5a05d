/**
 * What a cloned workspace and a hostile API try with what runs beside a request: a secret in an assertion, the cookies of another site by way of a redirect, a raw key that is taken for the name of a scheme.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/credentials/secret.ts';
import { CookieJar } from '../../src/run/cookie-jars.ts';
import { toCurl } from '../../src/convert/exporters/curl.ts';
import { toRequestText } from '../../src/setup/request-text.ts';
import { createEngineFixture, type EngineFixture } from '../support/engine.ts';
import { serveHttp, type Listening } from '../support/http-servers.ts';

const canary = 'canary-7e41b09d5fa2c683';
const spread = canary.split('').join('_');
const files = { '/project/http-client.private.env.json': JSON.stringify({ dev: { apiKey: canary } }) };

let server: Listening;
const fixtures: EngineFixture[] = [];

function answer(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
}

beforeAll(async () => {
  server = await serveHttp(answer);
});
afterAll(() => server.close());
afterEach(async () => {
  for (const fixture of fixtures.splice(0)) await fixture.dispose();
});

function engine(): EngineFixture {
  const fixture = createEngineFixture({ files });
  fixtures.push(fixture);
  return fixture;
}

describe('W10 a secret of the environment', () => {
  it.each([
    `?? js '{{apiKey}}'.split('').join('_') == 1`,
    `?? js apiKey.toString().split('').join('_') == 1`,
    `?? js 1 == {{apiKey}}\n?? js '{{copy}}'.split('').join('_') == 1`,
    `{{\n  exports.out = String(apiKey).split('').join('_');\n  console.log(exports.out, copy + '');\n}}`,
  ])('is not read by %s', async (script) => {
    const text = `@copy = x{{apiKey}}\n\n### one\nGET ${server.url}/a\n\n${script}\n`;
    const result = await engine().send(text, { environments: ['dev'] });
    expect(result.exchange?.response.status).toBe(200);
    const said = JSON.stringify([result.tests, result.log, result.notes, result.error?.message]);
    expect(said).not.toContain(spread);
    expect(said).not.toContain(canary);
  });
  it('in an expression is said to be refused', async () => {
    const text = `### one\nGET ${server.url}/a\n\n?? js '{{apiKey}}'.length == 1\n`;
    const result = await engine().send(text, { environments: ['dev'] });
    expect(result.tests[0]).toMatchObject({ passed: false, message: expect.stringContaining('secret') as string });
  });
  it('is compared all the same where it is no code', async () => {
    const text = `### one\nGET ${server.url}/a\n\n?? body ok != {{apiKey}}\n`;
    const result = await engine().send(text, { environments: ['dev'] });
    expect(result.tests.map(({ passed }) => passed)).toEqual([true]);
  });
});

describe('what an assertion says of a value that is cut', () => {
  it('holds no beginning of a secret', async () => {
    const long = canary.repeat(20);
    const fixture = engine();
    fixture.redactor.register(new Secret(long, 'token'));
    const tokenServer = await serveHttp((_, response) => response.end(long));
    const result = await fixture.send(`### one\nGET ${tokenServer.url}/a\n\n?? body == 1\n?? ${long} == 1\n`);
    await tokenServer.close();
    expect(result.tests.map(({ passed }) => passed)).toEqual([false, false]);
    expect(JSON.stringify(result.tests)).not.toContain(canary);
  });
});

describe('a request that is sent as nobody', () => {
  it('carries no key, cookie or secret that its file writes by hand', async () => {
    const headers: string[] = [];
    const api = await serveHttp((request, response) => {
      headers.push(...request.rawHeaders);
      response.end();
    });
    const lines = ['X-API-Key: by-hand-1', 'Cookie: sid=by-hand-2', 'X-Who: {{apiKey}}', 'X-Plain: stays'];
    const text = `### one\nGET ${api.url}/a\n${lines.join('\n')}\n`;
    await engine().send(text, { environments: ['dev'], as: 'none' });
    await api.close();
    expect(headers.join('\n')).toContain('stays');
    expect(headers.join('\n')).not.toMatch(/by-hand|canary/);
  });
});

describe('the secret of a literal Digest or AWS header', () => {
  it.each([
    ['Digest svc:secret-of-digest-81', 'secret-of-digest-81'],
    ['Digest svc secret-of-digest-82', 'secret-of-digest-82'],
    ['AWS AKIDEXAMPLE secret-of-aws-83 token:session-of-aws-84 region:eu-west-1 service:s3', 'secret-of-aws-83'],
    ['AWS AKIDEXAMPLE secret-of-aws-83 token:session-of-aws-84 region:eu-west-1 service:s3', 'session-of-aws-84'],
  ])('of %s is in nothing that is shown: %s', async (value, secret) => {
    const sent: string[] = [];
    const api = await serveHttp((request, response) => {
      sent.push(request.rawHeaders.join('\n'));
      const challenge = { 'www-authenticate': 'Digest realm="r", nonce="n1", qop="auth", algorithm=SHA-256' };
      const refused = value.startsWith('Digest') && request.headers.authorization === undefined;
      response.writeHead(refused ? 401 : 200, refused ? challenge : {}).end(`you said ${secret}`);
    });
    const fixture = engine();
    const shown: unknown[] = [];
    const result = await fixture.send(`### one\nGET ${api.url}/a\nAuthorization: ${value}\n\n?? body == 1\n`, {
      observer: { onRequest: (request) => shown.push(request), onAuthorized: (text) => shown.push(text) },
    });
    await api.close();
    expect(result.exchange?.response.status).toBe(200);
    expect(sent.at(-1)).toMatch(/Digest username="svc"|AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/);
    const { request, credential, notes, tests, trace, error } = result;
    const curl = request && toCurl(request, credential && { name: credential.name, definition: undefined });
    const told = JSON.stringify([shown, request, credential, notes, tests, trace, error, curl]);
    expect(told).not.toContain(secret);
    expect(fixture.redactor.redact(`x ${secret} y`)).not.toContain(secret);
  });
});

describe('a pasted command', () => {
  it('brings no variable into the first request', () => {
    const text = toRequestText(
      {
        method: 'POST',
        url: 'https://api.example.com/a?x={{$processEnv HOME}}&y={{apiKey}}',
        headers: [
          ['X-Who', '{{$dotenv KEY}}'],
          ['Accept', '*/*'],
        ],
        body: '{"a":"{{apiKey}}"}',
      },
      'orders',
    );
    expect(text).not.toContain('{{');
    expect(text).toContain('Accept: */*');
  });
});

describe('W04 a network share', () => {
  const shares = ['\\\\evil\\share\\x', '//evil/share/x', '/\\evil\\share\\x', '\\/evil/share/x'];
  it.each(
    shares.flatMap((share) => [[`< ${share}.js`], [`\n< ${share}.json`], [`\n> ${share}.js`], [`\n>>! ${share}.json`]]),
  )('is not even looked at for %j', async (line) => {
    const asked: string[] = [];
    const fixture = engine();
    const reader = fixture.deps.files as { exists: (path: string) => Promise<boolean> };
    const exists = reader.exists.bind(reader);
    reader.exists = (path) => {
      asked.push(path);
      return exists(path);
    };
    const before = line.startsWith('<');
    const text = `### one\n${before ? `${line}\n` : ''}POST ${server.url}/a\n${before ? '' : `${line}\n`}`;
    await fixture.send(text);
    expect(asked.filter((path) => path.includes('evil'))).toEqual([]);
  });
});

describe('a key without a scheme', () => {
  it.each([canary, '{{apiKey}}', `${canary} more`])('%s is no name of a scheme', async (value) => {
    const result = await engine().send(`### one\nGET ${server.url}/a\nAuthorization: ${value}\n`, {
      environments: ['dev'],
    });
    expect(result.exchange?.response.status).toBe(200);
    const said = JSON.stringify([result.credential, result.request]);
    expect(said).not.toContain(canary.slice(0, 10));
  });
});

describe('A11 cookies after another site led here', () => {
  const bank = new URL('https://bank.example.com/pay');
  async function jar(): Promise<CookieJar> {
    const made = new CookieJar();
    const lines = [
      'strict=1111; SameSite=Strict',
      'lax=2222; SameSite=Lax',
      'plain=3333',
      'none=4444; SameSite=None; Secure',
    ];
    made.keep(
      new URL('https://bank.example.com/'),
      lines.map((line) => ['set-cookie', line]),
      () => undefined,
    );
    await made.attachment(bank, []);
    return made;
  }
  const names = async (made: CookieJar, from: string, method: string): Promise<string[]> => {
    const found = await made.attachment(bank, [], { from: [new URL(from)], method });
    return (found?.cookies ?? []).map(({ name }) => name).sort();
  };
  it.each([
    ['https://evil.example.org/', 'GET', ['lax', 'none', 'plain']],
    ['https://evil.example.org/', 'POST', ['none']],
    ['https://api.example.com/', 'POST', ['lax', 'none', 'plain', 'strict']],
    ['http://bank.example.com/', 'POST', ['none']],
  ])('%s by %s', async (from, method, expected) => {
    expect(await names(await jar(), from, method)).toEqual(expected);
  });
});
