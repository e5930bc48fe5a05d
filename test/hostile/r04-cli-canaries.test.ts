/**
 * A whole session at the command line with a secret of every kind, then a search for each of them in everything it
 * wrote, printed and showed to other processes: plain, base64, base64url, hex and URL-encoded (auth.md R04). And two
 * command lines that renew the same session at once (S03).
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { filesBelow, findSecrets } from '../../scripts/canary.ts';
import { Cli, ended, hasTerminal, jsonLines, type Ended } from '../support/cli.ts';
import { playgroundCredentials, startPlayground, type RunningPlayground } from '../support/playground.ts';

let cli: Cli;
let playground: RunningPlayground;
let printed: string;

const canaries = {
  password: 'canary-p4ssword/+ü-3c1f7a90',
  token: 'canary-t0ken-81d2c4e6f0a9b357',
  variable: 'canary-priv4te-value-55aa77cc',
};

beforeAll(async () => {
  [cli, playground] = await Promise.all([Cli.build(), startPlayground({ accessTokenTtl: 2 })]);
}, 60_000);
afterAll(async () => {
  await playground.stop();
  await cli.dispose();
});

beforeEach(async () => {
  await cli.reset();
  printed = '';
  const { api, apiKey } = playground.info;
  await cli.write({
    'countersign.json': JSON.stringify({
      credentials: {
        ...playgroundCredentials(playground.info),
        weather: { scheme: 'apiKey', in: 'header', name: apiKey.header, origins: [api] },
        query: { scheme: 'apiKey', in: 'query', name: apiKey.query, origins: [api] },
        old: { scheme: 'basic', username: 'svc', origins: [api] },
        ci: { scheme: 'bearer', origins: [api] },
      },
    }),
    'all.http': [
      `# @auth batch\nGET ${api}/orders?limit=1`,
      `# @auth batch\nGET ${api}/echo`,
      `# @auth weather\nGET ${api}/echo?of=weather`,
      `# @auth query\nGET ${api}/echo?of=query`,
      `# @auth query\nGET ${api}/redirect?to=${encodeURIComponent(`${api}/echo`)}`,
      `# @auth old\nPOST ${api}/echo\nContent-Type: application/json\n\n{"x": "{{private}}"}`,
      `# @auth ci\nGET ${api}/status/401`,
      `# @auth ci\nGET ${api}/echo/{{private}}/{{unknown}}`,
      `GET http://127.0.0.1:1/{{private}}`,
      `GET ${api}/echo\nX-Private: {{private}}\n\n> {%\n client.test("{{private}} of " + response.status, () => { client.assert(false, JSON.stringify(response.body)); });\n client.log(JSON.stringify(response.body));\n%}`,
      '',
    ].join('\n\n###\n'),
    'orders.http': `# @auth orders\nGET ${api}/orders?limit=1\n\n###\n# @auth orders\nGET ${api}/echo\n`,
    'http-client.env.json': JSON.stringify({ dev: { host: api } }),
  });
  // What a person keeps in the private file is theirs to keep there: the search leaves that one file out.
  await cli.write({ 'http-client.private.env.json': JSON.stringify({ dev: { private: canaries.variable } }) });
});

function environment(): Record<string, string> {
  const { clients, apiKey } = playground.info;
  return {
    KEYRING_FOLDER: cli.keyring,
    BATCH: clients.confidential.client_secret,
    KEY: apiKey.value,
    PASSWORD: canaries.password,
    TOKEN: canaries.token,
    COUNTERSIGN_DEBUG: '1',
    NODE_DEBUG: '',
  };
}

const secretOptions = ['batch=BATCH', 'weather=KEY', 'query=KEY', 'old=PASSWORD', 'ci=TOKEN'].flatMap((pair) => [
  '--secret',
  pair,
]);

/** Runs it, and looks at its arguments as any process of this machine could, while it runs. */
async function session(args: readonly string[], input?: string): Promise<Ended> {
  const child = cli.start([...args, '--ca', playground.info.ca], { env: environment() });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input ?? '');
  const shown = await readFile(`/proc/${String(child.pid)}/cmdline`, 'utf8').catch(() => '');
  const result = await ended(child);
  printed += `${shown}\n${result.stdout}\n${result.stderr}\n`;
  return result;
}

async function check(secrets: Readonly<Record<string, string>>): Promise<void> {
  const files = (await filesBelow([cli.home])).filter(({ place }) => !place.endsWith('http-client.private.env.json'));
  expect(files.length).toBeGreaterThan(3);
  expect(findSecrets(secrets, [...files, { place: 'what was printed', bytes: Buffer.from(printed) }], ['svc'])).toEqual(
    [],
  );
}

