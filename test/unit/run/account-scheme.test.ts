/** Accounts of VS Code as credentials, through the whole engine and over real sockets: who is asked, when, and where it goes. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { account } from '../../../src/credentials/schemes/account.ts';
import { Secret } from '../../../src/credentials/secret.ts';
import type { AccountDefinition, AccountSource, NamedDefinition } from '../../../src/credentials/types.ts';
import { CountersignError } from '../../../src/errors/countersign-error.ts';
import { loadCredentialState } from '../../../src/run/credential-state.ts';
import { createEngineFixture, type EngineFixture, type FixtureOptions } from '../../support/engine.ts';
import { serveHttp, type Listening } from '../../support/http-servers.ts';

const token = 'gho_8c41d7e2f0b94aa6';
let server: Listening;
let other: Listening;
const arrived: { port: string; authorization: string | undefined }[] = [];
const fixtures: EngineFixture[] = [];

function answer(request: IncomingMessage, response: ServerResponse): void {
  arrived.push({
    port: (request.headers.host ?? '').split(':')[1] ?? '',
    authorization: request.headers.authorization,
  });
  const to = new URL(request.url ?? '/', 'http://x').searchParams.get('to');
  if (to) response.writeHead(302, { location: to }).end();
  else response.end('ok');
}

beforeAll(async () => {
  server = await serveHttp(answer);
  other = await serveHttp(answer);
});
afterAll(async () => {
  await server.close();
  await other.close();
});
afterEach(async () => {
  arrived.length = 0;
  for (const fixture of fixtures.splice(0)) await fixture.dispose();
});

interface Accounts extends AccountSource {
  readonly calls: string[];
}

/** @param signedIn whether there is a session that may be used without a question */
function accountsWith(signedIn: boolean, give = token): Accounts {
  const calls: string[] = [];
  let usable = signedIn;
  const session = { accessToken: new Secret(give, 'token of the github account'), account: 'octo\u202ecat' };
  return {
    calls,
    find: ({ provider, scopes }) => {
      calls.push(`find ${provider} ${scopes.join(' ')}`);
      return Promise.resolve(usable ? session : undefined);
    },
    acquire: ({ provider, scopes }) => {
      calls.push(`acquire ${provider} ${scopes.join(' ')}`);
      usable = true;
      return Promise.resolve(session);
    },
  };
}

async function fixtureWith(options: FixtureOptions, more: Partial<AccountDefinition> = {}): Promise<EngineFixture> {
  const fixture = createEngineFixture(options);
  fixtures.push(fixture);
  const definition: AccountDefinition = {
    scheme: 'account',
    provider: 'github',
    scopes: ['repo', 'read:user'],
    origins: [server.url],
    ...more,
  };
  await fixture.vault.saveDefinition('gh', definition);
  return fixture;
}

const gh = async (fixture: EngineFixture): Promise<NamedDefinition> =>
  (await fixture.vault.find('gh', undefined)) as NamedDefinition;

