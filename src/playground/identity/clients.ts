/**
 * The registered clients, one for each way a client can prove itself, and which redirect URIs each may use. Names of
 * metadata are those of RFC 7591.
 */
import type { ClientMetadata } from 'oidc-provider';
import { mtlsClientName } from '../certificates.ts';
import type { Secrets } from '../secrets.ts';
import { toPublicKeys } from './public-keys.ts';

export const clientIds = {
  native: 'countersign-native',
  confidential: 'countersign-service',
  jwt: 'countersign-jwt',
  mtls: 'countersign-mtls',
  device: 'countersign-device',
  legacy: 'countersign-legacy',
  /** Not in the printed line: it is there for those who practise the response type `code id_token`. */
  hybrid: 'countersign-hybrid',
} as const;

export const grantTypes = {
  deviceCode: 'urn:ietf:params:oauth:grant-type:device_code',
  tokenExchange: 'urn:ietf:params:oauth:grant-type:token-exchange',
  jwtBearer: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  password: 'password',
  ciba: 'urn:openid:params:grant-type:ciba',
} as const;

/** Every scope there is; `admin` is given to people with the role only. */
export const allScopes = ['openid', 'profile', 'email', 'offline_access', 'orders.read', 'orders.write', 'admin'];
const serviceScopes = 'orders.read orders.write';
const personScopes = allScopes.join(' ');

/** Client metadata for the provider's configuration. */
export function toClients(secrets: Secrets): ClientMetadata[] {
  const loopback = ['http://127.0.0.1/', 'http://[::1]/', 'http://localhost/'];
  const code = ['authorization_code', 'refresh_token'];
  return [
    {
      client_id: clientIds.native,
      client_name: 'Countersign',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: code,
      response_types: ['code'],
      redirect_uris: loopback,
      post_logout_redirect_uris: loopback,
      scope: personScopes,
    },
    {
      client_id: clientIds.confidential,
      client_name: 'Order service',
      client_secret: secrets.clientSecret,
      application_type: 'native',
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: [
        ...code,
        'client_credentials',
        grantTypes.tokenExchange,
        grantTypes.jwtBearer,
        grantTypes.deviceCode,
        grantTypes.ciba,
      ],
      backchannel_token_delivery_mode: 'poll',
      response_types: ['code'],
      redirect_uris: loopback,
      post_logout_redirect_uris: loopback,
      scope: personScopes,
    },
    {
      client_id: clientIds.jwt,
      client_name: 'Service with a key',
      application_type: 'native',
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      jwks: toPublicKeys([secrets.jwtClientKey]),
      grant_types: [...code, 'client_credentials', grantTypes.jwtBearer, grantTypes.tokenExchange],
      response_types: ['code'],
      redirect_uris: loopback,
      scope: personScopes,
    },
    {
      client_id: clientIds.mtls,
      client_name: 'Service with a certificate',
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_san_dns: mtlsClientName,
      tls_client_certificate_bound_access_tokens: true,
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      scope: serviceScopes,
    },
    {
      client_id: clientIds.device,
      client_name: 'Terminal on a device',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: [grantTypes.deviceCode, 'refresh_token'],
      response_types: [],
      redirect_uris: [],
      scope: personScopes,
    },
    {
      client_id: clientIds.legacy,
      client_name: 'Legacy program',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token', grantTypes.password],
      response_types: ['code'],
      redirect_uris: loopback,
      scope: personScopes,
    },
    {
      client_id: clientIds.hybrid,
      client_name: 'Program with a hybrid sign-in',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'implicit', 'refresh_token'],
      response_types: ['code id_token'],
      redirect_uris: ['http://127.0.0.1/'],
      scope: personScopes,
    },
  ];
}

const loopbackHosts = new Set(['127.0.0.1', '[::1]', 'localhost']);

/**
 * RFC 8252 §7.3 asks for any port on a loopback redirect; a practice server allows any path too, and the URI handler of
 * this extension in any build of VS Code (`vscode://countersign.countersign/…`).
 */
export function isPracticeRedirect(uri: string): boolean {
  const url = URL.parse(uri);
  if (url === null || uri.includes('#') || url.username !== '' || url.password !== '') return false;
  if (url.protocol === 'http:') return loopbackHosts.has(url.hostname);
  if (url.protocol === 'https:') return url.origin === 'https://vscode.dev' && url.pathname === '/redirect';
  return /^[a-z][a-z0-9+.-]*:\/\/countersign\.countersign(?:[/?]|$)/i.test(uri) && !isForbiddenScheme(url.protocol);
}

function isForbiddenScheme(protocol: string): boolean {
  return ['javascript:', 'vbscript:', 'data:', 'blob:', 'file:', 'about:', 'ftp:', 'ws:', 'wss:'].includes(protocol);
}
