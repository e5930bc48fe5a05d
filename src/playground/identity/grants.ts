/**
 * The grants that the provider's library does not know: a password given to the program (RFC 6749 §4.3, legacy), token
 * exchange (RFC 8693) and a signed assertion (RFC 7523 §2.1). Each ends in a token for the API.
 */
import type Provider from 'oidc-provider';
import { errors } from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { createLocalJWKSet, jwtVerify } from 'jose';
import type { JSONWebKeySet, JWTPayload } from 'jose';
import { clientIds, grantTypes } from './clients.ts';
import { authenticate, findPerson, listPeople } from './people.ts';
import type { People } from './people.ts';
import { toResourceServer } from './resource.ts';
import type { VerifyJwt } from './token-format.ts';

export interface GrantContext {
  readonly provider: Provider;
  readonly people: People;
  readonly api: string;
  readonly accessTokenTtl: number;
  readonly verifyAccessToken: VerifyJwt;
  /** Public keys of the client whose assertions are believed. */
  readonly assertionKeys: JSONWebKeySet;
}

export interface Issue {
  readonly accountId: string;
  readonly scopes: readonly string[];
  readonly grantType: string;
  /** Claims beside the usual ones: `act`, `acr`, `auth_time`. */
  readonly claims?: Record<string, unknown>;
}

/** Extra claims of the token being issued, read by the provider's extraTokenClaims. */
export const issuedClaims = new WeakMap<object, Record<string, unknown>>();

/** A new access token for the API, with a grant of its own so that it can be revoked. */
export async function issueAccessToken(context: GrantContext, ctx: KoaContextWithOIDC, issue: Issue) {
  const { provider } = context;
  const client = ctx.oidc.client;
  if (client === undefined) throw new errors.InvalidClient('no client');
  const scope = issue.scopes.join(' ');
  const grant = new provider.Grant({ accountId: issue.accountId, clientId: client.clientId });
  grant.addOIDCScope(scope);
  grant.addResourceScope(context.api, scope);
  const token = new provider.AccessToken({
    accountId: issue.accountId,
    client,
    grantId: await grant.save(),
    gty: issue.grantType,
    scope,
  });
  const info = toResourceServer(context.api, context.accessTokenTtl);
  const { ResourceServer } = provider as unknown as { ResourceServer: new (id: string, data: object) => never };
  Object.assign(token, { resourceServer: new ResourceServer(context.api, info) });
  if (issue.claims !== undefined) issuedClaims.set(token, issue.claims);
  ctx.oidc.entity('AccessToken', token);
  const value = await token.save();
  return { access_token: value, token_type: 'Bearer', expires_in: token.expiration, scope };
}

function toScopes(ctx: KoaContextWithOIDC, allowed: readonly string[]): string[] {
  const text = ctx.oidc.params?.['scope'];
  const asked = typeof text === 'string' && text !== '' ? text.split(' ') : allowed.filter((one) => one !== 'admin');
  const known = new Set(ctx.oidc.client?.scope?.split(' ') ?? allowed);
  for (const scope of asked) {
    if (!allowed.includes(scope) || !known.has(scope)) throw new errors.InvalidScope('scope not allowed', scope);
  }
  return asked;
}

function take(ctx: KoaContextWithOIDC, name: string): string {
  const value = ctx.oidc.params?.[name];
  if (typeof value !== 'string' || value === '') throw new errors.InvalidRequest(`${name} is missing`);
  return value;
}

async function checkTarget(context: GrantContext, ctx: KoaContextWithOIDC): Promise<void> {
  for (const name of ['audience', 'resource']) {
    const value = ctx.oidc.params?.[name];
    if (value !== undefined && (typeof value !== 'string' || URL.parse(value)?.origin !== context.api)) {
      throw new errors.InvalidTarget();
    }
  }
  return Promise.resolve();
}

const personScopes = ['openid', 'profile', 'email', 'orders.read', 'orders.write'];

