/** Modules of `oidcc-client-basic-certification`, and of the list that its users skip. */
import { json } from '../scripted-idp.ts';
import { broken, unsigned, withClaims, without, type Claims, type ConformanceModule } from './module.ts';

const plan = 'Basic';
const policy =
  'Signatures are verified whenever the issuer publishes keys; TLS alone is not enough where a proxy opens it.';
const refused = { plan, upstream: 'refuses', ours: 'refuses' } as const;
const fine = { plan, upstream: 'signs in', ours: 'signs in' } as const;

const claims = (name: string, deviation: string, change: (truth: Claims) => Claims): ConformanceModule => ({
  ...refused,
  name,
  deviation,
  script: () => ({ claims: change }),
});

const isAda: ConformanceModule['then'] = (_idp, _bench, { identity }) => {
  if (identity?.label !== 'Ada Lovelace') throw new Error(`known as ${identity?.label ?? 'nobody'}`);
};

export const basicModules: readonly ConformanceModule[] = [
  { ...fine, name: 'oidcc-client-test', deviation: 'nothing' },
  {
    ...fine,
    name: 'oidcc-client-test-client-secret-basic',
    deviation: 'takes the client secret in the Authorization header only',
    secret: true,
    definition: { token_endpoint_auth_method: 'client_secret_basic' },
    script: (idp) => ({
      gate: ({ headers, form }) => {
        const [id, secret = ''] = Buffer.from((headers.authorization ?? '').slice(6), 'base64')
          .toString()
          .split(':');
        const right = id === 'cli' && decodeURIComponent(secret) === idp.secret && !form.has('client_secret');
        return right ? undefined : { status: 401, body: { error: 'invalid_client' } };
      },
    }),
  },
  {
    ...refused,
    name: 'oidcc-client-test-discovery-issuer-mismatch',
    deviation: '`issuer` of the metadata is another',
    script: (idp) => ({ metadata: (truth) => ({ ...truth, issuer: `${idp.issuer}/other` }) }),
  },
  {
    ...fine,
    name: 'oidcc-client-test-idtoken-sig-rs256',
    deviation: 'signs with RS256',
    script: (_idp, keys) => ({
      metadata: (truth) => ({ ...truth, id_token_signing_alg_values_supported: ['RS256'] }),
      jwks: () => ({ keys: [keys.rsaJwk] }),
      idToken: (all) => keys.sign(all, 'RS256', { kid: 'rsa-1' }),
    }),
  },
  {
    plan,
    name: 'oidcc-client-test-idtoken-sig-none',
    deviation: 'does not sign (`alg` none), and its metadata lists none',
    upstream: 'signs in',
    ours: 'refuses',
    why: policy,
    script: () => ({
      metadata: (truth) => ({ ...truth, id_token_signing_alg_values_supported: ['ES256', 'none'] }),
      idToken: unsigned,
    }),
  },
  {
    plan,
    name: 'oidcc-client-test-invalid-sig-rs256',
    deviation: 'RS256 signature is wrong',
    upstream: 'either',
    ours: 'refuses',
    why: policy,
    script: (_idp, keys) => ({
      metadata: (truth) => ({ ...truth, id_token_signing_alg_values_supported: ['RS256'] }),
      jwks: () => ({ keys: [keys.rsaJwk] }),
      idToken: async (all) => broken(await keys.sign(all, 'RS256', { kid: 'rsa-1' })),
    }),
  },
  {
    plan,
    name: 'oidcc-client-test-invalid-sig-es256',
    deviation: 'ES256 signature is wrong',
    upstream: 'either',
    ours: 'refuses',
    why: policy,
    script: () => ({ idToken: async (all, idp) => broken(await idp.sign(all)) }),
  },
  {
    plan,
    name: 'oidcc-client-test-invalid-sig-hs256',
    deviation: 'HS256 signature is made with another secret',
    upstream: 'either',
    ours: 'refuses',
    why: 'HMAC proves nothing to a client that anyone can have: it is never taken.',
    secret: true,
    script: (_idp, keys) => ({
      metadata: (truth) => ({ ...truth, id_token_signing_alg_values_supported: ['HS256', 'ES256'] }),
      idToken: (all) => keys.sign(all, 'HS256', {}, 'another-secret-that-is-long-enough-for-it'),
    }),
  },
  {
    ...fine,
    name: 'oidcc-client-test-kid-absent-single-jwks',
    deviation: 'names no `kid`, and publishes one key',
    script: () => ({ idToken: (all, idp) => idp.sign(all, { kid: undefined }) }),
  },
  {
    plan,
    name: 'oidcc-client-test-kid-absent-multiple-jwks',
    deviation: 'names no `kid`, and publishes several keys',
    upstream: 'either',
    ours: 'refuses',
    why: 'Which key it was cannot be told, and guessing is no check.',
    script: (_idp, keys) => ({
      jwks: (truth) => ({ keys: [...truth.keys, keys.otherJwk] }),
      idToken: (all, idp) => idp.sign(all, { kid: undefined }),
    }),
  },
  claims('oidcc-client-test-invalid-iss', '`iss` is another', withClaims({ iss: 'https://evil.example' })),
  claims('oidcc-client-test-invalid-aud', '`aud` is another client', withClaims({ aud: 'another' })),
  claims('oidcc-client-test-missing-aud', '`aud` is missing', without('aud')),
  {
    ...fine,
    name: 'oidcc-client-test-valid-aud-as-array',
    deviation: '`aud` is a list of this client alone',
    script: () => ({ claims: withClaims({ aud: ['cli'] }) }),
  },
  claims('oidcc-client-test-missing-iat', '`iat` is missing', without('iat')),
  claims('oidcc-client-test-missing-sub', '`sub` is missing', without('sub')),
  claims('oidcc-client-test-nonce-invalid', '`nonce` is another', withClaims({ nonce: 'of-another-sign-in' })),
  {
    ...fine,
    name: 'oidcc-client-test-nonce-unless-code-flow',
    deviation: 'nothing; a client need not send `nonce` with a code',
    why: 'It is sent all the same.',
    then: (_idp, bench) => {
      const sent = new URL(bench.opened[0] ?? '').searchParams.get('nonce');
      if (!sent) throw new Error('no nonce was sent');
    },
  },
  {
    ...fine,
    name: 'oidcc-client-test-missing-athash',
    deviation: 'sends no `at_hash`, which is optional with a code',
    script: () => ({ claims: without('at_hash') }),
  },
  {
    ...fine,
    name: 'oidcc-client-test-userinfo-bearer-header',
    deviation: 'takes the token at userinfo in the header only',
    then: (idp) => {
      const [hit] = idp.hitsOn('/userinfo');
      if (!hit?.headers.authorization?.startsWith('Bearer ')) throw new Error('the token was not in the header');
    },
  },
  {
    ...fine,
    name: 'oidcc-client-test-userinfo-signed',
    deviation: 'answers userinfo as a signed JWT',
    then: isAda,
    script: (idp) => ({
      metadata: (truth) => ({ ...truth, userinfo_signing_alg_values_supported: ['ES256'] }),
      routes: {
        '/userinfo': async (_hit, response) => {
          const now = Math.floor(Date.now() / 1000);
          const body = { iss: idp.issuer, aud: 'cli', sub: 'ada', name: 'Ada Lovelace', iat: now, exp: now + 60 };
          response.writeHead(200, { 'content-type': 'application/jwt' }).end(await idp.sign(body));
        },
      },
    }),
  },
  {
    ...refused,
    name: 'oidcc-client-test-userinfo-invalid-sub',
    deviation: '`sub` of userinfo is another',
    script: () => ({ userinfo: { sub: 'mallory' } }),
  },
  {
    ...fine,
    name: 'oidcc-client-test-scope-userinfo-claims',
    deviation: 'gives the claims of profile and email at userinfo',
    definition: { scope: 'openid profile email' },
    script: () => ({ userinfo: { sub: 'ada', name: 'Ada Lovelace', email: 'ada@example.com' } }),
    then: isAda,
  },
  {
    plan: 'Skipped there',
    name: 'oidcc-client-test-aggregated-claims',
    deviation: 'sends claims of another source, as JWT in userinfo',
    upstream: 'signs in',
    ours: 'signs in',
    why: 'They are not read.',
    script: () => ({
      userinfo: {
        sub: 'ada',
        name: 'Ada Lovelace',
        _claim_names: { shoe: 's1' },
        _claim_sources: { s1: { JWT: 'a.b.c' } },
      },
    }),
  },
  {
    plan: 'Skipped there',
    name: 'oidcc-client-test-distributed-claims',
    deviation: 'sends the address of a source of more claims in userinfo',
    upstream: 'signs in',
    ours: 'signs in',
    why: 'The address is not fetched.',
    script: (idp) => ({
      userinfo: {
        sub: 'ada',
        name: 'Ada Lovelace',
        _claim_names: { shoe: 's1' },
        _claim_sources: { s1: { endpoint: `${idp.issuer}/claims`, access_token: 'x' } },
      },
    }),
    then: (idp) => {
      if (idp.hitsOn('/claims').length > 0) throw new Error('the address of a claim source was fetched');
    },
  },
  {
    plan: 'Skipped there',
    name: 'oidcc-client-test-discovery-openid-config',
    deviation: 'nothing: the endpoints are taken from the metadata',
    upstream: 'signs in',
    ours: 'signs in',
    script: (idp) => ({
      metadata: (truth) => ({ ...truth, token_endpoint: `${idp.issuer}/other-token` }),
      routes: {
        '/other-token': (_hit, response) =>
          json(response, 200, { access_token: 'at-1', token_type: 'Bearer', expires_in: 60 }),
      },
    }),
    definition: { scope: 'orders.read' },
  },
  {
    plan: 'Skipped there',
    name: 'oidcc-client-test-discovery-jwks-uri-keys',
    deviation: 'nothing: the keys are taken from `jwks_uri`',
    upstream: 'signs in',
    ours: 'signs in',
    then: (idp) => {
      if (idp.hitsOn('/jwks').length !== 1) throw new Error('the keys were not read once');
    },
  },
  {
    plan: 'Skipped there',
    name: 'oidcc-client-test-signing-key-rotation',
    deviation: 'signs with a new key at the second sign-in',
    upstream: 'signs in',
    ours: 'signs in',
    rounds: 2,
    script: (idp, keys) => {
      const second = (): boolean => idp.hitsOn('/token').length > 1;
      return {
        jwks: (truth) => (second() ? { keys: [keys.otherJwk] } : truth),
        idToken: (all, own) => (second() ? keys.sign(all, 'ES256', { kid: 'key-2' }) : own.sign(all)),
      };
    },
  },
  {
    plan: 'Skipped there',
    name: 'oidcc-client-test-signing-key-rotation-just-before-signing',
    deviation: 'changes its keys between metadata and token',
    upstream: 'signs in',
    ours: 'signs in',
    script: (idp, keys) => ({
      jwks: (truth) => ({ keys: idp.hitsOn('/token').length > 0 ? [...truth.keys, keys.otherJwk] : truth.keys }),
      idToken: (all) => keys.sign(all, 'ES256', { kid: 'key-2' }),
    }),
  },
  {
    plan: 'Skipped there',
    name: 'oidcc-client-test-userinfo-bearer-body',
    deviation: 'takes the token at userinfo in the body',
    upstream: 'signs in',
    ours: 'signs in',
    notDone: 'The token goes into the header only, which every issuer has to take (RFC 6750, 2.1).',
  },
  {
    plan: 'Skipped there',
    name: 'oidcc-client-test-discovery-webfinger-acct',
    deviation: 'is found from an account by WebFinger',
    upstream: 'signs in',
    ours: 'signs in',
    notDone: 'A definition names its issuer; nothing is looked up from a name of a person.',
  },
  {
    plan: 'Skipped there',
    name: 'oidcc-client-test-discovery-webfinger-url',
    deviation: 'is found from a URL by WebFinger',
    upstream: 'signs in',
    ours: 'signs in',
    notDone: 'A definition names its issuer; nothing is looked up from a name of a person.',
  },
];
