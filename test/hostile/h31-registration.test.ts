/**
 * H31: identity providers that register another client than was asked for, hand out secrets that cannot be used, or want
 * the registration token sent elsewhere. The whole engine, against a scripted provider that counts what reaches it.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { NamedDefinition, OAuth2Definition } from '../../src/credentials/types.ts';
import { Secret } from '../../src/credentials/secret.ts';
import { toProposal } from '../../src/oauth/api-discovery/proposal.ts';
import type { ClientSetUp, NewClient } from '../../src/run/client-setup.ts';
import { createEngineFixture, type EngineFixture } from '../support/engine.ts';
import { json, ScriptedIdp } from '../support/scripted-idp.ts';

let idp: ScriptedIdp;
let elsewhere: ScriptedIdp;
let engine: EngineFixture;
let clients: ClientSetUp;
const secret = 'registered-s3cret-9d1f';
const token = 'reg-t0ken-77aa31c9';

beforeAll(async () => {
  [idp, elsewhere] = await Promise.all([ScriptedIdp.start(), ScriptedIdp.start()]);
  engine = createEngineFixture({ ca: [idp.ca, elsewhere.ca] });
  clients = await engine.clients();
});
afterEach(() => {
  idp.reset();
  elsewhere.reset();
});
afterAll(async () => {
  await engine.dispose();
  await Promise.all([idp.stop(), elsewhere.stop()]);
});

interface Answer {
  readonly status?: number;
  /** Over the true answer; null takes a member out. */
  readonly change?: Readonly<Record<string, unknown>>;
  readonly body?: string;
  readonly methods?: readonly string[];
}

/** The request to the registration endpoint as it came. */
const bodies: Record<string, unknown>[] = [];

function script({ status = 201, change = {}, body, methods }: Answer): void {
  bodies.length = 0;
  idp.script = {
    metadata: (truth) => ({
      ...truth,
      registration_endpoint: `${idp.issuer}/register`,
      ...(methods ? { token_endpoint_auth_methods_supported: methods } : {}),
    }),
    routes: {
      '/orders': (_hit, response) => void response.writeHead(401, { 'www-authenticate': 'Bearer scope="a"' }).end(),
      '/.well-known/oauth-protected-resource': (_hit, response) =>
        json(response, 200, { resource: idp.issuer, authorization_servers: [idp.issuer] }),
      '/register': (hit, response) => {
        const asked = JSON.parse(hit.body) as Record<string, unknown>;
        bodies.push(asked);
        const truth = {
          ...asked,
          client_id: 'made-4711',
          registration_client_uri: `${idp.issuer}/register/4711`,
          registration_access_token: token,
        };
        const answer = Object.fromEntries(
          Object.entries<unknown>({ ...truth, ...change }).filter(([, value]) => value !== null),
        );
        if (body === undefined) json(response, status, answer);
        else response.writeHead(status, { 'content-type': 'application/json' }).end(body);
      },
      '/register/4711': (hit, response) => void response.writeHead(hit.method === 'DELETE' ? 204 : 405).end(),
    },
  };
}

async function register(answer: Answer, proposed: Partial<OAuth2Definition> = {}): Promise<NewClient> {
  script(answer);
  const found = await engine.discoverApi(`${idp.issuer}/orders`);
  const proposal = toProposal(found);
  if (!proposal?.issuer) throw new Error('nothing was proposed');
  return clients.register(proposal.issuer, { ...(proposal.definition as OAuth2Definition), ...proposed });
}

async function refused(answer: Answer): Promise<void> {
  await expect(register(answer)).rejects.toMatchObject({ code: 'CS-AUTH-REGISTRATION' });
}

