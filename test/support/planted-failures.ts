/**
 * Servers, networks and machines that fail in one way each, by the id of the cause they have in the table. Every one is
 * a whole sign-in or refresh over TLS; `says` are words a person has to find in the trace to know what to change.
 */
import type { OAuth2Definition } from '../../src/credentials/types.ts';
import { CountersignError } from '../../src/errors/countersign-error.ts';
import { withClientCertificate } from '../../src/run/client-certificate.ts';
import { toFetch } from '../../src/http/fetch-adapter.ts';
import type { OAuthFetch } from '../../src/oauth/ports.ts';
import type { Trace } from '../../src/oauth/types.ts';
import { decodeJwt } from 'jose';
import { cibaGrant, scriptBackchannel } from './backchannel-script.ts';
import { createBench, toCredential, type Bench, type BenchOptions } from './broker-bench.ts';
import { deviceGrant, scriptDevice } from './device-script.ts';
import { answerFront, redirectByFragment } from './front-channel-idp.ts';
import { makeClient, serveHttp, serveHttps, serveProxy, trusting, type Listening } from './http-servers.ts';
import { makeEcKey } from './keys.ts';
import { followRedirect } from './loopback-browser.ts';
import { visitWithFragment } from './relay-browser.ts';
import { json, ScriptedIdp, type Script } from './scripted-idp.ts';
import { attemptSignIn } from './sign-in-attempt.ts';
import { makeTestCa, type TestCa } from './test-ca.ts';

export interface Failed {
  readonly error: CountersignError | undefined;
  readonly trace: Trace | undefined;
}

export interface Plant {
  readonly says: readonly string[];
  readonly run: (world: World) => Promise<Failed>;
}

export class World {
  readonly idp: ScriptedIdp;
  readonly ca: TestCa;
  readonly key = makeEcKey();
  readonly #servers: Listening[] = [];

  private constructor(idp: ScriptedIdp, ca: TestCa) {
    this.idp = idp;
    this.ca = ca;
  }

  static async start(): Promise<World> {
    return new World(await ScriptedIdp.start(), await makeTestCa());
  }