describe('the scheme account', () => {
  it('sends the token of a session that is there, and asks nobody', async () => {
    const accounts = accountsWith(true);
    const result = await (await fixtureWith({ accounts })).send(`# @auth gh\nGET ${server.url}/user`);
    expect(result.error).toBeUndefined();
    expect(arrived).toEqual([{ port: new URL(server.url).port, authorization: `Bearer ${token}` }]);
    expect(accounts.calls).toEqual(['find github repo read:user']);
    expect(result.credential).toMatchObject({ scheme: 'account', identity: { label: 'octo⟪U+202E⟫cat' } });
    expect(JSON.stringify(result.request)).not.toContain(token);
  });

  it('asks VS Code for a session when a person has sent the request', async () => {
    const accounts = accountsWith(false);
    const result = await (await fixtureWith({ accounts })).send(`# @auth gh\nGET ${server.url}/user`);
    expect(result.exchange?.response.status).toBe(200);
    expect(accounts.calls).toEqual(['find github repo read:user', 'acquire github repo read:user']);
  });

  it('asks nobody when nobody is there', async () => {
    const accounts = accountsWith(false);
    const fixture = await fixtureWith({ accounts, interactive: false });
    const result = await fixture.send(`# @auth gh\nGET ${server.url}/user`);
    expect(result.error?.code).toBe('CS-AUTH-SIGN-IN-NEEDED');
    expect(accounts.calls).toEqual(['find github repo read:user']);
    expect(arrived).toEqual([]);
  });

  it('is looked at without a question, for lens and tree', async () => {
    const accounts = accountsWith(false);
    const fixture = await fixtureWith({ accounts });
    expect(await loadCredentialState(await gh(fixture), fixture)).toMatchObject({ kind: 'not-signed-in' });
    await fixture.send(`# @auth gh\nGET ${server.url}/user`);
    const state = await loadCredentialState(await gh(fixture), fixture);
    expect(state).toMatchObject({ kind: 'signed-in', short: 'octo⟪U+202E⟫cat' });
    expect(accounts.calls.filter((call) => call.startsWith('acquire'))).toHaveLength(1);
  });

  it('goes to its origins only, and not along with a redirect', async () => {
    const accounts = accountsWith(true);
    const fixture = await fixtureWith({ accounts });
    const refused = await fixture.send(`# @auth gh\nGET ${other.url}/user`);
    expect(refused.error?.code).toBe('CS-BIND-ORIGIN');
    expect(accounts.calls).toEqual([]);
    await fixture.send(`# @auth gh\nGET ${server.url}/?to=${other.url}/stolen`);
    expect(arrived.at(-1)).toEqual({ port: new URL(other.url).port, authorization: undefined });
  });

  it('a proposal of a file asks for approval before VS Code is looked at', async () => {
    const accounts = accountsWith(true);
    const fixture = createEngineFixture({ accounts, approves: false });
    fixtures.push(fixture);
    const text = JSON.stringify({
      credentials: { gh: { scheme: 'account', provider: 'github', scopes: ['repo'], origins: [server.url] } },
    });
    fixture.vault.setWorkspaceDefinitions('/project', { file: '/project/countersign.json', text });
    const result = await fixture.send(`# @auth gh\nGET ${server.url}/user`);
    expect(result.error?.code).toBe('CS-BIND-APPROVAL');
    expect(accounts.calls).toEqual([]);
    expect(fixture.asked[0]?.lines).toContainEqual({ label: 'provider', value: 'github' });
  });

  it('gives its token to {{$auth.token}} under the same checks', async () => {
    const fixture = await fixtureWith({ accounts: accountsWith(true) });
    const text = (url: string): string => `GET ${url}/user\nAuthorization: token {{$auth.token("gh")}}`;
    await fixture.send(text(server.url));
    expect(arrived[0]?.authorization).toBe(`token ${token}`);
    expect((await fixture.send(text(other.url))).error?.code).toBe('CS-BIND-ORIGIN');
    expect(arrived).toHaveLength(1);
  });

  it('says what to do where there is no VS Code', async () => {
    const fixture = await fixtureWith({});
    const result = await fixture.send(`# @auth gh\nGET ${server.url}/user`);
    expect(result.error).toMatchObject({ code: 'CS-AUTH-ACCOUNT' });
    expect(result.error?.next).toMatch(/in VS Code.*--secret NAME=ENVVAR/);
    expect(await loadCredentialState(await gh(fixture), fixture)).toMatchObject({ short: 'needs VS Code' });
  });

  it('sends no token that would break out of its header, and does not quote it', async () => {
    const fixture = await fixtureWith({ accounts: accountsWith(true, 'a\r\nX-Evil: 1') });
    const result = await fixture.send(`# @auth gh\nGET ${server.url}/user`);
    expect(result.error?.code).toBe('CS-AUTH-TOKEN');
    expect(result.error?.message).not.toContain('Evil');
    expect(arrived).toEqual([]);
  });

  it('passes on why there was no session', async () => {
    const accounts = accountsWith(false);
    accounts.acquire = () => Promise.reject(new CountersignError('CS-AUTH-CANCELLED', 'No consent.'));
    const result = await (await fixtureWith({ accounts })).send(`# @auth gh\nGET ${server.url}/user`);
    expect(result.error).toMatchObject({ code: 'CS-AUTH-CANCELLED' });
  });
});

describe('a definition of an account', () => {
  const problems = (provider: string): readonly string[] =>
    account.check({ scheme: 'account', provider, origins: ['https://api.example.com'] }).map(({ message }) => message);

  it.each(['github', 'microsoft', 'vscode-samples.auth0_eu', '{{provider}}'])('takes %s', (provider) => {
    expect(problems(provider)).toEqual([]);
  });
  it.each(['git hub', 'a\nb', '../x', 'x'.repeat(101)])('refuses %j as no id', (provider) => {
    expect(problems(provider)).toEqual(['“provider” is no id of a provider.']);
  });
  it.each(['countersign', 'Countersign'])('refuses %s: the binding of another credential would be left', (provider) => {
    expect(problems(provider)[0]).toMatch(/is Countersign itself/);
  });
});