describe('H31 a registration', () => {
  it('is asked for as a public client with redirects to this machine, once', async () => {
    const { definition, client } = await register({});
    expect(idp.hitsOn('/register')).toHaveLength(1);
    expect(bodies[0]).toEqual({
      client_name: 'Countersign',
      application_type: 'native',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: [`http://127.0.0.1:${definition.redirect_port}/cb`, 'http://127.0.0.1/cb'],
      token_endpoint_auth_method: 'none',
      scope: 'a',
    });
    expect(definition).toMatchObject({ client_id: 'made-4711', token_endpoint_auth_method: 'none' });
    expect(client.warnings).toEqual([]);
  });
  it.each<[string, unknown]>([
    ['another', ['https://evil.example/cb']],
    ['one more', 'MORE'],
    ['another port', ['http://127.0.0.1:1/cb']],
    ['another path', ['http://127.0.0.1/cb/']],
    ['a custom scheme', ['evil:/cb']],
    ['none', []],
    ['text', 'http://evil.example/'],
    ['no text', [7]],
  ])('with %s of the redirects is refused', async (_what, redirects) => {
    const own = ['http://127.0.0.1/cb', 'https://evil.example/cb'];
    await refused({ change: { redirect_uris: redirects === 'MORE' ? own : redirects } });
    // It is there, and nobody wants it.
    expect(idp.hitsOn('/register/4711').map(({ method }) => method)).toEqual(['DELETE']);
  });
  it.each<[string, Record<string, unknown>]>([
    ['a secret that has ended', { client_secret: secret, client_secret_expires_at: 1 }],
    ['a secret that ends at no time', { client_secret: secret, client_secret_expires_at: 'soon' }],
    ['a secret with a line break', { client_secret: 'a\r\nX-Evil: 1' }],
    ['a secret beyond ASCII', { client_secret: 'sécret' }],
    ['a secret of 100 kB', { client_secret: 'x'.repeat(100_000) }],
    ['a secret that is no text', { client_secret: { a: 1 } }],
    ['no client_id', { client_id: null }],
    ['a client_id with a line break', { client_id: 'a\r\nb' }],
    ['another grant', { grant_types: ['implicit'] }],
    ['a method that needs a secret, and none', { token_endpoint_auth_method: 'client_secret_basic' }],
    ['a method that needs a key', { token_endpoint_auth_method: 'private_key_jwt' }],
    ['a method nobody knows', { token_endpoint_auth_method: 'telepathy' }],
    ['an error with the status of success', { error: 'invalid_client_metadata' }],
  ])('with %s is refused', (_what, change) => refused({ change }));
  it.each<[string, Answer]>([
    ['401', { status: 401, body: '{"error":"invalid_token"}' }],
    ['400', { status: 400, body: '{"error":"invalid_redirect_uri","error_description":"<img> [x](command:y)"}' }],
    ['a page', { status: 200, body: '<html>' }],
    ['a list', { status: 201, body: '[]' }],
    ['a redirect', { status: 307, body: '' }],
  ])('answered by %s is refused', async (_what, answer) => {
    const error = await register(answer).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'CS-AUTH-REGISTRATION' });
    expect((error as Error).message).not.toContain('command:');
    expect(idp.hitsOn('/register')).toHaveLength(1);
  });
  it('is not followed to another origin', async () => {
    script({});
    idp.script.routes!['/register'] = (_hit, response) =>
      void response.writeHead(307, { location: `${elsewhere.issuer}/register` }).end();
    const found = await engine.discoverApi(`${idp.issuer}/orders`);
    const definition = toProposal(found)?.definition as OAuth2Definition;
    await expect(clients.register(found.issuers[0]!, definition)).rejects.toMatchObject({
      code: 'CS-AUTH-REGISTRATION',
    });
    expect(elsewhere.hits).toEqual([]);
  });
  it('may be answered by 200, and by a secret that `none` does not need', async () => {
    const { definition, client } = await register({ status: 200, change: { client_secret: secret } });
    expect(definition.token_endpoint_auth_method).toBeUndefined();
    expect(client.clientSecret?.reveal()).toBe(secret);
    expect(client.warnings.join()).toContain('both are kept');
  });
  it('may give a secret that ends later', async () => {
    const end = Math.floor(Date.now() / 1000) + 3600;
    const change = {
      client_secret: secret,
      client_secret_expires_at: end,
      token_endpoint_auth_method: 'client_secret_post',
    };
    const { client, definition } = await register({ change });
    expect([client.secretExpiresAt, definition.token_endpoint_auth_method]).toEqual([end * 1000, 'client_secret_post']);
  });
  it('sends an initial access token to the registration endpoint, and shows it nowhere', async () => {
    script({});
    const found = await engine.discoverApi(`${idp.issuer}/orders`);
    const initialAccessToken = new Secret('initial-t0ken-5150', 'initial access token');
    const definition = toProposal(found)?.definition as OAuth2Definition;
    const made = await clients.register(found.issuers[0]!, definition, { initialAccessToken });
    expect(idp.hitsOn('/register')[0]?.headers.authorization).toBe('Bearer initial-t0ken-5150');
    expect(JSON.stringify(made.steps)).not.toContain('initial-t0ken');
  });
  it('shows neither secret nor token in its trace', async () => {
    const change = { client_secret: secret, token_endpoint_auth_method: 'client_secret_basic' };
    const { steps } = await register({ change });
    const shown = JSON.stringify(steps);
    expect(shown).toContain('made-4711');
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain(token);
  });
  it('of a provider that knows only keys is not asked for', async () => {
    await refused({ methods: ['private_key_jwt', 'tls_client_auth'] });
    expect(idp.hitsOn('/register')).toEqual([]);
  });
});

