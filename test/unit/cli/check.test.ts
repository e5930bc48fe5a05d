/** `countersign credentials check` as a process: a team’s CI sees what its definitions are, and no secret leaves. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Cli, hasTerminal, jsonLines } from '../../support/cli.ts';
import { playgroundCredentials, startPlayground, type RunningPlayground } from '../../support/playground.ts';

let cli: Cli;
let playground: RunningPlayground;
beforeAll(async () => {
  [cli, playground] = await Promise.all([Cli.build(), startPlayground()]);
}, 60_000);
afterAll(async () => {
  await playground.stop();
  await cli.dispose();
});

interface Line {
  readonly name: string;
  readonly issuer?: string;
  readonly findings: readonly {
    code: string;
    severity: string;
    line?: number;
    url?: string;
    fix?: { changes: object };
  }[];
}

const old = { scheme: 'oauth2', grant: 'password', issuer: 'https://idp.example.com', client_id: 'c', username: 'ada' };

async function write(credentials: Readonly<Record<string, object>>): Promise<void> {
  await cli.reset();
  await cli.write({ 'countersign.json': `${JSON.stringify({ credentials }, null, 2)}\n` });
}

describe('check --probe', () => {
  beforeEach(() => write(playgroundCredentials(playground.info) as Record<string, object>));
  const command = ['credentials', 'check', 'orders', '--probe', '--ca', ''];
  const args = (): string[] => [...command.slice(0, -1), playground.info.ca];

  it('asks nobody where nobody is: exit 3, nothing is opened', async () => {
    const { code, stderr } = await cli.run(args());
    expect(code).toBe(3);
    expect(stderr).toContain('CS-AUTH-SIGN-IN-NEEDED');
    expect((await cli.run(['credentials', 'check', '--all', '--probe'])).code).toBe(2);
  });

  it.runIf(hasTerminal)('says how often one signs in, and opens nothing after a no', async () => {
    let answered = false;
    const result = await cli.runOnTerminal(args(), {
      env: { BROWSER: '/bin/false', KEYRING_FOLDER: cli.keyring },
      type(screen) {
        if (answered || !screen.includes('2  Probe')) return undefined;
        answered = true;
        return '1\r';
      },
    });
    expect(result.stdout).toMatch(/sign in 2 times as orders, and 3 times/);
    expect(result.stdout).toContain('CS-AUTH-CANCELLED');
    expect(result.code).toBe(1);
  });

  it.runIf(hasTerminal)(
    'after a yes signs in twice and says what is enforced',
    async () => {
      const person = await cli.browser(playground.info.user);
      const said = new Set<string>();
      const result = await cli.runOnTerminal(args(), {
        env: { ...person, KEYRING_FOLDER: cli.keyring },
        type(screen) {
          for (const [seen, answer] of [
            ['2  Probe', '2\r'],
            ['Type yes to approve', 'yes\r'],
          ] as const) {
            if (!screen.includes(seen) || said.has(seen)) continue;
            said.add(seen);
            return answer;
          }
          return undefined;
        },
      });
      expect(result.stdout).toMatch(/enforced +A code needs its verifier/);
      expect(result.stdout).toMatch(/NOT enforced +Redirects are compared exactly/);
      expect(result.stdout).toMatch(/enforces [56] of 7/);
      expect(result.code).toBe(1);
    },
    60_000,
  );
});

describe('check', () => {
  beforeEach(() =>
    write({ ...playgroundCredentials(playground.info), old: { ...old, origins: ['https://api.example.com'] } }),
  );

  it('compares with the metadata of the issuer and passes what has no error', async () => {
    const { stdout, code } = await cli.run([
      'credentials',
      'check',
      'orders',
      '--ca',
      playground.info.ca,
      '--format',
      'json',
    ]);
    const [line] = jsonLines(stdout) as unknown as Line[];
    expect(line?.issuer).toBe(playground.info.issuer);
    expect(line?.findings.map(({ code: one }) => one)).toContain('CS-ADV-PAR-OFFERED');
    expect(line?.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(code).toBe(0);
  });

  it('ends with 1 for an error, at its line, with the change that settles it', async () => {
    const { stdout, code } = await cli.run(['credentials', 'check', '--all', '--offline', '--format', 'json']);
    expect(code).toBe(1);
    const lines = jsonLines(stdout) as unknown as Line[];
    expect(lines.map(({ name }) => name)).toEqual(['orders', 'batch', 'old']);
    const found = lines[2]?.findings.find(({ code: one }) => one === 'CS-ADV-PASSWORD');
    expect(found).toMatchObject({
      severity: 'error',
      url: 'https://www.rfc-editor.org/rfc/rfc9700#section-2.4',
      fix: { changes: { grant: 'authorization_code', username: null } },
    });
    expect(found?.line).toBeGreaterThan(10);
  });

  it('reads as text, with a sum at the end', async () => {
    const { stdout, code } = await cli.run(['credentials', 'check', 'old', '--offline']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^old: no issuer was asked\n {2}error {3}CS-ADV-PASSWORD countersign\.json:\d+:\d+\n/);
    expect(stdout).toContain('Fix: grant: "authorization_code"; take username out');
    expect(stdout).toMatch(/1 credential: 1 error, \d+ warnings?, \d+ hints?\.\n$/);
  });

  it('says that an issuer was not reached, and judges the rest', async () => {
    await write({
      gone: { ...old, grant: 'authorization_code', issuer: 'https://127.0.0.1:9', origins: ['https://a.example'] },
    });
    const { stdout, code } = await cli.run(['credentials', 'check', 'gone', '--format', 'json']);
    const [line] = jsonLines(stdout) as unknown as Line[];
    expect(line?.findings[0]).toMatchObject({ code: 'CS-NET-REFUSED', severity: 'warning' });
    expect(code).toBe(0);
  });

  it('counts what the file itself has wrong', async () => {
    await write({
      bad: { scheme: 'oauth2', grant: 'client_credentials', client_id: 'c', origins: ['https://a.example'] },
    });
    const { stdout, code } = await cli.run(['credentials', 'check', '--all', '--offline', '--format', 'json']);
    expect((jsonLines(stdout) as unknown as Line[])[0]?.findings[0]).toMatchObject({
      code: 'CS-DEF-FIELD',
      severity: 'error',
    });
    expect(code).toBe(1);
  });

  it('wants one name or --all', async () => {
    expect((await cli.run(['credentials', 'check'])).code).toBe(2);
    expect((await cli.run(['credentials', 'check', 'old', '--all'])).code).toBe(2);
  });
});
