/** Modules of the FAPI plans: FAPI 1 Advanced (hybrid), FAPI 2 (PAR, DPoP, private_key_jwt), FAPI 2 Message Signing (JARM). */
import type { FrontLie } from '../front-channel-idp.ts';
import { answerAt } from './protected-api.ts';
import { broken, unsigned, withClaims, without, type Claims, type ConformanceModule } from './module.ts';
import { json, type Script, type ScriptedIdp } from '../scripted-idp.ts';

const both = (outcome: 'signs in' | 'refuses') => ({ upstream: outcome, ours: outcome }) as const;
const week = 7 * 24 * 3600;

/** A FAPI 2 issuer: pushed requests, tokens bound to a key, the client signs. */
export function fapi2(idp: ScriptedIdp, nonce: boolean): Script {
  return {
    metadata: (truth) => ({
      ...truth,
      pushed_authorization_request_endpoint: `${idp.issuer}/par`,
      require_pushed_authorization_requests: true,
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      dpop_signing_alg_values_supported: ['ES256'],
    }),
    routes: {
      '/par': ({ form, headers }, response) => {
        if (nonce && !hasNonce(headers['dpop'])) {
          return json(response, 400, { error: 'use_dpop_nonce' }, { 'dpop-nonce': 'n-1' });
        }
        const request_uri = `urn:ietf:params:oauth:request_uri:${Buffer.from(form.toString()).toString('base64url')}`;
        return json(response, 201, { request_uri: request_uri.slice(0, 2000), expires_in: 60 });
      },
    },
    gate: ({ form, headers }) => {
      const signed = form.get('client_assertion_type') === 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
      if (!signed) return { status: 401, body: { error: 'invalid_client' } };
      if (headers['dpop'] === undefined) return { status: 400, body: { error: 'invalid_dpop_proof' } };
      if (nonce && !hasNonce(headers['dpop'])) {
        return { status: 400, body: { error: 'use_dpop_nonce' }, headers: { 'dpop-nonce': 'n-1' } };
      }
      return undefined;
    },
    answer: (truth) => ({ ...truth, token_type: 'DPoP' }),
  };
}

function hasNonce(proof: string | string[] | undefined): boolean {
  const [, claims = ''] = String(proof).split('.');
  return Buffer.from(claims, 'base64url').toString().includes('"nonce":"n-1"');
}

const strict = {
  profile: 'fapi2',
  token_endpoint_auth_method: 'private_key_jwt',
  dpop_bound_access_tokens: true,
} as const;
const fapi = (
  name: string,
  deviation: string,
  outcome: 'signs in' | 'refuses',
  change?: (truth: Script) => Script,
  nonce = true,
): ConformanceModule => ({
  plan: 'FAPI 2',
  name,
  deviation,
  ...both(outcome),
  definition: strict,
  script: (idp) => {
    const truth = fapi2(idp, nonce);
    return change ? { ...truth, ...change(truth) } : truth;
  },
});
const token = (name: string, deviation: string, claims: (truth: Claims) => Claims): ConformanceModule =>
  fapi(name, deviation, 'refuses', () => ({ claims }));
const hybrid = (
  name: string,
  deviation: string,
  lie: FrontLie | ((idp: ScriptedIdp) => FrontLie),
  outcome: 'signs in' | 'refuses' = 'refuses',
): ConformanceModule => ({
  plan: 'FAPI 1 Advanced',
  name,
  deviation,
  ...both(outcome),
  front: 'hybrid',
  definition: { response_type: 'code id_token' },
  lie: (idp) => (typeof lie === 'function' ? lie(idp) : lie),
});
const jarm = (name: string, deviation: string, lie: (idp: ScriptedIdp) => FrontLie): ConformanceModule => ({
  plan: 'FAPI 2 Message Signing',
  name: `fapi2-message-signing-final-client-test-${name}`,
  deviation,
  ...both('refuses'),
  front: 'jarm',
  definition: { response_mode: 'jwt' },
  script: () => ({
    metadata: (truth) => ({
      ...truth,
      response_modes_supported: ['jwt'],
      authorization_signing_alg_values_supported: ['ES256', 'none'],
    }),
  }),
  lie,
});

