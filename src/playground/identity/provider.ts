/**
 * Puts the identity provider together: oidc-provider with our clients, people, pages and storage. The pages a browser
 * opens are on plain http on the loopback address (RFC 8252 §8.3 allows it for development), so that nobody meets a
 * certificate warning; all else is HTTPS. The metadata says which is where.
 */
import { TLSSocket } from 'node:tls';
import Provider from 'oidc-provider';
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import type { JSONWebKeySet } from 'jose';
import type { Secrets } from '../secrets.ts';
import { acr, createPolicy } from './assurance.ts';
import { allScopes, clientIds, isPracticeRedirect, toClients } from './clients.ts';
import { issuedClaims, registerGrants } from './grants.ts';
import type { GrantContext } from './grants.ts';
import { createImplicit, implicitMark } from './implicit.ts';
import { renderPage } from './page.ts';
import type { Page } from './page.ts';
import * as pages from './pages.ts';
import { findPerson, toClaims, toPeople } from './people.ts';
import type { People } from './people.ts';
import { toPublicKeys } from './public-keys.ts';
import { toResourceFeature } from './resource.ts';
import type { IdentityStore } from './store.ts';
import { createJwtVerifier, createTokenLookup, keepJwtAccessTokens } from './token-format.ts';
import type { VerifyJwt } from './token-format.ts';

export interface IdentityOptions {
  /** With its trailing slash. */
  readonly issuer: string;
  /** Origin of the API: the resource and the audience. */
  readonly api: string;
  /** Origin of the pages, plain http. */
  readonly pages: string;
  readonly secrets: Secrets;
  readonly store: IdentityStore;
  readonly accessTokenTtl: number;
}

export interface Identity {
  readonly provider: Provider;
  readonly people: People;
  readonly keys: JSONWebKeySet;
  readonly verifyAccessToken: VerifyJwt;
}

function show(ctx: KoaContextWithOIDC, page: Page): void {
  const { text, headers } = renderPage(page);
  ctx.set(headers);
  ctx.body = text;
}

function toCertificate(ctx: KoaContextWithOIDC) {
  const { socket } = ctx.req;
  return socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
}

const day = 86_400;

function toFeatures(options: IdentityOptions, people: People): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
    userinfo: { enabled: true },
    jwtIntrospection: { enabled: true },
    jwtUserinfo: { enabled: true },
    jwtResponseModes: { enabled: true },
    claimsParameter: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
    requestObjects: { enabled: true },
    registration: { enabled: true },
    registrationManagement: { enabled: true },
    dPoP: {
      enabled: true,
      nonceSecret: Buffer.from(options.secrets.nonceSecret, 'base64url'),
      requireNonce: () => true,
    },
    mTLS: {
      enabled: true,
      tlsClientAuth: true,
      certificateBoundAccessTokens: true,
      getCertificate: (ctx) => toCertificate(ctx)?.toString(),
      certificateAuthorized: (ctx) => ctx.req.socket instanceof TLSSocket && ctx.req.socket.authorized,
      certificateSubjectMatches: (ctx, property, expected) =>
        property === 'tls_client_auth_san_dns' &&
        (toCertificate(ctx)?.subjectAltName ?? '').split(', ').includes(`DNS:${expected}`),
    },
    resourceIndicators: toResourceFeature(options.api, options.accessTokenTtl),
    deviceFlow: {
      enabled: true,
      userCodeInputSource: (ctx, _form, _out, error) => {
        const secret = ctx.oidc.session?.state?.['secret'];
        const xsrf = typeof secret === 'string' ? secret : '';
        const code = (ctx.state as { userCode?: string }).userCode ?? '';
        const note = error === undefined ? undefined : toDeviceNote(error.name);
        show(ctx, pages.deviceCodePage({ action: '/device', xsrf, code, note }));
      },
      userCodeConfirmSource: (ctx, form, client, _info, code) => {
        show(ctx, pages.deviceConfirmPage(form, client.clientName ?? client.clientId, code));
      },
      successSource: (ctx) => {
        show(ctx, pages.deviceDonePage);
      },
    },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        const person = findPerson(people, ctx.oidc.session?.accountId ?? '');
        show(ctx, pages.signOutPage(form, person?.name ?? 'somebody'));
      },
      postLogoutSuccessSource: (ctx) => {
        show(ctx, pages.signedOutPage);
      },
    },
  };
}

function toDeviceNote(name: string): string {
  if (name === 'AbortedError') return 'The sign-in was stopped. The device gets no access.';
  if (name === 'ExpiredError') return 'That code has ended. Start again on the device.';
  if (name === 'AlreadyUsedError') return 'That code was used already. Start again on the device.';
  return 'No device waits with that code. Look at it again.';
}

function toConfiguration(options: IdentityOptions, people: People): Configuration {
  const { secrets, store, accessTokenTtl } = options;
  const suffix = new URL(options.issuer).port;
  return {
    adapter: (model) => store.adapter(model),
    clients: toClients(secrets),
    jwks: { keys: secrets.issuerKeys },
    features: toFeatures(options, people),
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
      show(ctx, pages.failurePage(out.error, out.error_description));
    },
  };
}

/** Says in the metadata what a browser opens on plain http, and names the grants that were added by hand. */
function createMetadata(options: IdentityOptions) {
  const onPages = (url: unknown): string => options.pages + new URL(String(url)).pathname + new URL(String(url)).search;
  return async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    if (ctx.path === '/device' && ctx.method === 'GET' && typeof ctx.query['user_code'] === 'string') {
      // Shown in the field instead of being sent on by a script, so that a person looks at it.
      Object.assign(ctx.state, { userCode: ctx.query['user_code'].slice(0, 20) });
      ctx.query = {};
    }
    await next();
    if (typeof ctx.body !== 'object' || ctx.body === null || ctx.status !== 200) return;
    const body = ctx.body as Record<string, unknown>;
    if (ctx.path === '/device/auth') {
      body['verification_uri'] = onPages(body['verification_uri']);
      body['verification_uri_complete'] = onPages(body['verification_uri_complete']);
    } else if (/^\/\.well-known\/(openid-configuration|oauth-authorization-server)$/.test(ctx.path)) {
      body['authorization_endpoint'] = onPages(body['authorization_endpoint']);
      body['end_session_endpoint'] = onPages(body['end_session_endpoint']);
      body['response_types_supported'] = [...(body['response_types_supported'] as string[]), 'token'];
      body['grant_types_supported'] = [...new Set([...(body['grant_types_supported'] as string[]), 'implicit'])];
      body['service_documentation'] = options.pages;
    }
  };
}

/** `offline_access` has to be agreed to each time (OpenID Connect Core §11): asks, where the client forgot to. */
async function askForOffline(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  const { scope, prompt, request, request_uri: pushed } = ctx.query;
  const wants = typeof scope === 'string' && scope.split(' ').includes('offline_access');
  if (ctx.path === '/auth' && wants && prompt === undefined && request === undefined && pushed === undefined) {
    ctx.query = { ...ctx.query, prompt: 'consent' };
  }
  await next();
}

function allowPracticeRedirects(provider: Provider): void {
  const known: readonly string[] = [clientIds.native, clientIds.confidential, clientIds.jwt, clientIds.legacy];
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
  const keys = toPublicKeys(options.secrets.issuerKeys);
  const provider = new Provider(options.issuer, toConfiguration(options, people));
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
  return { provider, people, keys, verifyAccessToken };
}
