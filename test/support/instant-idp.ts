/**
 * An identity provider in this process, without sockets: for tests that ask it ten thousand times. It says what it is told
 * to say; `tokenRequests` counts what reached its token endpoint.
 */
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import type { OAuthFetch } from '../../src/oauth/ports.ts';

export class InstantIdp {
  static readonly issuer = 'https://idp.example';
  readonly issuer = InstantIdp.issuer;
  readonly #keys: { publicKey: CryptoKey; privateKey: CryptoKey };
  readonly #jwk: JWK;
  tokenRequests = 0;
  /** The answer of the token endpoint. */
  token: () => Response = () => Response.json({ access_token: 'at', token_type: 'Bearer', expires_in: 60 });
  metadata: () => Response = () => Response.json(this.truth());

  private constructor(keys: { publicKey: CryptoKey; privateKey: CryptoKey }, jwk: JWK) {
    this.#keys = keys;
    this.#jwk = jwk;
  }

  static async make(): Promise<InstantIdp> {
    const keys = await generateKeyPair('ES256', { extractable: true });
    return new InstantIdp(keys, { ...(await exportJWK(keys.publicKey)), kid: 'key-1', use: 'sig', alg: 'ES256' });
  }

  truth(): Record<string, unknown> {
    const at = (path: string): string => this.issuer + path;
    return {
      issuer: this.issuer,
      authorization_endpoint: at('/authorize'),
      token_endpoint: at('/token'),
      jwks_uri: at('/jwks'),
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      id_token_signing_alg_values_supported: ['ES256'],
      token_endpoint_auth_methods_supported: ['none', 'client_secret_basic'],
    };
  }

  readonly fetch: OAuthFetch = (url) => {
    const { pathname } = new URL(url);
    if (pathname === '/token') {
      this.tokenRequests += 1;
      return Promise.resolve(this.token());
    }
    if (pathname === '/jwks') return Promise.resolve(Response.json({ keys: [this.#jwk] }));
    return Promise.resolve(
      pathname === '/.well-known/openid-configuration' ? this.metadata() : new Response('', { status: 404 }),
    );
  };

  sign(claims: Record<string, unknown>, header: Record<string, unknown> = {}): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: 'key-1', ...header })
      .sign(this.#keys.privateKey);
  }
}
