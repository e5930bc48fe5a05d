/**
 * JWT access tokens that are also remembered. oidc-provider keeps no record of a JWT, so it could neither revoke nor
 * introspect one, nor take it at UserInfo; here each is stored by its `jti`, and the three endpoints find it again.
 * Formats: RFC 9068; lookups: RFC 7009, RFC 7662.
 */
import { createLocalJWKSet, jwtVerify } from 'jose';
import type { JSONWebKeySet, JWTPayload } from 'jose';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type Provider from 'oidc-provider';

interface TokenModel {
  format?: string;
  aud?: string;
}
interface Formatter {
  getValueAndPayload: (this: TokenModel) => Promise<{ value: string; payload?: unknown }>;
}
interface Finder {
  find(value: string, options?: object): Promise<TokenModel | undefined>;
}

export type VerifyJwt = (token: string) => Promise<JWTPayload | undefined>;

/** Checks signature, issuer, type and times of an access token of this issuer; undefined when any does not fit. */
export function createJwtVerifier(issuer: string, keys: JSONWebKeySet): VerifyJwt {
  const find = createLocalJWKSet(keys);
  return async (token) => {
    try {
      const currentDate = new Date(Date.now());
      return (await jwtVerify(token, find, { issuer, typ: 'at+jwt', algorithms: ['ES256'], currentDate })).payload;
    } catch {
      return undefined;
    }
  };
}

export function isJwt(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);
}

/** Makes the provider store the JWTs it issues, and find them at UserInfo whatever their audience. */
export function keepJwtAccessTokens(provider: Provider, verify: VerifyJwt): void {
  for (const model of [provider.AccessToken, provider.ClientCredentials]) {
    const prototype = model.prototype as unknown as Formatter;
    const original = prototype.getValueAndPayload;
    prototype.getValueAndPayload = async function (this: TokenModel) {
      const made = await original.call(this);
      if (this.format !== 'jwt') return made;
      this.format = 'opaque';
      const { payload } = await original.call(this);
      this.format = 'jwt';
      return { value: made.value, payload };
    };
  }
  const access = provider.AccessToken as unknown as Finder;
  const find = access.find.bind(access);
  access.find = async (value, options) => {
    if (typeof value !== 'string' || !isJwt(value)) return find(value, options);
    const claims = await verify(value);
    const token = claims?.jti === undefined ? undefined : await find(claims.jti, options);
    if (token !== undefined) delete token.aud;
    return token;
  };
}

const mostBytes = 64 * 1_024;

async function readForm(ctx: KoaContextWithOIDC): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of ctx.req as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) ctx.throw(413);
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

/** Middleware for revocation and introspection: a JWT in `token` is looked up by its `jti`. */
export function createTokenLookup(verify: VerifyJwt, paths: readonly string[]) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    if (ctx.method === 'POST' && paths.includes(ctx.path) && ctx.is('application/x-www-form-urlencoded') !== false) {
      const form = await readForm(ctx);
      const token = form.get('token');
      if (token !== null && isJwt(token)) form.set('token', (await verify(token))?.jti ?? 'unknown');
      Object.assign(ctx.req, { body: form.toString() });
    }
    await next();
  };
}