describe('H31 the token for a registration', () => {
  async function kept(answer: Answer, name: string): Promise<NamedDefinition<OAuth2Definition>> {
    const made = await register(answer);
    await engine.vault.saveDefinition(name, made.definition);
    const named = (await engine.vault.find(name, undefined)) as NamedDefinition<OAuth2Definition>;
    await clients.keep(named, made);
    return named;
  }
  it.each<[string, unknown]>([
    ['another host', () => `${elsewhere.issuer}/register/4711`],
    ['another scheme', () => `http://127.0.0.1:${new URL(idp.issuer).port}/register/4711`],
    ['a user name', () => idp.issuer.replace('https://', 'https://user@') + '/register/4711'],
    ['no address', () => 'not an address'],
    ['a file', () => 'file:///etc/passwd'],
  ])('is not kept and never sent when it is to go to %s', async (what, uri) => {
    const name = `to-${what.replaceAll(' ', '-')}`;
    const named = await kept({ change: { registration_client_uri: (uri as () => string)() } }, name);
    expect(await engine.vault.findSecret(named, 'registration_access_token')).toBeUndefined();
    idp.hits.length = 0;
    expect(await clients.forget(named)).toBeUndefined();
    await engine.vault.removeCredential(named);
    expect([idp.hits, elsewhere.hits]).toEqual([[], []]);
  });
  it('is sent to its own provider alone when the credential is removed', async () => {
    const named = await kept({}, 'removed');
    expect((await engine.vault.findSecret(named, 'registration_access_token'))?.reveal()).toBe(token);
    expect(JSON.stringify([...engine.state.values])).not.toContain(token);
    idp.hits.length = 0;
    expect(await clients.forget(named)).toBeUndefined();
    const [deletion] = idp.hits;
    expect(deletion).toMatchObject({ method: 'DELETE', path: '/register/4711' });
    expect(deletion?.headers.authorization).toBe(`Bearer ${token}`);
    await engine.vault.removeCredential(named);
    expect([...(await engine.secrets.keys())].filter((key) => key.includes('removed'))).toEqual([]);
  });
  it('is not used while another credential has the same client', async () => {
    const named = await kept({}, 'first');
    await engine.vault.saveDefinition('second', named.definition);
    idp.hits.length = 0;
    expect(await clients.forget(named)).toBeUndefined();
    expect(idp.hits).toEqual([]);
    const second = (await engine.vault.find('second', undefined)) as NamedDefinition<OAuth2Definition>;
    await engine.vault.removeCredential(second);
    await engine.vault.removeCredential(named);
  });
  it('goes along when the credential is renamed', async () => {
    const named = await kept({}, 'before');
    await engine.vault.renameCredential(named, 'after');
    const renamed = (await engine.vault.find('after', undefined)) as NamedDefinition<OAuth2Definition>;
    idp.hits.length = 0;
    expect(await clients.forget(renamed)).toBeUndefined();
    expect(idp.hits.map(({ method, path }) => `${method} ${path}`)).toEqual(['DELETE /register/4711']);
    await engine.vault.removeCredential(renamed);
  });
  it('need not be there: what is known of the client is kept all the same', async () => {
    const end = Math.floor(Date.now() / 1000) + 3600;
    const change = {
      client_secret: secret,
      client_secret_expires_at: end,
      token_endpoint_auth_method: 'client_secret_basic',
      registration_client_uri: null,
      registration_access_token: null,
    };
    const named = await kept({ change }, 'unmanaged');
    expect(await clients.about(named)).toMatchObject({ secretExpiresAt: end * 1000 });
    idp.hits.length = 0;
    expect(await clients.forget(named)).toBeUndefined();
    expect(idp.hits).toEqual([]);
    expect(await clients.about(named)).toBeUndefined();
    await engine.vault.removeCredential(named);
  });
  it('that is refused leaves a sentence, and the credential goes all the same', async () => {
    const named = await kept({}, 'stays');
    idp.script.routes!['/register/4711'] = (_hit, response) => void response.writeHead(503).end();
    expect(await clients.forget(named)).toMatch(/keeps the registration of the client \(status 503\)/);
    idp.script.routes!['/register/4711'] = (_hit, response) => void response.destroy();
    expect(await clients.forget(named)).toMatch(/did not answer/);
    await engine.vault.removeCredential(named);
    expect(await engine.vault.find('stays', undefined)).toBeUndefined();
  });
});
