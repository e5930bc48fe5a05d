/**
 * An identity provider that tells the truth unless a test scripts it to lie: HTTPS under a test CA, discovery, code and
 * client credentials, refresh with rotation and reuse detection, ID tokens signed by `jose`, userinfo, revocation.
 * The browser's part is `authorize`, in process. Everything that arrived is in `hits`.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import type { OAuthFetch } from '../../src/oauth/ports.ts';
import { createHttpsFetch } from './https-fetch.ts';
import { makeTestCa } from './test-ca.ts';

export interface Hit {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly form: URLSearchParams;
  readonly query: URLSearchParams;
  /** As it came, for what is no form. */
  readonly body: string;
}

type Handler = (hit: Hit, response: ServerResponse, idp: ScriptedIdp) => void | Promise<void>;

/** Each lie replaces one truth. */
export interface Script {
  metadata?: (truth: Record<string, unknown>) => Record<string, unknown>;
  /** Whole answers, by path. */
  routes?: Record<string, Handler>;
  /** The token answer of a request that was in order. */
  answer?: (truth: Record<string, unknown>, hit: Hit) => Record<string, unknown>;
  claims?: (truth: Record<string, unknown>) => Record<string, unknown>;
  /** Replaces the signed ID token. */
  idToken?: (claims: Record<string, unknown>, idp: ScriptedIdp) => Promise<string>;
  jwks?: (truth: { keys: JWK[] }) => unknown;
  userinfo?: Record<string, unknown>;
  headers?: Record<string, string>;
  /** Refuses a token request before it is looked at. */
  gate?: (hit: Hit) => { status: number; body: unknown; headers?: Record<string, string> } | undefined;
  /** What it should compare and does not. */
  careless?: readonly ('verifier' | 'code' | 'refresh' | 'plain')[];
  /** False: the same refresh token for ever. */
  rotate?: boolean;
  /** Extra or changed parameters of the redirect. */
  redirect?: (parameters: URLSearchParams) => void;
}

interface Code {
  readonly challenge: string;
  readonly redirectUri: string;
  readonly nonce: string | null;
  readonly scope: string;
  used: boolean;
}

export class ScriptedIdp {
  script: Script = {};
  readonly hits: Hit[] = [];
  readonly ca: string;
  readonly fetch: OAuthFetch;
  readonly secret = `s3cr+t/${randomBytes(9).toString('base64')}`;
  issuer = '';
  /** Times a refresh token was sent a second time. */
  reuses = 0;
  refreshes = 0;
  readonly #codes = new Map<string, Code>();
  readonly #refresh = new Map<string, { scope: string; spent: boolean; family: { revoked: boolean } }>();
  readonly #keys: { publicKey: CryptoKey; privateKey: CryptoKey };
  readonly #server;
  readonly kid = 'key-1';

  private constructor(ca: string, identity: { key: string; cert: string }, keys: ScriptedIdp['keys']) {
    this.ca = ca;
    this.fetch = createHttpsFetch(ca);
    this.#keys = keys;
    this.#server = createServer(identity, (request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  static async start(): Promise<ScriptedIdp> {
    const ca = await makeTestCa();
    const keys = await generateKeyPair('ES256', { extractable: true });
    const idp = new ScriptedIdp(ca.rootPem, await ca.server(), keys);
    await new Promise<void>((resolve) => idp.#server.listen(0, '127.0.0.1', resolve));
    idp.issuer = `https://127.0.0.1:${(idp.#server.address() as AddressInfo).port}`;
    return idp;
  }

  get keys(): { publicKey: CryptoKey; privateKey: CryptoKey } {
    return this.#keys;
  }

  hitsOn(path: string): Hit[] {
    return this.hits.filter((hit) => hit.path === path);
  }

  /** Back to the truth, nothing remembered. */
  reset(): void {
    this.script = {};
    this.hits.length = 0;
    this.reuses = 0;
    this.refreshes = 0;
    this.#codes.clear();
    this.#refresh.clear();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** The person signs in and agrees: the redirect URL for an authorization URL. */
  authorize(authorizationUrl: string): string {
    const asked = new URL(authorizationUrl).searchParams;
    const code = randomBytes(16).toString('base64url');
    this.#codes.set(code, {
      challenge: asked.get('code_challenge') ?? '',
      redirectUri: asked.get('redirect_uri') ?? '',
      nonce: asked.get('nonce'),
      scope: asked.get('scope') ?? '',
      used: false,
    });
    const redirect = new URL(asked.get('redirect_uri') as string);
    const parameters = new URLSearchParams({ code, state: asked.get('state') ?? '', iss: this.issuer });
    this.script.redirect?.(parameters);
    for (const [name, value] of parameters) redirect.searchParams.append(name, value);
    return redirect.href;
  }

