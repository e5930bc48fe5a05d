/** `countersign credentials discover` as a process, against the real playground: from a URL to an authenticated answer. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { filesBelow } from '../../../scripts/canary.ts';
import { Cli, hasTerminal, jsonLines, type Ended } from '../../support/cli.ts';
import { startPlayground, type RunningPlayground } from '../../support/playground.ts';

let cli: Cli;
let playground: RunningPlayground;
beforeAll(async () => {
  [cli, playground] = await Promise.all([Cli.build(), startPlayground()]);
}, 60_000);
afterAll(async () => {
  await playground.stop();
  await cli.dispose();
});
beforeEach(() => cli.reset());

const env = (): Record<string, string> => ({ KEYRING_FOLDER: cli.keyring });
const orders = (): string => `${playground.info.api}/orders`;
const discover = (...more: string[]): Promise<Ended> =>
  cli.run(['credentials', 'discover', orders(), '--ca', playground.info.ca, ...more], { env: env() });

/** Types once the screen asks for it. */
function answerOnce(question: string, text: string): (screen: string) => string | undefined {
  let answered = false;
  return (screen) => {
    if (answered || !screen.includes(question)) return undefined;
    answered = true;
    return text;
  };
}

async function stateText(): Promise<string> {
  const files = await filesBelow([cli.config]);
  return files.map(({ bytes }) => String(bytes)).join('\n');
}

describe('credentials discover', () => {
  it('prints what the API says and the definition that follows', async () => {
    const { stdout, stderr, code } = await discover();
    const { api, issuer } = playground.info;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok +Ask the API · 401 · loopback network · RFC 9110, 11\.6\.1$/m);
    expect(stdout).toContain(`Issuer      ${issuer} (another origin: ${new URL(issuer).origin})`);
    expect(stdout).toContain(`"issuer": "${issuer}"`);
    expect(stdout).toContain(`"origins": [\n        "${api}"`);
    expect(stderr).toContain('--register');
  });

  it('prints one JSON object, with no raw metadata in it', async () => {
    const { stdout, stderr, code } = await discover('--format', 'json');
    expect([code, stderr]).toEqual([0, '']);
    const [found] = jsonLines(stdout);
    const { api, issuer } = playground.info;
    expect(found).toMatchObject({
      url: orders(),
      status: 401,
      challenges: [{ scheme: 'Bearer', scope: ['orders.read'] }],
      resource: { resource: api, exact: false },
      issuers: [{ issuer, elsewhere: true, facts: { registration: true } }],
      proposal: { definition: { scheme: 'oauth2', issuer }, missing: ['client_id'], clients: ['own', 'registration'] },
    });
    expect(stdout).not.toContain('"server"');
  });

  it('says what is wrong, with the exit codes of the others', async () => {
    const none = ['credentials', 'discover'];
    expect((await cli.run([...none, 'ftp://x'])).code).toBe(1);
    expect((await cli.run([...none, 'http://127.0.0.1:1/'])).stderr).toContain('CS-NET-REFUSED');
    expect((await cli.run(none)).code).toBe(2);
    const untrusted = await cli.run([...none, orders()]);
    expect([untrusted.code, untrusted.stderr]).toEqual([1, expect.stringMatching(/^CS-TLS-/)]);
    expect((await discover('--add', 'a b', '--register')).stderr).toContain('CS-DEF-NAME');
    const without = await discover('--add', 'orders');
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('--register')]);
    const foreign = await discover('--add', 'orders', '--register', '--issuer', 'https://evil.example');
    expect([foreign.code, foreign.stderr]).toEqual([3, expect.stringContaining(playground.info.issuer)]);
  });

  it('A05 adds nothing and registers nothing while nobody agreed to the identity provider', async () => {
    const { code, stderr } = await discover('--add', 'orders', '--register');
    expect(code).toBe(3);
    expect(stderr).toContain('CS-BIND-APPROVAL');
    expect(stderr).toContain(`--issuer ${playground.info.issuer}`);
    expect((await cli.run(['credentials', 'list'], { env: env() })).stdout).toContain('No credential');
    expect(await filesBelow([cli.keyring])).toEqual([]);
  });

  it('adds a definition with a client of one’s own', async () => {
    const { info } = playground;
    const { client_id } = info.clients.native;
    const added = await discover(
      '--add',
      'mine',
      '--issuer',
      info.issuer,
      '--client-id',
      client_id,
      '--format',
      'json',
    );
    expect(added.code).toBe(0);
    expect(jsonLines(added.stdout)[0]).toMatchObject({
      name: 'mine',
      registered: false,
      definition: { client_id, issuer: info.issuer, scope: 'openid profile orders.read' },
    });
  });

  it('refuses a metadata document that cannot be a client, before it is asked for', async () => {
    const { info } = playground;
    const args = ['--add', 'doc', '--issuer', info.issuer, '--client-id', `${info.api}/../client`];
    const { code, stderr } = await discover(...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining('CS-AUTH-CLIENT-DOCUMENT')]);
    expect((await cli.run(['credentials', 'list'], { env: env() })).stdout).toContain('No credential');
  });

  it('a run without a credential says how to set one up', async () => {
    await cli.write({ 'orders.http': `GET ${orders()}?limit=1\n` });
    const args = ['run', 'orders.http', '--ca', playground.info.ca];
    const { stderr } = await cli.run(args, { env: env() });
    expect(stderr).toContain(`countersign credentials discover ${orders()}\n`);
  });

  it.runIf(hasTerminal)(
    'goes from nothing but a URL to an authenticated answer, and takes the client back',
    async () => {
      const { info } = playground;
      const ca = ['--ca', info.ca];
      const browser = await cli.browser(info.user);
      const answer = answerOnce('Type yes to approve', 'yes\r');
      const common = { env: { ...env(), ...browser } };
      const added = await cli.runOnTerminal(
        ['credentials', 'discover', orders(), '--add', 'orders', '--register', ...ca],
        { ...common, type: answer },
      );
      expect(added.stdout).toContain('Identity provider');
      expect(added.stdout).toContain(info.issuer);
      expect(added.stdout).toContain('Registered as ');
      expect(added.code).toBe(0);
      const signedIn = await cli.runOnTerminal(['credentials', 'sign-in', 'orders', ...ca], common);
      expect([signedIn.code, signedIn.stdout]).toEqual([0, expect.stringContaining('is signed in as')]);
      await cli.write({ 'orders.http': `# @auth orders\nGET ${orders()}?limit=1\n` });
      const ran = await cli.run(['run', 'orders.http', ...ca, '--format', 'json', '--body', '--no-input'], common);
      expect(jsonLines(ran.stdout)[0]).toMatchObject({ credential: { name: 'orders' }, response: { status: 200 } });
      const written = await stateText();
      expect(written).toContain('/reg/');
      expect(written).not.toContain('registration_access_token');
      const removed = await cli.run(['credentials', 'remove', 'orders', ...ca], common);
      expect([removed.code, removed.stderr]).toEqual([0, '']);
      expect(await stateText()).not.toContain('/reg/');
    },
  );
});