  /** Back to the truth. */
  async reset(): Promise<void> {
    this.idp.reset();
    for (const server of this.#servers.splice(0)) await server.close();
  }

  async stop(): Promise<void> {
    await this.reset();
    await this.idp.stop();
  }

  keep<T extends Listening>(server: T): T {
    this.#servers.push(server);
    return server;
  }
}

type Definition = Partial<OAuth2Definition>;
const jwt: Definition = { grant: 'urn:ietf:params:oauth:grant-type:jwt-bearer', scope: 'orders.read' };
const service: Definition = { grant: 'client_credentials', scope: 'orders.read' };

interface Setting {
  readonly definition?: Definition;
  readonly ports?: Partial<BenchOptions>;
  readonly browse?: (url: string, bench: Bench) => Promise<undefined>;
}

/** One sign-in at the scripted provider, whose script is this. */
function attempt({ idp }: World, script: Script, setting: Setting = {}): Promise<Failed> {
  idp.script = script;
  return attemptSignIn(idp, setting);
}

/** The token endpoint answers like this. */
const token = (status: number, body: unknown, headers: Record<string, string> = {}): Script => ({
  routes: {
    '/token': (_hit, response) =>
      typeof body === 'string'
        ? void response.writeHead(status, headers).end(body)
        : json(response, status, body, headers),
  },
});
const refused = (error: string, error_description?: string, status = 400): Script =>
  token(status, { error, ...(error_description === undefined ? {} : { error_description }) });
/** The browser comes back with an error. */
const redirected = (error: string, description?: string): Script => ({
  redirect: (parameters) => {
    parameters.delete('code');
    parameters.set('error', error);
    if (description !== undefined) parameters.set('error_description', description);
  },
});
const behind = (ms: number): Record<string, string> => ({ date: new Date(Date.now() + ms).toUTCString() });

const atToken = (
  error: string,
  description: string | undefined,
  says: readonly string[],
  setting?: Setting,
): Plant => ({
  says,
  run: (world) => attempt(world, refused(error, description), setting),
});
const atRedirect = (
  error: string,
  description: string | undefined,
  says: readonly string[],
  setting?: Setting,
): Plant => ({
  says,
  run: (world) => attempt(world, redirected(error, description), setting),
});
const client = (
  error: string,
  description: string | undefined,
  says: readonly string[],
  setting: Setting = {},
): Plant => ({
  says,
  run: (world) =>
    attempt(world, refused(error, description, 401), {
      ...setting,
      definition: { ...service, ...setting.definition },
      ports: { secret: 'plainsecret', ...setting.ports },
    }),
});
const backchannel = (says: readonly string[], change: Record<string, unknown>, poll = 'token'): Plant => ({
  says,
  run: ({ idp }) => {
    scriptBackchannel(idp, change, [poll]);
    return attemptSignIn(idp, {
      definition: cibaGrant,
      ports: { secret: 'plainsecret', delay: async () => undefined },
    });
  },
});
/** The browser ends at the address that this makes of the authorization URL. */
const front = (
  says: readonly string[],
  definition: Definition,
  toRedirect: (world: World, url: string) => Promise<string>,
  script: Script = {},
): Plant => ({
  says,
  run: (world) =>
    attempt(world, script, {
      definition,
      browse: async (url) => {
        const address = await toRedirect(world, url);
        await (address.includes('#') ? visitWithFragment(address) : followRedirect(address));
        return undefined;
      },
    }),
});
async function toSignedAnswer(
  { idp }: World,
  url: string,
  change: (claims: Record<string, unknown>) => Record<string, unknown>,
): Promise<string> {
  const { redirectUri, parameters } = await answerFront(idp, url);
  const exp = Math.floor(Date.now() / 1000) + 60;
  const claims = change({ ...Object.fromEntries(parameters), iss: idp.issuer, aud: 'cli', exp });
  return `${redirectUri}?response=${await idp.sign(claims)}`;
}
const signed = (
  error: string,
  description: string | undefined,
  says: readonly string[],
  headers: Record<string, string> = {},
): Plant => ({
  says,
  run: (world) =>
    attempt(world, token(401, { error, error_description: description }, headers), {
      definition: { ...service, token_endpoint_auth_method: 'private_key_jwt' },
      ports: { slots: { private_key: world.key.pkcs8 } },
    }),
});
const idToken = (
  claims: (truth: Record<string, unknown>) => Record<string, unknown>,
  says: readonly string[],
  setting?: Setting,
): Plant => ({
  says,
  run: (world) => attempt(world, { claims }, setting),
});

/** Through the engine's own network, with this trust and this proxy. */
function network(pems: readonly string[], proxy?: string): OAuthFetch {
  const http = makeClient();
  const tls = trusting(...pems);
  return (url, init) =>
    toFetch(http, {
      tls: withClientCertificate(tls, init.clientCertificate, () => true),
      proxy: () => (proxy === undefined ? undefined : { url: new URL(proxy) }),
    })(url, init);
}

/** A service that asks for a token at an issuer which is another server than the scripted one. */
async function elsewhere(issuer: string, fetch: OAuthFetch, ports: Partial<BenchOptions> = {}): Promise<Failed> {
  const bench = createBench({ fetch, secret: 'plainsecret', ...ports });
  const credential = toCredential({ ...service, issuer });
  const error = await bench.broker.acquire(credential, { interactive: false }).then(
    () => undefined,
    (caught: unknown) => caught as CountersignError,
  );
  return { error, trace: bench.broker.trace('orders') };
}

const badCertificate = (
  make: (ca: TestCa) => Promise<{ key: string; cert: string }>,
  trusts: boolean,
  says: readonly string[],
): Plant => ({
  says,
  run: async (world) => {
    const server = world.keep(await serveHttps(await make(world.ca), (_request, response) => void response.end('{}')));
    return elsewhere(server.url, network(trusts ? [world.ca.rootPem] : []));
  },
});

/** A refresh of a session that signed in well. */
async function refresh(world: World, script: Script): Promise<Failed> {
  const { idp } = world;
  idp.reset();
  const { bench } = await attemptSignIn(idp);
  idp.script = script;
  const credential = toCredential({ issuer: idp.issuer, scope: 'openid orders.read' });
  const error = await bench.broker.refresh(credential, {}).then(
    () => undefined,
    (caught: unknown) => caught as CountersignError,
  );
  return { error, trace: bench.broker.trace('orders') };
}

const limits = { signInMs: 400, requestMs: 400 };
/** The browser goes there, and shows what it shows. */
async function returning(url: string): Promise<undefined> {
  await followRedirect(url);
  return undefined;
}

export const plants: Readonly<Record<string, Plant>> = {
  // The way there.
  'proxy-answered': {
    says: ['proxy', 'Check the proxy of this machine'],
    run: (world) =>
      attempt(
        world,
        token(403, '<html>Access Denied by policy', {
          'content-type': 'text/html',
          server: 'squid/6.6',
          via: '1.1 gw',
        }),
      ),
  },
  dns: { says: ['check the issuer'], run: () => elsewhere('https://idp.does-not-exist.invalid', network([])) },
  'ipv6-loopback': {
    says: ['127.0.0.1'],
    run: async (world) => {
      const server = world.keep(
        await serveHttps(await world.ca.server(), (_request, response) => void response.end('{}')),
      );
      return elsewhere(`https://[::1]:${server.port}`, network([world.ca.rootPem]));
    },
  },
  'connection-refused': { says: ['see that it runs'], run: () => elsewhere('https://127.0.0.1:1', network([])) },
  timeout: {
    says: ['firewall', 'try again'],
    run: (world) =>
      attempt(world, { routes: { '/token': () => undefined } }, { ports: { limits: { requestMs: 300 } } }),
  },
  'connection-lost': {
    says: ['cuts the connection'],
    run: (world) => attempt(world, { routes: { '/token': (_hit, response) => void response.destroy() } }),
  },
  'no-route': {
    says: ['VPN'],
    run: () =>
      elsewhere('https://idp.example', () =>
        Promise.reject(
          new CountersignError('CS-NET-UNREACHABLE', 'There is no way from this machine to idp.example.', {
            facts: { host: 'idp.example' },
          }),
        ),
      ),
  },
  'proxy-refused': {
    says: ['proxy of this machine'],
    run: async (world) => {
      const proxy = world.keep(await serveProxy('Basic c29tZWJvZHk='));
      return elsewhere(world.idp.issuer, network([world.idp.ca], proxy.url));
    },
  },
  'private-ca': badCertificate((ca) => ca.server(), false, ['private authority', 'Use the CA file of its owner']),
  'certificate-self-signed': badCertificate((ca) => ca.selfSigned(), true, ['Trust this certificate']),
  'certificate-expired': badCertificate(
    (ca) => ca.server({ notBefore: new Date(Date.now() - 9e8), notAfter: new Date(Date.now() - 9e7) }),
    true,
    ['renew'],
  ),
  'certificate-of-another-host': badCertificate((ca) => ca.server({ ip: [], dns: ['shop.example.com'] }), true, [
    'Check the address',
  ]),
  'certificate-chain': badCertificate((ca) => ca.withoutIntermediate(), true, ['send the intermediate']),
  'not-tls': {
    says: ['scheme and the port'],
    run: async (world) => {
      const server = world.keep(await serveHttp((_request, response) => void response.end('{}')));
      return elsewhere(server.url.replace('http:', 'https:'), network([]));
    },
  },

  // What describes the provider.
  'issuer-mismatch': {
    says: ['write the issuer as it names itself'],
    run: (world) =>
      attempt(world, { metadata: (truth) => ({ ...truth, issuer: `${String(truth['issuer'])}/tenant` }) }),
  },
  'captive-page': {
    says: ['hotspot.example', 'sign in to the network'],
    run: (world) => {
      const away = (_hit: unknown, response: import('node:http').ServerResponse): void =>
        void response.writeHead(302, { location: 'https://hotspot.example/login?to=idp' }).end();
      return attempt(world, {
        routes: { '/.well-known/openid-configuration': away, '/.well-known/oauth-authorization-server': away },
      });
    },
  },
  'metadata-page': {
    says: ['web site', '/realms/NAME'],
    run: (world) => {
      const page = (_hit: unknown, response: import('node:http').ServerResponse): void =>
        void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome');
      return attempt(world, {
        routes: { '/.well-known/openid-configuration': page, '/.well-known/oauth-authorization-server': page },
      });
    },
  },
  'http-endpoint': {
    says: ['with https'],
    run: (world) => attempt(world, { metadata: (truth) => ({ ...truth, token_endpoint: 'http://idp.example/token' }) }),
  },
  'endpoint-preset': {
    says: ['without parameters'],
    run: (world) =>
      attempt(world, {
        metadata: (truth) => ({
          ...truth,
          authorization_endpoint: `${String(truth['issuer'])}/authorize?client_id=evil`,
        }),
      }),
  },
  'endpoint-missing': {
    says: ['Name the endpoint in the definition'],
    run: (world) => attempt(world, {}, { definition: deviceGrant }),
  },
  'issuer-without-metadata': {
    says: ['path of a tenant'],
    run: (world) => attempt(world, {}, { definition: { issuer: `${world.idp.issuer}/wrong` } }),
  },
  'endpoints-moved': {
    says: ['moved its endpoints'],
    run: async ({ idp }) => {
      const { bench } = await attemptSignIn(idp, { definition: { scope: 'orders.read' } });
      const moved = await ScriptedIdp.start();
      try {
        const [known] = [...bench.pins.entries.keys()];
        bench.pins.entries.set(known as string, { token_endpoint: moved.issuer });
        bench.sessions.entries.clear();
        await bench.broker.signOut(toCredential({ issuer: idp.issuer, scope: 'orders.read' }));
        return await attemptSignIn(idp, { bench, definition: { scope: 'orders.read' } });
      } finally {
        await moved.stop();
      }
    },
  },

  // The browser and its way back.
  'iss-missing': {
    says: ['send iss'],
    run: (world) => attempt(world, { redirect: (parameters) => parameters.delete('iss') }),
  },
  'iss-mismatch': {
    says: ['another identity provider', 'Check the issuer'],
    run: (world) => attempt(world, { redirect: (parameters) => parameters.set('iss', 'https://evil.example') }),
  },
  'redirect-mismatch': atToken('invalid_grant', 'redirect_uri does not match', [
    'Register http://127.0.0.1/cb',
    'redirect_port',
  ]),
  'pkce-verifier': atToken('invalid_grant', 'PKCE verification failed', ['code_challenge']),
  'code-reused': atToken('invalid_grant', 'authorization code was already redeemed', ['delivered twice']),
  'code-expired': atToken('invalid_grant', 'The code has expired', ['more time passed', 'without a pause']),
  'code-of-another-client': atToken('invalid_grant', 'code was issued to another client', ['Check client_id']),
  'code-refused': atToken('invalid_grant', undefined, ['compare redirect_uri']),
  'redirect-without-code': {
    says: ['response_type code'],
    run: (world) => attempt(world, { redirect: (parameters) => parameters.delete('code') }),
  },
  'redirect-malformed': {
    says: ['came twice'],
    run: (world) =>
      attempt(world, {
        redirect: (parameters) => {
          parameters.append('error', 'access_denied');
          parameters.append('error', 'access_denied');
        },
      }),
  },
  'port-taken': {
    says: ['change redirect_port'],
    run: async (world) => {
      const holder = world.keep(await serveHttp((_request, response) => void response.end()));
      return attempt(world, {}, { definition: { redirect_port: holder.port } });
    },
  },
  'no-redirect-here': {
    says: ['Set redirect to loopback or paste'],
    run: (world) => attempt(world, {}, { definition: { redirect: 'uri_handler' } }),
  },
  'browser-not-opened': {
    says: ['no browser opened', 'copy the link'],
    run: (world) => attempt(world, {}, { ports: { limits, browser: { open: () => Promise.resolve(false) } } }),
  },
  'state-mismatch': {
    says: ['drops state'],
    run: (world) =>
      attempt(
        world,
        { redirect: (parameters) => parameters.set('state', 'of-another') },
        {
          ports: { limits },
          browse: (url) => returning(world.idp.authorize(url)),
        },
      ),
  },
  'browser-never-returned': {
    says: ['Read the page in the browser', 'check client_id, the redirect http://127.0.0.1/cb and the scope'],
    run: (world) => attempt(world, {}, { ports: { limits }, browse: () => Promise.resolve(undefined) }),
  },

  // What was to be exchanged.
  'device-code-expired': {
    says: ['new code'],
    run: async ({ idp }) => {
      scriptDevice(idp, {}, ['expired_token']);
      return attemptSignIn(idp, { definition: deviceGrant, ports: { delay: () => Promise.resolve() } });
    },
  },
  'device-code-refused': {
    says: ['used already'],
    run: async ({ idp }) => {
      scriptDevice(idp, {}, ['invalid_grant']);
      return attemptSignIn(idp, { definition: deviceGrant, ports: { delay: () => Promise.resolve() } });
    },
  },
  'device-denied': {
    says: ['agree on the page'],
    run: async ({ idp }) => {
      scriptDevice(idp, {}, ['access_denied']);
      return attemptSignIn(idp, { definition: deviceGrant, ports: { delay: () => Promise.resolve() } });
    },
  },
  'pasted-refresh-token': atToken('invalid_grant', undefined, ['newer refresh token'], {
    definition: { grant: 'refresh_token' },
    ports: { slots: { refresh_token: 'rt-old' } },
  }),
  'refresh-token-reused': {
    says: ['another copy', 'instead of sharing'],
    run: (world) => refresh(world, refused('invalid_grant', 'refresh token reuse detected')),
  },
  'refresh-token-expired': { says: ['Sign in again'], run: (world) => refresh(world, refused('invalid_grant')) },
  'assertion-expired': {
    says: ['Set the clock'],
    run: (world) =>
      attempt(world, token(400, { error: 'invalid_grant', error_description: 'JWT exp is in the past' }), {
        definition: jwt,
        ports: { slots: { private_key: world.key.pkcs8 } },
      }),
  },
  'assertion-audience': {
    says: ['Set assertion_audience'],
    run: (world) =>
      attempt(world, refused('invalid_grant', 'unexpected JWT aud value'), {
        definition: jwt,
        ports: { slots: { private_key: world.key.pkcs8 } },
      }),
  },
  'assertion-refused': {
    says: ['Compare the claims'],
    run: (world) =>
      attempt(world, refused('invalid_grant', 'not acceptable'), {
        definition: jwt,
        ports: { slots: { private_key: world.key.pkcs8 } },
      }),
  },
  'subject-token-refused': atToken('invalid_grant', undefined, ['subject_token_type'], {
    definition: { grant: 'urn:ietf:params:oauth:grant-type:token-exchange', scope: 'orders.read' },
    ports: { slots: { subject_token: 'subject-token-1' } },
  }),
  'password-refused': atToken('invalid_grant', undefined, ['Enter the password again'], {
    definition: { grant: 'password', username: 'ada', scope: 'orders.read' },
    ports: { slots: { password: 'pw' }, askSecret: () => Promise.resolve('pw') },
  }),

  // The client.
  'grant-disabled': atToken('unauthorized_client', undefined, ['Allow authorization_code for the client']),
  'grant-not-offered': atToken('unsupported_grant_type', undefined, ['switched off there', 'choose another grant']),
  'dpop-nonce': {
    says: ['share their nonces'],
    run: (world) =>
      attempt(world, token(400, { error: 'use_dpop_nonce' }, { 'dpop-nonce': 'n-1' }), {
        definition: { ...service, dpop_bound_access_tokens: true },
        ports: { secret: 'plainsecret' },
      }),
  },
  'dpop-clock': {
    says: ['differ by 2 h', 'Set the clock'],
    run: (world) =>
      attempt(world, token(400, { error: 'invalid_dpop_proof' }, behind(7_200_000)), {
        definition: { ...service, dpop_bound_access_tokens: true },
        ports: { secret: 'plainsecret' },
      }),
  },
  'dpop-proof': client('invalid_dpop_proof', undefined, ['htu', 'Compare the address'], {
    definition: { dpop_bound_access_tokens: true },
  }),
  'mtls-missing': client('invalid_client', 'client certificate required', [
    'Set token_endpoint_auth_method to tls_client_auth',
  ]),
  'mtls-refused': {
    says: ['Compare subject and issuer'],
    run: async (world) => {
      const own = await world.ca.client('orders');
      return attempt(world, refused('invalid_client', 'certificate does not match', 401), {
        definition: { ...service, token_endpoint_auth_method: 'tls_client_auth' },
        ports: { slots: { private_key: `${own.cert}${own.key}` } },
      });
    },
  },
  'assertion-clock': signed('invalid_client', 'expired', ['differ by 2 h'], behind(7_200_000)),
  'client-assertion-audience': signed('invalid_client', 'wrong audience', [
    'token endpoint as aud',
    'assertion_audience',
  ]),
  'client-assertion-refused': signed('invalid_client', undefined, ['Register the public key', 'key_id']),
  'client-unknown': client('invalid_client', 'client not found', ['Check client_id']),
  'client-method': client('invalid_client', 'client authentication method not supported', [
    'token_endpoint_auth_method to the one',
  ]),
  'secret-missing': {
    says: ['Enter the client secret'],
    run: (world) => attempt(world, refused('invalid_client', undefined, 401)),
  },
  'secret-encoding': client('invalid_client', undefined, ['client_secret_basic_raw', 'unencoded'], {
    ports: { secret: 'p+a/s-s' },
  }),
  'secret-wrong': client('invalid_client', undefined, ['Enter the secret again']),
  'secret-not-here': {
    says: ['secrets never do', 'Enter it once'],
    run: (world) =>
      attempt(world, {}, { definition: { ...service, token_endpoint_auth_method: 'client_secret_post' } }),
  },
  'key-unusable': {
    says: ['Enter the key again'],
    run: (world) =>
      attempt(
        world,
        {},
        {
          definition: { ...service, token_endpoint_auth_method: 'private_key_jwt' },
          ports: { slots: { private_key: 'not a key' } },
        },
      ),
  },
  'no-common-method': {
    says: ['token_endpoint_auth_method'],
    run: (world) =>
      attempt(
        world,
        { metadata: (truth) => ({ ...truth, token_endpoint_auth_methods_supported: ['secret_handshake'] }) },
        {
          definition: service,
          ports: { secret: 'plainsecret' },
        },
      ),
  },

  // The request, the person, the policy.
  'consent-denied': atRedirect('access_denied', 'the user said no', ['agree']),
  'scope-not-registered': atRedirect('invalid_scope', undefined, ['Asked for: openid orders.read', 'Check the scope']),
  'resource-unknown': atRedirect('invalid_target', undefined, ['Check resource and audience'], {
    definition: { resource: 'https://api.example.com' },
  }),
  'authorization-details-refused': atRedirect('invalid_authorization_details', undefined, ['authorization_details'], {
    definition: { authorization_details: [{ type: 'payment' }] },
  }),
  'login-required': atRedirect('login_required', undefined, ['Take prompt out'], { definition: { prompt: 'none' } }),
  'consent-required': atRedirect('consent_required', undefined, ['Set prompt to consent'], {
    definition: { prompt: 'none' },
  }),
  'account-selection-required': atRedirect('account_selection_required', undefined, ['select_account'], {
    definition: { prompt: 'none' },
  }),
  'acr-unmet': atRedirect('unmet_authentication_requirements', undefined, ['second factor', 'acr_values'], {
    definition: { acr_values: 'phr' },
  }),
  'par-required': atRedirect('invalid_request', 'Pushed Authorization Request is required for this client', [
    'Set require_pushed_authorization_requests to true',
  ]),
  'request-uri-expired': {
    says: ['do not reload'],
    run: (world) => {
      let pushed = '';
      const routes: Script['routes'] = {
        '/par': (hit, response) => {
          pushed = hit.form.toString();
          json(response, 201, { request_uri: 'urn:ietf:params:oauth:request_uri:x', expires_in: 60 });
        },
      };
      const metadata: Script['metadata'] = (truth) => ({
        ...truth,
        pushed_authorization_request_endpoint: `${world.idp.issuer}/par`,
      });
      return attempt(
        world,
        { ...redirected('invalid_request_uri'), metadata, routes },
        { browse: () => returning(world.idp.authorize(`${world.idp.issuer}/authorize?${pushed}`)) },
      );
    },
  },
  'par-endpoint-missing': {
    says: ['require_pushed_authorization_requests out of the definition'],
    run: (world) => attempt(world, {}, { definition: { require_pushed_authorization_requests: true } }),
  },
  'request-object-required': atRedirect('invalid_request', 'Request Object is required', [
    'Set require_signed_request_object to true',
  ]),
  'request-object-refused': {
    says: ['Register the public key', 'key_id'],
    run: (world) =>
      attempt(
        world,
        { ...redirected('invalid_request_object', 'could not be validated') },
        {
          definition: { require_signed_request_object: true },
          ports: { slots: { private_key: world.key.pkcs8 } },
          browse: (url) => {
            const claims = decodeJwt(new URL(url).searchParams.get('request') ?? '') as Record<string, string>;
            return returning(world.idp.authorize(`${world.idp.issuer}/authorize?${new URLSearchParams(claims)}`));
          },
        },
      ),
  },
  'pkce-refused': atRedirect('invalid_request', 'code_challenge_method: transform algorithm not supported', [
    'PKCE with S256',
  ]),
  'pkce-missing': {
    says: ['allow S256'],
    run: (world) =>
      attempt(world, { metadata: (truth) => ({ ...truth, code_challenge_methods_supported: ['plain'] }) }),
  },
  'response-type-disabled': atRedirect('unsupported_response_type', undefined, ['Allow response_type code']),
  'step-up-unmet': {
    says: ['another method'],
    run: async ({ idp }) => {
      const bench = createBench({ fetch: idp.fetch, browse: (url) => followRedirect(idp.authorize(url)) });
      const credential = toCredential({ issuer: idp.issuer, scope: 'openid' });
      const error = await bench.broker.signIn(credential, { acrValues: 'phr' }).then(
        () => undefined,
        (caught: unknown) => caught as CountersignError,
      );
      return { error, trace: bench.broker.trace('orders') };
    },
  },
  'profile-unmet': {
    says: ['take the profile out'],
    run: (world) => attempt(world, {}, { definition: { profile: 'fapi2' } }),
  },
  busy: {
    says: ['later'],
    run: (world) => attempt(world, token(429, { error: 'slow_down' }, { 'retry-after': '60' })),
  },
  'server-error': { says: ['tell its owner'], run: (world) => attempt(world, token(502, 'x')) },

  'saml-assertion-refused': {
    says: ['Audience and Recipient', 'new assertion'],
    run: (world) =>
      attempt(world, refused('invalid_grant'), {
        definition: { grant: 'urn:ietf:params:oauth:grant-type:saml2-bearer', scope: 'orders.read' },
        ports: { slots: { assertion: '<Assertion/>' } },
      }),
  },

  // A person who is asked on a device of theirs.
  'ciba-user-unknown': backchannel(['Set login_hint'], { error: 'unknown_user_id' }),
  'ciba-binding-message': backchannel(['Set binding_message'], { error: 'invalid_binding_message' }),
  'ciba-user-code': backchannel(['backchannel_user_code_parameter'], { error: 'missing_user_code' }),
  'ciba-denied': backchannel(['said no', 'compare the text'], {}, 'access_denied'),
  'ciba-request-unknown': backchannel(['used before', 'Sign in again'], {}, 'invalid_grant'),

  // What the browser brings beside a code.
  'signed-answer-unasked': front(['Set response_mode to jwt'], {}, async (world, url) =>
    toSignedAnswer(world, url, (claims) => claims),
  ),
  'signed-answer-plain': front(['not signed', 'only if'], { response_mode: 'jwt' }, async ({ idp }, url) =>
    idp.authorize(url),
  ),
  'signed-answer-untrusted': front(['another client', 'iss, aud, exp'], { response_mode: 'jwt' }, async (world, url) =>
    toSignedAnswer(world, url, (claims) => ({ ...claims, aud: 'other' })),
  ),
  'token-in-query': front(['in its query', 'End the token'], { grant: 'implicit' }, async ({ idp }, url) =>
    (await redirectByFragment(idp, url)).replace('#', '?'),
  ),
  'front-id-token-missing': front(
    ['Allow openid for the client'],
    { grant: 'implicit' },
    async ({ idp }, url) =>
      redirectByFragment(idp, url, {
        parameters: (all) => {
          all.delete('id_token');
          all.set('iss', idp.issuer);
        },
      }),
    { metadata: (truth) => ({ ...truth, response_types_supported: ['id_token token'] }) },
  ),
  'id-token-c-hash': front(['another code'], { response_type: 'code id_token' }, async ({ idp }, url) =>
    redirectByFragment(idp, url, { claims: (truth) => ({ ...truth, c_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }) }),
  ),
  'id-token-s-hash': front(['another state'], { response_type: 'code id_token' }, async ({ idp }, url) =>
    redirectByFragment(idp, url, { claims: (truth) => ({ ...truth, s_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }) }),
  ),
  'id-token-unencrypted': {
    says: ['Register the encryption'],
    run: (world) =>
      attempt(
        world,
        {},
        {
          definition: { id_token_encrypted_response_alg: 'ECDH-ES' },
          ports: {
            slots: { decryption_key: world.key.pkcs8 },
          },
        },
      ),
  },
  'id-token-encrypted': {
    says: ['enter the decryption key'],
    run: (world) => attempt(world, { idToken: () => Promise.resolve('eyJhbGciOiJFQ0RILUVTIn0.AA.AA.AA.AA') }),
  },
  'id-token-two-people': front(
    ['different people'],
    { response_type: 'code id_token' },
    async ({ idp }, url) => redirectByFragment(idp, url),
    { claims: (truth) => ({ ...truth, sub: 'mallory' }) },
  ),

  // The ID token.
  'userinfo-sub': {
    says: ['another at its userinfo endpoint'],
    run: (world) => attempt(world, { userinfo: { sub: 'mallory' } }),
  },
  'refreshed-sub': {
    says: ['another person', 'Sign in again'],
    run: async (world) => {
      const now = Math.floor(Date.now() / 1000);
      const claims = { iss: world.idp.issuer, sub: 'mallory', aud: 'cli', iat: now, exp: now + 600 };
      const id_token = await world.idp.sign(claims);
      return refresh(world, { answer: (truth) => ({ ...truth, id_token }) });
    },
  },
  'clock-skew': {
    says: ['differ by 2 h', 'Set the clock of this machine'],
    run: (world) =>
      attempt(world, {
        claims: (truth) => ({ ...truth, iat: Number(truth['iat']) - 7200, exp: Number(truth['iat']) - 6600 }),
        routes: {
          '/.well-known/openid-configuration': (_hit, response, idp) =>
            json(response, 200, idp.metadata(), { date: new Date().toUTCString() }),
        },
        headers: behind(-7_200_000),
      }),
  },
  'auth-time-old': idToken((truth) => ({ ...truth, auth_time: 1_000_000_000 }), ['Sign in again with prompt'], {
    definition: { max_age: 60 },
  }),
  'id-token-expired': idToken((truth) => ({ ...truth, exp: Number(truth['iat']) - 600 }), ['iat, nbf and exp']),
  'id-token-missing': {
    says: ['Allow openid for the client'],
    run: (world) => attempt(world, { answer: ({ id_token: _gone, ...truth }) => truth }),
  },
  'id-token-kid': {
    says: ['keys are just being changed', 'in a minute'],
    run: (world) => attempt(world, { idToken: (claims, idp) => idp.sign(claims, { kid: 'key-9' }) }),
  },
  'id-token-crit': {
    says: ['crit has to be empty'],
    run: (world) =>
      attempt(world, {
        idToken: async (claims, idp) => {
          const whole = await idp.sign(claims);
          const header = { alg: 'ES256', kid: idp.kid, crit: ['x-unknown'], 'x-unknown': true };
          return [Buffer.from(JSON.stringify(header)).toString('base64url'), ...whole.split('.').slice(1)].join('.');
        },
      }),
  },
  'id-token-alg': {
    says: ['id_token_signed_response_alg'],
    run: (world) =>
      attempt(world, {
        idToken: (claims) => {
          const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
          return Promise.resolve(`${part({ alg: 'none' })}.${part(claims)}.`);
        },
      }),
  },
  'keys-unreadable': {
    says: ['jwks_uri'],
    run: (world) => attempt(world, { jwks: () => ({ nothing: true }) }),
  },
  'id-token-signature': {
    says: ['Check the issuer'],
    run: (world) =>
      attempt(world, {
        idToken: async (claims, idp) => {
          const [header = '', , signature = ''] = (await idp.sign({ ...claims, x: 1 })).split('.');
          return `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
        },
      }),
  },
  'id-token-nonce': idToken(
    (truth) => ({ ...truth, nonce: 'of-another' }),
    ['another sign-in', 'nonce has to be returned'],
  ),
  'id-token-aud': idToken((truth) => ({ ...truth, aud: 'another' }), ['another client', 'Check client_id']),
  'id-token-azp': idToken((truth) => ({ ...truth, aud: ['cli', 'other'], azp: 'other' }), ['Check client_id']),
  'id-token-iss': idToken((truth) => ({ ...truth, iss: 'https://evil.example' }), ['Write the issuer']),
  'id-token-at-hash': idToken((truth) => ({ ...truth, at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }), ['another access token']),
  'auth-time-missing': idToken((truth) => truth, ['max_age'], { definition: { max_age: 60 } }),
  'id-token-claim-missing': idToken(({ sub: _gone, ...truth }) => truth, ['iss, sub, aud, exp and iat']),

  // Answers that are none.
  'token-endpoint-moved': {
    says: ['Correct the endpoint'],
    run: (world) => attempt(world, token(302, '', { location: 'https://elsewhere.example/token' })),
  },
  'unregistered-error': atToken('quota_used_up', 'ask for more', ['refused the request: quota_used_up', 'last answer']),
  'html-answer': {
    says: ['web page', 'Check the token endpoint'],
    run: (world) => attempt(world, token(200, '<html>hello', { 'content-type': 'text/html' })),
  },
  'mute-400': { says: ['Check client_id, the secret and the grant'], run: (world) => attempt(world, token(400, '')) },
  'mute-403': { says: ['firewall', 'rules for client and network'], run: (world) => attempt(world, token(403, '')) },
  'endpoint-not-found': { says: ['Take the endpoint out'], run: (world) => attempt(world, token(404, '')) },
  'mute-refusal': { says: ['gave no reason'], run: (world) => attempt(world, token(406, '')) },
  'token-type': {
    says: ['missing_token_type'],
    run: (world) => attempt(world, { answer: (truth) => ({ ...truth, token_type: 'mac' }) }),
  },
  'token-bound-unasked': {
    says: ['Set dpop_bound_access_tokens to true'],
    run: (world) => attempt(world, { answer: (truth) => ({ ...truth, token_type: 'DPoP' }) }),
  },
  'token-not-bound': {
    says: ['DPoP is switched off'],
    run: (world) =>
      attempt(world, token(200, { access_token: 'at', token_type: 'Bearer', expires_in: 60 }), {
        definition: {
          ...service,
          profile: 'fapi2',
          token_endpoint_auth_method: 'private_key_jwt',
          dpop_bound_access_tokens: true,
        },
        ports: { slots: { private_key: world.key.pkcs8 } },
      }),
  },
  'answer-too-large': {
    says: ['Check the issuer and the endpoints'],
    run: (world) => attempt(world, token(200, ' '.repeat(2 * 1024 * 1024), { 'content-type': 'application/json' })),
  },
  'token-unusable': {
    says: ['Nothing was stored'],
    run: (world) => attempt(world, { answer: (truth) => ({ ...truth, access_token: 'a b' }) }),
  },
  'answer-unusable': {
    says: ['see whether a quirk fits'],
    run: (world) => attempt(world, { answer: ({ access_token: _gone, ...truth }) => truth }),
  },
};
