/** `countersign credentials` as a process: with a keyring and without one, and a whole sign-in at a terminal. */
import { mkdtemp, readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Cli, hasTerminal, jsonLines } from '../../support/cli.ts';
import { playgroundCredentials, startPlayground, type RunningPlayground } from '../../support/playground.ts';

let cli: Cli;
let playground: RunningPlayground;
const key = 'k3y-4f1d9b72c6';

beforeAll(async () => {
  [cli, playground] = await Promise.all([Cli.build(), startPlayground()]);
}, 60_000);
afterAll(async () => {
  await playground.stop();
  await cli.dispose();
});

function withKeyring(more: Readonly<Record<string, string>> = {}): { readonly env: Readonly<Record<string, string>> } {
  return { env: { KEYRING_FOLDER: cli.keyring, ...more } };
}

const weather = (): string =>
  JSON.stringify({ scheme: 'apiKey', in: 'header', name: 'X-API-Key', origins: [playground.info.api] });

beforeEach(async () => {
  await cli.reset();
  const { api } = playground.info;
  await cli.write({
    'countersign.json': JSON.stringify({
      credentials: {
        ...playgroundCredentials(playground.info),
      },
    }),
    'orders.http': `# @name list\n# @auth orders\nGET ${api}/orders?limit=2\n`,
  });
});

describe('an account of VS Code', () => {
  it('is refused with the next step, by sign-in and by run, and listed', async () => {
    const { api } = playground.info;
    await cli.write({
      'countersign.json': JSON.stringify({
        credentials: { gh: { scheme: 'account', provider: 'github', scopes: ['repo'], origins: [api] } },
      }),
      'gh.http': `# @auth gh\nGET ${api}/public\n`,
    });
    for (const args of [
      ['credentials', 'sign-in', 'gh'],
      ['run', 'gh.http', '--ca', playground.info.ca],
    ]) {
      const { code, stdout, stderr } = await cli.run(args);
      expect(code).toBe(3);
      expect(stdout + stderr).toContain('CS-AUTH-ACCOUNT');
      expect(stdout + stderr).toContain('--secret NAME=ENVVAR');
      expect(stderr).not.toContain('credentials add gh');
    }
  });
});