async function password(context: GrantContext, ctx: KoaContextWithOIDC): Promise<void> {
  await checkTarget(context, ctx);
  const person = authenticate(context.people, take(ctx, 'username'), take(ctx, 'password'));
  if (person === undefined) {
    throw Object.assign(new errors.InvalidGrant(), { error_description: 'user name and password do not match' });
  }
  const allowed = person.roles.includes('admin') ? [...personScopes, 'admin'] : personScopes;
  const scopes = toScopes(ctx, allowed);
  ctx.body = await issueAccessToken(context, ctx, { accountId: person.id, scopes, grantType: 'password' });
}

function refuse(description: string): never {
  throw Object.assign(new errors.InvalidGrant(), { error_description: description });
}

const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';
const jwtType = 'urn:ietf:params:oauth:token-type:jwt';

async function exchange(context: GrantContext, ctx: KoaContextWithOIDC): Promise<void> {
  await checkTarget(context, ctx);
  if (![accessTokenType, jwtType].includes(take(ctx, 'subject_token_type'))) {
    throw new errors.InvalidRequest('subject_token_type has to be an access token');
  }
  const wanted = ctx.oidc.params?.['requested_token_type'];
  if (wanted !== undefined && wanted !== accessTokenType && wanted !== jwtType) {
    throw new errors.InvalidRequest('requested_token_type has to be an access token');
  }
  const subject = (await context.verifyAccessToken(take(ctx, 'subject_token'))) ?? refuse('subject_token is not valid');
  const person = findPerson(context.people, subject.sub ?? '') ?? refuse('subject_token speaks for no person');
  const had = typeof subject['scope'] === 'string' ? subject['scope'].split(' ') : [];
  let actor = ctx.oidc.client?.clientId;
  const actorToken = ctx.oidc.params?.['actor_token'];
  if (typeof actorToken === 'string') {
    actor = (await context.verifyAccessToken(actorToken))?.sub ?? refuse('actor_token is not valid');
  }
  const issued = await issueAccessToken(context, ctx, {
    accountId: person.id,
    scopes: toScopes(ctx, had),
    grantType: 'token_exchange',
    claims: { act: { sub: actor, ...(subject['act'] === undefined ? {} : { act: subject['act'] }) } },
  });
  ctx.body = { ...issued, issued_token_type: accessTokenType };
}

async function verifyAssertion(context: GrantContext, assertion: string): Promise<JWTPayload> {
  const { issuer } = context.provider;
  try {
    const { payload } = await jwtVerify(assertion, createLocalJWKSet(context.assertionKeys), {
      issuer: clientIds.jwt,
      audience: [issuer, new URL('token', issuer).href],
      requiredClaims: ['sub', 'exp'],
      clockTolerance: 15,
    });
    return payload;
  } catch {
    return refuse('assertion is not signed by the known key, or is for another server, or has ended');
  }
}

async function assertion(context: GrantContext, ctx: KoaContextWithOIDC): Promise<void> {
  await checkTarget(context, ctx);
  const claims = await verifyAssertion(context, take(ctx, 'assertion'));
  if (claims.jti !== undefined) {
    const isNew = await context.provider.ReplayDetection.unique(clientIds.jwt, claims.jti, claims.exp ?? 0);
    if (!isNew) refuse('assertion was used before');
  }
  const subject = claims.sub ?? '';
  const person = listPeople(context.people).find((one) => [one.id, one.username, one.email].includes(subject));
  if (person === undefined) refuse('assertion speaks for no person here');
  ctx.body = await issueAccessToken(context, ctx, {
    accountId: person.id,
    scopes: toScopes(ctx, personScopes),
    grantType: 'jwt_bearer',
  });
}

/** Adds the three grants to the provider. */
export function registerGrants(context: GrantContext): void {
  const target = ['resource', 'audience', 'scope'];
  const grants = [
    [grantTypes.password, password, ['username', 'password']],
    [
      grantTypes.tokenExchange,
      exchange,
      ['subject_token', 'subject_token_type', 'requested_token_type', 'actor_token', 'actor_token_type'],
    ],
    [grantTypes.jwtBearer, assertion, ['assertion']],
  ] as const;
  for (const [name, handle, parameters] of grants) {
    context.provider.registerGrantType(name, async (ctx) => handle(context, ctx), [...parameters, ...target]);
  }
}