const given = (): Record<string, string> => ({
  ...canaries,
  apiKey: playground.info.apiKey.value,
  clientSecret: playground.info.clients.confidential.client_secret,
});

/** What the keyring holds of tokens: strings of JSON that look like one. */
async function tokensInKeyring(): Promise<Record<string, string>> {
  const tokens: Record<string, string> = {};
  for (const file of await readdir(cli.keyring)) {
    const text = await readFile(join(cli.keyring, file), 'utf8');
    for (const [, value] of text.matchAll(/"([A-Za-z0-9_-]{40,}(?:\.[A-Za-z0-9_-]+){0,2})"/g)) {
      if (value !== undefined && !/^[0-9a-f]{64}$/.test(value))
        tokens[`token ${String(Object.keys(tokens).length)}`] = value;
    }
  }
  return tokens;
}

describe('R04 canaries of a whole session', () => {
  for (const format of [['text'], ['json', '--body'], ['junit']]) {
    it(`R04 run --format ${format.join(' ')}`, async () => {
      const args = [
        'run',
        'all.http',
        '--env',
        'dev',
        ...secretOptions,
        '--format',
        ...format,
        '--output',
        'report.txt',
      ];
      await session(args);
      await session(args.slice(0, -2));
      const report = await readFile(join(cli.work, 'report.txt'), 'utf8');
      expect(report).toContain(
        format[0] === 'json' ? '"status":200' : format[0] === 'junit' ? '<testsuite ' : 'passed',
      );
      expect(printed).toContain('••••');
      await check({ ...given(), ...(await tokensInKeyring()) });
    });
  }

  it('R04 the search finds what is there', async () => {
    printed = `x ${Buffer.from(`svc:${canaries.password}`).toString('base64')} y`;
    await expect(check(canaries)).rejects.toThrow();
    printed = '';
    await cli.write({ 'planted.txt': canaries.token });
    await expect(check(canaries)).rejects.toThrow();
  });

  it('R04 credentials add, show, list, remove, and their failures', async () => {
    await session(['credentials', 'add', 'weather'], `${given()['apiKey'] ?? ''}\n`);
    const definition = JSON.stringify({ scheme: 'bearer', origins: [playground.info.api] });
    await session(['credentials', 'add', 'own', '--definition', definition], canaries.token);
    await session(['credentials', 'list', '--format', 'json']);
    await session(['credentials', 'show', 'own']);
    await session(['run', 'all.http', '--as', 'own', '--env', 'dev', '--format', 'json', '--body']);
    await session(['credentials', 'remove', 'own']);
    await session(['credentials', 'add', 'bad', '--definition', '{'], canaries.token);
    await check(given());
  });

  it.runIf(hasTerminal)(
    'R04 S03 a sign-in, renewals by two processes at once, and a sign-out',
    async () => {
      const browser = await cli.browser(playground.info.user);
      let answered = false;
      const signed = await cli.runOnTerminal(['credentials', 'sign-in', 'orders', '--ca', playground.info.ca], {
        env: { ...environment(), ...browser },
        type(screen) {
          if (answered || !screen.includes('Type yes to approve')) return undefined;
          answered = true;
          return 'yes\r';
        },
      });
      expect(signed.code).toBe(0);
      printed += signed.stdout;
      const tokens: Record<string, string> = {};
      for (let round = 0; round < 5; round++) {
        for (const token of Object.values(await tokensInKeyring()))
          tokens[`${String(round)} ${token.slice(0, 6)}`] = token;
        // Access tokens last two seconds here: each round both have to renew, and the issuer watches for reuse.
        await new Promise((done) => setTimeout(done, 2100));
        const args = ['run', 'orders.http', '--format', 'json', '--body', '--no-input'];
        const both = await Promise.all([session(args), session(args)]);
        for (const { stdout, code } of both) {
          expect(code, stdout).toBe(0);
          for (const line of jsonLines(stdout)) expect(line['response']).toMatchObject({ status: 200 });
        }
      }
      expect(Object.keys(tokens).length).toBeGreaterThan(4);
      const out = await session(['credentials', 'sign-out', 'orders', '--format', 'json']);
      expect(jsonLines(out.stdout)).toEqual([{ name: 'orders', signedIn: false, revoked: true }]);
      await check({ ...tokens, userPassword: playground.info.user.password });
    },
    120_000,
  );
});
