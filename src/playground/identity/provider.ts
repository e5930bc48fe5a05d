/**
 * Puts the identity provider together: oidc-provider with our clients, people, pages and storage. The pages a browser
 * opens are on plain http on the loopback address (RFC 8252 §8.3 allows it for development), so that nobody meets a
 * certificate warning; all else is HTTPS. The metadata says which is where.
 */
import Provider from 'oidc-provider';
import type { Configuration } from 'oidc-provider';
import type { JSONWebKeySet } from 'jose';
import { Approvals } from './approvals.ts';
import { acr, createPolicy } from './assurance.ts';
import { allScopes, clientIds, isPracticeRedirect, toClients } from './clients.ts';
import { show, toFeatures } from './features.ts';
import { issuedClaims, registerGrants } from './grants.ts';
import type { GrantContext } from './grants.ts';
import type { IdentityOptions } from './identity-options.ts';
import { createImplicit, implicitMark } from './implicit.ts';
import { askForOffline, createMetadata } from './metadata.ts';
import { failurePage } from './pages.ts';
import { findPerson, toClaims, toPeople } from './people.ts';
import type { People } from './people.ts';
import { toPublicKeys } from './public-keys.ts';
import { createJwtVerifier, createTokenLookup, keepJwtAccessTokens } from './token-format.ts';
import type { VerifyJwt } from './token-format.ts';

export interface Identity {
  readonly provider: Provider;
  readonly people: People;
  readonly approvals: Approvals;
  readonly keys: JSONWebKeySet;
  readonly verifyAccessToken: VerifyJwt;
}

const day = 86_400;

function toConfiguration(options: IdentityOptions, people: People, approvals: Approvals): Configuration {
  const { secrets, store, accessTokenTtl } = options;
  const suffix = new URL(options.issuer).port;
  return {
    adapter: (model) => store.adapter(model),
    clients: toClients(secrets),
    jwks: { keys: secrets.issuerKeys },
    features: toFeatures(options, people, approvals),
    scopes: allScopes,
    acrValues: Object.values(acr),
    claims: {
      openid: ['sub'],
      profile: ['name', 'given_name', 'family_name', 'preferred_username', 'roles'],
      email: ['email', 'email_verified'],
      acr: null,
      auth_time: null,
      iss: null,
      sid: null,
    },
    clientAuthMethods: [
      'none',
      'client_secret_basic',
      'client_secret_post',
      'client_secret_jwt',
      'private_key_jwt',
      'tls_client_auth',
    ],
    responseTypes: ['code', 'code id_token', 'id_token', 'none'],
    // The cookies of one address are shared by all its ports; the port in the name keeps two playgrounds apart.
    cookies: {
      keys: [secrets.cookieKey],
      names: {
        session: `playground_session_${suffix}`,
        interaction: `playground_interaction_${suffix}`,
        resume: `playground_resume_${suffix}`,
      },
    },
    clientBasedCORS: () => true,
    extraParams: [implicitMark, 'audience'],
    enabledJWA: {
      idTokenSigningAlgValues: ['RS256', 'ES256'],
      userinfoSigningAlgValues: ['RS256', 'ES256'],
      introspectionSigningAlgValues: ['RS256', 'ES256'],
      authorizationSigningAlgValues: ['RS256', 'ES256'],
    },
    interactions: { policy: createPolicy(), url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx, id) => {
      const person = findPerson(people, id);
      return person && { accountId: person.id, claims: () => toClaims(person) };
    },
    extraTokenClaims: (ctx, token) => {
      const own = issuedClaims.get(token);
      if (own !== undefined) return own;
      const { AuthorizationCode: code, RefreshToken: refresh, DeviceCode: device } = ctx.oidc.entities;
      const source = refresh ?? code ?? device;
      return source === undefined ? undefined : { acr: source.acr, amr: source.amr, auth_time: source.authTime };
    },
    pkce: {
      required: (_ctx, client) => client.clientId !== clientIds.legacy && client.clientAuthMethod === 'none',
    },
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    ttl: {
      AccessToken: accessTokenTtl,
      ClientCredentials: accessTokenTtl,
      AuthorizationCode: 60,
      DeviceCode: 600,
      IdToken: 3_600,
      Interaction: 3_600,
      RefreshToken: 30 * day,
      Session: 14 * day,
      Grant: 90 * day,
    },
    renderError: (ctx, out) => {
      show(ctx, failurePage(out.error, out.error_description));
    },
  };
}

function allowPracticeRedirects(provider: Provider): void {
  const known: readonly string[] = [
    clientIds.native,
    clientIds.confidential,
    clientIds.jwt,
    clientIds.legacy,
    clientIds.hybrid,
  ];
  const prototype = provider.Client.prototype as unknown as Record<string, (uri: string) => boolean>;
  for (const name of ['redirectUriAllowed', 'postLogoutRedirectUriAllowed']) {
    const original = prototype[name];
    if (original === undefined) throw new Error(`oidc-provider has no ${name}.`);
    prototype[name] = function (this: { clientId: string }, uri: string) {
      return original.call(this as never, uri) || (known.includes(this.clientId) && isPracticeRedirect(uri));
    };
  }
}

/** Builds the provider. It listens on nothing; start-playground.ts gives it its servers. */
export function createIdentity(options: IdentityOptions): Identity {
  const people = toPeople(options.secrets);
  const approvals = new Approvals(people, options.api);
  const keys = toPublicKeys(options.secrets.issuerKeys);
  const provider = new Provider(options.issuer, toConfiguration(options, people, approvals));
  const verifyJwt = createJwtVerifier(options.issuer, keys);
  keepJwtAccessTokens(provider, verifyJwt);
  allowPracticeRedirects(provider);
  const verifyAccessToken: VerifyJwt = async (token) => {
    const claims = await verifyJwt(token);
    const id = claims?.jti ?? '';
    const isKept = ['AccessToken', 'ClientCredentials'].some((kind) => options.store.has(kind, id));
    return isKept ? claims : undefined;
  };
  const context: GrantContext = {
    provider,
    people,
    api: options.api,
    accessTokenTtl: options.accessTokenTtl,
    verifyAccessToken,
    assertionKeys: toPublicKeys([options.secrets.jwtClientKey]),
  };
  registerGrants(context);
  provider.use(createTokenLookup(verifyJwt, ['/token/introspection', '/token/revocation']));
  provider.use(createMetadata(options));
  provider.use(askForOffline);
  provider.use(createImplicit(context));
  return { provider, people, keys, verifyAccessToken, approvals };
}