export const fapiModules: readonly ConformanceModule[] = [
  hybrid('fapi1-advanced-final-client-test', 'nothing', {}, 'signs in'),
  fapi('fapi2-security-profile-final-client-test-happy-path', 'nothing; asks for a DPoP nonce', 'signs in'),
  fapi(
    'fapi2-security-profile-final-client-test-happy-path-no-dpop-nonce',
    'asks for no DPoP nonce',
    'signs in',
    undefined,
    false,
  ),
  hybrid('fapi1-advanced-final-client-test-invalid-signature', 'signature of the first ID token is wrong', (idp) => ({
    sign: async (claims) => broken(await idp.sign(claims)),
  })),
  {
    ...fapi(
      'fapi2-security-profile-final-client-test-invalid-alternate-alg',
      'signs with another algorithm than announced',
      'refuses',
    ),
    script: (idp, keys) => ({
      ...fapi2(idp, true),
      jwks: (truth) => ({ keys: [...truth.keys, keys.rsaJwk] }),
      idToken: (claims) => keys.sign(claims, 'RS256', { kid: 'rsa-1' }),
    }),
  },
  fapi('fapi2-security-profile-final-client-test-invalid-null-alg', 'does not sign (`alg` none)', 'refuses', () => ({
    idToken: unsigned,
  })),
  token('fapi2-security-profile-final-client-test-invalid-missing-iss', '`iss` is missing', without('iss')),
  token('fapi2-security-profile-final-client-test-invalid-missing-aud', '`aud` is missing', without('aud')),
  token(
    'fapi2-security-profile-final-client-test-invalid-secondary-aud',
    '`aud` names a second client, without `azp`',
    withClaims({ aud: ['cli', 'another'] }),
  ),
  token(
    'fapi2-security-profile-final-client-test-invalid-expired-exp',
    '`exp` has passed',
    withClaims({ exp: 1_700_000_000 }),
  ),
  token('fapi2-security-profile-final-client-test-invalid-missing-exp', '`exp` is missing', without('exp')),
  hybrid('fapi1-advanced-final-client-test-iat-is-week-in-past', '`iat` of the first ID token is a week ago', {
    claims: (truth) => ({ ...truth, iat: Number(truth['iat']) - week }),
  }),
  token(
    'fapi2-security-profile-final-client-test-invalid-nonce',
    '`nonce` is another',
    withClaims({ nonce: 'of-another' }),
  ),
  token('fapi2-security-profile-final-client-test-invalid-missing-nonce', '`nonce` is missing', without('nonce')),
  hybrid('fapi1-advanced-final-client-test-invalid-chash', '`c_hash` is that of another code', {
    claims: withClaims({ c_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }),
  }),
  hybrid('fapi1-advanced-final-client-test-missing-chash', '`c_hash` is missing', { claims: without('c_hash') }),
  hybrid('fapi1-advanced-final-client-test-invalid-shash', '`s_hash` is that of another state', {
    claims: withClaims({ s_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }),
  }),
  {
    ...hybrid('fapi1-advanced-final-client-test-invalid-missing-shash', '`s_hash` is missing', {
      claims: without('s_hash'),
    }),
    ours: 'signs in',
    why: 'Only FAPI 1 knows `s_hash`; `state` itself is compared, byte by byte.',
  },
  fapi(
    'fapi2-security-profile-final-client-test-ensure-authorization-response-with-invalid-state-fails',
    '`state` of the redirect is another',
    'refuses',
    () => ({
      redirect: (parameters) => parameters.set('state', 'of-another'),
    }),
  ),
  fapi(
    'fapi2-security-profile-final-client-test-ensure-authorization-response-with-invalid-missing-state-fails',
    '`state` of the redirect is missing',
    'refuses',
    () => ({
      redirect: (parameters) => parameters.delete('state'),
    }),
  ),
  fapi(
    'fapi2-security-profile-final-client-test-invalid-authorization-response-iss',
    '`iss` of the redirect is another',
    'refuses',
    () => ({
      redirect: (parameters) => parameters.set('iss', 'https://evil.example'),
    }),
  ),
  fapi(
    'fapi2-security-profile-final-client-test-remove-authorization-response-iss',
    '`iss` of the redirect is missing though promised',
    'refuses',
    () => ({
      redirect: (parameters) => parameters.delete('iss'),
    }),
  ),
  jarm('ensure-jarm-signature-is-not-none', 'the signed answer is not signed (`alg` none)', () => ({ sign: unsigned })),
  jarm('ensure-jarm-with-invalid-sig-fails', 'its signature is wrong', (idp) => ({
    sign: async (claims) => broken(await idp.sign(claims)),
  })),
  jarm('ensure-jarm-with-expired-exp-fails', 'its `exp` has passed', () => ({
    claims: withClaims({ exp: 1_700_000_000 }),
  })),
  jarm('ensure-jarm-without-exp-fails', 'its `exp` is missing', () => ({ claims: without('exp') })),
  jarm('ensure-jarm-with-invalid-aud-fails', 'its `aud` is another client', () => ({
    claims: withClaims({ aud: 'another' }),
  })),
  jarm('ensure-jarm-without-aud-fails', 'its `aud` is missing', () => ({ claims: without('aud') })),
  jarm('ensure-jarm-with-invalid-iss-fails', 'its `iss` is another', () => ({
    claims: withClaims({ iss: 'https://evil.example' }),
  })),
  jarm('ensure-jarm-without-iss-fails', 'its `iss` is missing', () => ({ claims: without('iss') })),
  fapi(
    'fapi1-advanced-final-client-test-no-scope-in-token-endpoint-response',
    'says no scope with the token',
    'signs in',
    () => ({
      answer: ({ scope: _gone, ...truth }) => ({ ...truth, token_type: 'DPoP' }),
    }),
  ),
  fapi(
    'fapi2-security-profile-final-client-test-token-endpoint-response-without-expires_in',
    'says no `expires_in`',
    'signs in',
    () => ({
      answer: ({ expires_in: _gone, ...truth }) => ({ ...truth, token_type: 'DPoP' }),
    }),
  ),
  fapi(
    'fapi2-security-profile-final-client-test-token-type-case-insensitivity',
    'spells `token_type` as dPoP',
    'signs in',
    () => ({
      answer: (truth) => ({ ...truth, token_type: 'dPoP' }),
    }),
  ),
  {
    ...fapi(
      'fapi2-security-profile-final-client-test-rs-dpop-auth-scheme-case-insensitivity',
      'the API spells its scheme as dPoP',
      'signs in',
    ),
    then: (_idp, bench, session) => answerAt(bench, session, 'dPoP'),
  },
];