describe('list and show', () => {
  it('list is a table', async () => {
    const { stdout, code } = await cli.run(['credentials', 'list']);
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toMatch(/^NAME +SCHEME +STATE +EXPIRES +ORIGINS$/);
    expect(stdout).toMatch(/^orders +oauth2 +/m);
  });

  it('list as JSON, one object a line', async () => {
    const { stdout } = await cli.run(['credentials', 'list', '--format', 'json']);
    expect(jsonLines(stdout).map((line) => [line['name'], line['scheme'], line['owner'], line['expires']])).toEqual([
      ['orders', 'oauth2', 'workspace', null],
      ['batch', 'oauth2', 'workspace', null],
    ]);
  });

  it('show says what it is and the hash for --pin', async () => {
    const { stdout } = await cli.run(['credentials', 'show', 'batch', '--format', 'json']);
    expect(jsonLines(stdout)[0]).toMatchObject({
      name: 'batch',
      grant: 'client_credentials',
      origins: [playground.info.api],
      pin: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
  });

  it('show of one that is not there names those that are', async () => {
    const { stderr, code } = await cli.run(['credentials', 'show', 'nope']);
    expect(code).toBe(3);
    expect(stderr).toContain('CS-DEF-UNKNOWN');
    expect(stderr).toContain('Known: orders, batch.');
  });

  it('an unknown format', async () => {
    expect((await cli.run(['credentials', 'list', '--format', 'xml'])).code).toBe(2);
  });
});

describe('add', () => {
  it('without a keyring says so, keeps nothing, and exits 2', async () => {
    const { stderr, stdout, code } = await cli.run(['credentials', 'add', 'weather', '--definition', weather()], {
      input: `${key}\n`,
    });
    expect(stderr).toContain('CS-STORE-MEMORY');
    expect(stderr).toContain('--secret NAME=ENVVAR');
    expect(code).toBe(2);
    expect(stdout + stderr).not.toContain(key);
  });

  it('keeps the secret in the keyring, and a run uses it', async () => {
    const added = await cli.run(['credentials', 'add', 'weather', '--definition', weather()], {
      input: `${key}\n`,
      ...withKeyring(),
    });
    expect(added.stderr).toBe('Kept in the keyring of this system.\n');
    expect(added.code).toBe(0);
    await cli.write({ 'w.http': `# @auth weather\nGET ${playground.info.api}/echo\n` });
    const args = ['run', 'w.http', '--ca', playground.info.ca, '--format', 'json', '--body', '--no-input'];
    const ran = await cli.run(args, withKeyring());
    expect(ran.code).toBe(0);
    expect(jsonLines(ran.stdout)[0]).toMatchObject({ credential: { name: 'weather' }, response: { status: 200 } });
    expect(ran.stdout + added.stdout).not.toContain(key);
  });

  it('refuses a definition that is none, with its code', async () => {
    for (const text of ['{', '{"scheme":"nope","origins":["https://a.example.com"]}', '{"scheme":"apiKey"}']) {
      const { stderr, code } = await cli.run(['credentials', 'add', 'x', '--definition', text], {
        input: 'y',
        ...withKeyring(),
      });
      expect(code).not.toBe(0);
      expect(stderr).toMatch(/^CS-(DEF|CLI)-/m);
    }
    expect(await readdir(cli.keyring)).toEqual([]);
  });

  it('refuses a secret in a definition, and does not repeat it', async () => {
    const text = JSON.stringify({ ...(JSON.parse(weather()) as object), value: key });
    const { stderr, stdout, code } = await cli.run(['credentials', 'add', 'x', '--definition', text], withKeyring());
    expect(code).not.toBe(0);
    expect(stdout + stderr).not.toContain(key);
  });

  it('without a secret on stdin says what is missing', async () => {
    const { stderr, code } = await cli.run(['credentials', 'add', 'weather', '--definition', weather()], withKeyring());
    expect(stderr).toContain('CS-AUTH-SECRET-MISSING');
    expect(code).toBe(3);
  });

  it('remove forgets it', async () => {
    await cli.run(['credentials', 'add', 'weather', '--definition', weather()], { input: key, ...withKeyring() });
    const removed = await cli.run(['credentials', 'remove', 'weather', '--format', 'json'], withKeyring());
    expect(jsonLines(removed.stdout)).toEqual([{ name: 'weather', removed: true }]);
    for (const file of await readdir(cli.keyring))
      expect(await readFile(join(cli.keyring, file), 'utf8')).not.toContain(key);
    expect((await cli.run(['credentials', 'show', 'weather'], withKeyring())).code).toBe(3);
  });
});

describe('what the provider says of a session', () => {
  it('of a service account: its token, nobody’s claims, and no page to sign out at', async () => {
    const env = { BATCH: playground.info.clients.confidential.client_secret };
    const given = ['batch', '--secret', 'batch=BATCH', '--ca', playground.info.ca];
    const ask = (...args: string[]) => cli.run(['credentials', ...args], withKeyring(env));
    expect((await ask('introspect', ...given)).stderr).toContain('CS-AUTH-SIGN-IN-NEEDED');
    await ask('sign-in', ...given);

    const plain = await ask('introspect', ...given);
    expect(plain).toMatchObject({ code: 0, stderr: '' });
    expect(plain.stdout).toMatch(/^The access token of batch is active at 127\.0\.0\.2:\d+, by a signed answer\.\n/);
    expect(plain.stdout).toMatch(/^scope +orders\.read$/m);
    const json = await ask('introspect', ...given, '--format', 'json');
    expect(jsonLines(json.stdout)).toMatchObject([
      { name: 'batch', token: 'access', signed: true, introspection: { active: true, scope: 'orders.read' } },
    ]);
    expect((await ask('introspect', ...given, '--token', 'id')).code).toBe(2);
    expect(await ask('introspect', ...given, '--token', 'refresh')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('batch has no refresh token.') as string,
    });

    const nobody = await ask('userinfo', ...given);
    expect(nobody).toMatchObject({ code: 1, stdout: '' });
    expect(nobody.stderr).toContain('CS-AUTH-USERINFO');

    expect((await ask('sign-out', ...given, '--wait')).code).toBe(2);
    const out = await ask('sign-out', ...given, '--at-issuer', '--format', 'json');
    expect(out.code).toBe(1);
    expect(jsonLines(out.stdout)).toMatchObject([
      {
        name: 'batch',
        signedIn: false,
        revoked: true,
        opened: false,
        why: expect.stringContaining('by a browser') as string,
      },
    ]);
    expect((await ask('introspect', ...given)).code).toBe(3);
  });

  it.runIf(hasTerminal)(
    'of a person: tokens are asked about and never printed, and the page to sign out opens',
    async () => {
      const person = withKeyring(await cli.browser(playground.info.user));
      const given = ['orders', '--ca', playground.info.ca];
      let approved = false;
      await cli.runOnTerminal(['credentials', 'sign-in', ...given], {
        ...person,
        type(screen) {
          if (approved || !screen.includes('Type yes to approve')) return undefined;
          approved = true;
          return 'yes\r';
        },
      });
      const kept = await Promise.all(
        (await readdir(cli.keyring)).map((name) => readFile(join(cli.keyring, name), 'utf8')),
      );
      const tokens = kept.join('\n').match(/(?<=")[\w.-]{40,}(?=")/g) ?? [];
      expect(tokens.length).toBeGreaterThanOrEqual(3);

      const printed: string[] = [];
      const ask = async (...args: string[]) => {
        const result = await cli.run(['credentials', ...args, '--format', 'json'], person);
        printed.push(result.stdout, result.stderr);
        return { code: result.code, line: jsonLines(result.stdout)[0] };
      };
      expect(await ask('introspect', ...given, '--token', 'refresh')).toMatchObject({
        code: 0,
        line: { token: 'refresh', introspection: { active: true } },
      });
      expect(await ask('userinfo', ...given)).toMatchObject({
        code: 0,
        line: { name: 'orders', userinfo: { sub: expect.any(String) as string, name: 'Ada Lovelace' } },
      });
      expect(await ask('sign-out', ...given, '--at-issuer')).toMatchObject({
        code: 0,
        line: { signedIn: false, revoked: true, opened: true },
      });
      for (const token of tokens) expect(printed.join('\n')).not.toContain(token);
    },
    60_000,
  );
});

describe('sign-in', () => {
  it('of a service account needs no person, and its token lasts', async () => {
    const env = { BATCH: playground.info.clients.confidential.client_secret };
    const args = ['--secret', 'batch=BATCH', '--ca', playground.info.ca];
    const signed = await cli.run(['credentials', 'sign-in', 'batch', ...args, '--format', 'json'], withKeyring(env));
    expect(signed.stderr).toBe('');
    expect(jsonLines(signed.stdout)[0]).toMatchObject({
      name: 'batch',
      signedIn: true,
      kept: 'the keyring of this system',
    });
    expect(signed.stdout).not.toContain(env.BATCH);
    const listed = await cli.run(['credentials', 'list', '--format', 'json', ...args], withKeyring(env));
    expect(jsonLines(listed.stdout)[1]).toMatchObject({
      name: 'batch',
      expires: expect.stringMatching(/^2/) as string,
    });
  });

  it('writes its trace to a file, without secrets, also when it fails', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'trace-')), 'batch-trace.txt');
    const secret = playground.info.clients.confidential.client_secret;
    const args = ['--secret', 'batch=BATCH', '--ca', playground.info.ca, '--trace', file];
    const good = await cli.run(['credentials', 'sign-in', 'batch', ...args], withKeyring({ BATCH: secret }));
    expect(good.stderr).toContain(`The trace is in ${file}, without secrets.`);
    const text = await readFile(file, 'utf8');
    expect(text).toMatch(/^Sign-in trace of batch\nclient_credentials · .* · ok\nCountersign command line/);
    expect(text).not.toContain(secret);
    if (process.platform !== 'win32') expect((await stat(file)).mode & 0o077).toBe(0);
    const bad = await cli.run(['credentials', 'sign-in', 'batch', ...args], withKeyring({ BATCH: 'wrong-secret' }));
    expect(bad.code).not.toBe(0);
    const failed = await readFile(file, 'utf8');
    expect(failed).toMatch(/· failed · CS-AUTH-CLIENT\n[\s\S]*Most likely: [\s\S]*Next: /);
    expect(failed).not.toContain('wrong-secret');
    const nowhere = await cli.run(
      ['credentials', 'sign-in', 'batch', ...args.slice(0, -1), '/nowhere/at/all.txt'],
      withKeyring({ BATCH: secret }),
    );
    expect(nowhere).toMatchObject({ code: 0 });
    expect(nowhere.stderr).toContain('was not written to /nowhere/at/all.txt (ENOENT)');
  });

  it('of a person, without a terminal, exits 3 and opens nothing', async () => {
    const { code, stderr } = await cli.run(
      ['credentials', 'sign-in', 'orders', '--ca', playground.info.ca],
      withKeyring({ BROWSER: '/bin/false' }),
    );
    expect(code).toBe(3);
    expect(stderr).toContain('CS-AUTH-SIGN-IN-NEEDED');
    expect(stderr).toContain('countersign credentials sign-in orders');
  });

  it('of what has no sign-in says so', async () => {
    await cli.run(['credentials', 'add', 'weather', '--definition', weather()], { input: key, ...withKeyring() });
    expect((await cli.run(['credentials', 'sign-in', 'weather'], withKeyring())).code).toBe(2);
  });

  it.runIf(hasTerminal)(
    'at a terminal: approve, browser, signed in; then send, list, sign out',
    async () => {
      const person = withKeyring(await cli.browser(playground.info.user));
      let answered = false;
      const signed = await cli.runOnTerminal(['credentials', 'sign-in', 'orders', '--ca', playground.info.ca], {
        ...person,
        type(screen) {
          if (answered || !screen.includes('Type yes to approve')) return undefined;
          answered = true;
          return 'yes\r';
        },
      });
      expect(signed.stdout).toContain(playground.info.api);
      expect(signed.stdout).toMatch(/orders is signed in as .+\. Kept in the keyring of this system\./);
      expect(signed.code).toBe(0);

      const args = ['--ca', playground.info.ca, '--no-input', '--format', 'json'];
      const ran = await cli.run(['run', 'orders.http', ...args], withKeyring());
      expect(ran.stderr).toBe('');
      expect(jsonLines(ran.stdout)[0]).toMatchObject({ credential: { name: 'orders' }, response: { status: 200 } });

      const listed = await cli.run(['credentials', 'list'], withKeyring());
      expect(listed.stdout).toMatch(/^orders +oauth2 +Ada Lovelace · \d+ min +\d+ min /m);

      const out = await cli.run(
        ['credentials', 'sign-out', 'orders', '--ca', playground.info.ca, '--format', 'json'],
        withKeyring(),
      );
      expect(jsonLines(out.stdout)).toEqual([{ name: 'orders', signedIn: false, revoked: true }]);
      const after = await cli.run(['run', 'orders.http', ...args], withKeyring());
      expect(after.code).toBe(3);
      expect(jsonLines(after.stdout)[0]).toMatchObject({ error: { code: 'CS-AUTH-SIGN-IN-NEEDED' } });
    },
    60_000,
  );

  it.runIf(hasTerminal)('at a terminal, not approved: nothing is opened', async () => {
    let answered = false;
    const result = await cli.runOnTerminal(['credentials', 'sign-in', 'orders', '--ca', playground.info.ca], {
      ...withKeyring({ BROWSER: '/bin/false' }),
      type(screen) {
        if (answered || !screen.includes('Type yes to approve')) return undefined;
        answered = true;
        return 'no\r';
      },
    });
    expect(result.code).toBe(3);
    expect(result.stdout).toContain('CS-BIND-APPROVAL');
    expect(result.stdout).not.toContain('Waiting for sign-in');
  });
});

describe('help', () => {
  for (const command of [
    [],
    ['run'],
    ['parse'],
    ['credentials'],
    ['credentials', 'list'],
    ['credentials', 'show'],
    ['credentials', 'add'],
    ['credentials', 'discover'],
    ['credentials', 'check'],
    ['credentials', 'sign-in'],
    ['credentials', 'sign-out'],
    ['credentials', 'introspect'],
    ['credentials', 'userinfo'],
    ['credentials', 'remove'],
  ]) {
    it(`of ${command.join(' ') || 'the program'} shows an example`, async () => {
      const { stdout, code } = await cli.run([...command, '--help']);
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`Examples?:\n +countersign ${command.join(' ')}`));
      expect(stdout).not.toContain('default: []');
    });
  }
});