  metadata(): Record<string, unknown> {
    const at = (path: string): string => this.issuer + path;
    const truth = {
      issuer: this.issuer,
      authorization_endpoint: at('/authorize'),
      token_endpoint: at('/token'),
      userinfo_endpoint: at('/userinfo'),
      revocation_endpoint: at('/revoke'),
      jwks_uri: at('/jwks'),
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      id_token_signing_alg_values_supported: ['ES256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
      subject_types_supported: ['public'],
      response_types_supported: ['code'],
    };
    return this.script.metadata?.(truth) ?? truth;
  }

  sign(claims: Record<string, unknown>, header: Record<string, unknown> = {}): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: this.kid, ...header })
      .sign(this.#keys.privateKey);
  }

  async publicJwk(): Promise<JWK> {
    return { ...(await exportJWK(this.#keys.publicKey)), kid: this.kid, use: 'sig', alg: 'ES256' };
  }

  /** A refresh token that is good, as if from an earlier sign-in. */
  seedRefreshToken(scope = 'openid orders.read'): string {
    const token = randomBytes(16).toString('base64url');
    this.#refresh.set(token, { scope, spent: false, family: { revoked: false } });
    return token;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = (request.url ?? '/').replace(/\?.*$/, '');
    const hit: Hit = {
      method: request.method ?? '',
      path,
      headers: request.headers,
      form: new URLSearchParams(Buffer.concat(chunks).toString()),
      query: new URL(request.url ?? '/', this.issuer).searchParams,
      body: Buffer.concat(chunks).toString(),
    };
    this.hits.push(hit);
    for (const [name, value] of Object.entries(this.script.headers ?? {})) response.setHeader(name, value);
    const route = this.script.routes?.[path];
    if (route) return route(hit, response, this);
    switch (path) {
      case '/.well-known/openid-configuration':
        return json(response, 200, this.metadata());
      case '/jwks': {
        const truth = { keys: [await this.publicJwk()] };
        return json(response, 200, this.script.jwks?.(truth) ?? truth);
      }
      case '/userinfo':
        return json(response, 200, this.script.userinfo ?? { sub: 'ada', name: 'Ada Lovelace' });
      case '/revoke':
        response.writeHead(200).end();
        return;
      case '/token':
        return this.#token(hit, response);
      default:
        response.writeHead(404).end();
    }
  }

  async #token(hit: Hit, response: ServerResponse): Promise<void> {
    const { form } = hit;
    const refused = this.script.gate?.(hit);
    if (refused) return json(response, refused.status, refused.body, refused.headers);
    let truth: Record<string, unknown> | string;
    switch (form.get('grant_type')) {
      case 'authorization_code':
        truth = await this.#exchange(form);
        break;
      case 'refresh_token':
        truth = this.#renew(form);
        break;
      case 'client_credentials':
        truth = this.#isAuthenticated(hit) ? { scope: form.get('scope') ?? '' } : 'invalid_client';
        break;
      default:
        truth = 'unsupported_grant_type';
    }
    if (typeof truth === 'string') return json(response, truth === 'invalid_client' ? 401 : 400, { error: truth });
    const answer = {
      access_token: randomBytes(16).toString('base64url'),
      token_type: 'Bearer',
      expires_in: 3600,
      ...truth,
    };
    json(response, 200, this.script.answer?.(answer, hit) ?? answer);
  }

  async #exchange(form: URLSearchParams): Promise<Record<string, unknown> | string> {
    const code = this.#codes.get(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const careless = this.script.careless ?? [];
    const plain = careless.includes('plain') && code?.challenge === form.get('code_verifier');
    if (!code || (code.used && !careless.includes('code')) || code.redirectUri !== form.get('redirect_uri'))
      return 'invalid_grant';
    if (code.challenge !== challenge && !plain && !careless.includes('verifier')) return 'invalid_grant';
    code.used = true;
    const id_token = code.scope.includes('openid') ? await this.#makeIdToken(code.nonce, form) : undefined;
    return { scope: code.scope, refresh_token: this.seedRefreshToken(code.scope), ...(id_token ? { id_token } : {}) };
  }

  async #makeIdToken(nonce: string | null, form: URLSearchParams): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const truth = {
      iss: this.issuer,
      sub: 'ada',
      aud: form.get('client_id') ?? 'cli',
      iat: now,
      exp: now + 600,
      ...(nonce === null ? {} : { nonce }),
    };
    const claims = this.script.claims?.(truth) ?? truth;
    return this.script.idToken ? this.script.idToken(claims, this) : this.sign(claims);
  }

  #renew(form: URLSearchParams): Record<string, unknown> | string {
    this.refreshes += 1;
    const entry = this.#refresh.get(form.get('refresh_token') ?? '');
    if (!entry || entry.family.revoked) return 'invalid_grant';
    if (entry.spent && this.script.careless?.includes('refresh') !== true) {
      this.reuses += 1;
      entry.family.revoked = true;
      return 'invalid_grant';
    }
    if (this.script.rotate === false) return { scope: entry.scope };
    entry.spent = true;
    const next = randomBytes(16).toString('base64url');
    this.#refresh.set(next, { ...entry, spent: false });
    return { scope: entry.scope, refresh_token: next };
  }

  #isAuthenticated({ headers, form }: Hit): boolean {
    if (form.get('client_secret') === this.secret) return true;
    const [id = '', secret = ''] = Buffer.from(headers.authorization?.replace(/^Basic /, '') ?? '', 'base64')
      .toString()
      .split(':');
    return id !== '' && decodeURIComponent(secret.replaceAll('+', '%20')) === this.secret;
  }
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
