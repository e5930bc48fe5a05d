/**
 * Which addresses of an identity provider may be used at all. Tokens and secrets go over https only; the pages that a
 * browser opens may be plain http on loopback. Source: RFC 8414 §2, RFC 8252 §8.3, auth.md M6–M8, H26, H28.
 */
import { CountersignError } from '../errors/countersign-error.ts';
import { toHostClass } from '../http/address-class.ts';

/** Registered names of the endpoints we know, and who opens them. */
export const endpointNames = {
  authorization_endpoint: 'browser',
  token_endpoint: 'client',
  jwks_uri: 'client',
  userinfo_endpoint: 'client',
  revocation_endpoint: 'client',
  introspection_endpoint: 'client',
  device_authorization_endpoint: 'client',
  backchannel_authentication_endpoint: 'client',
  pushed_authorization_request_endpoint: 'client',
  registration_endpoint: 'client',
  end_session_endpoint: 'browser',
} as const satisfies Record<string, 'browser' | 'client'>;

export type EndpointName = keyof typeof endpointNames;

/** Parameters that only this client sets; an address that brings one along is refused. */
export const protectedParameters: ReadonlySet<string> = new Set([
  'client_id',
  'redirect_uri',
  'response_type',
  'response_mode',
  'state',
  'nonce',
  'scope',
  'code_challenge',
  'code_challenge_method',
  'request',
  'request_uri',
  'code',
  'code_verifier',
  'grant_type',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
  'refresh_token',
]);

export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** Why the address cannot be used, in words, or undefined. */
export function toEndpointProblem(name: EndpointName, value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 4096) return 'is not an address';
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    return 'is not an address';
  }
  const plainPage = endpointNames[name] === 'browser' && url.protocol === 'http:' && isLoopbackHost(url.hostname);
  if (url.protocol !== 'https:' && !plainPage) return 'is not an https address';
  if (url.username || url.password) return 'holds a user name or password';
  if (url.hash || value.includes('#')) return 'holds a fragment';
  if (toHostClass(url.hostname) === 'forbidden') return 'points into this machine’s own network';
  const preset = [...url.searchParams.keys()].find((key) => protectedParameters.has(key.toLowerCase()));
  if (preset !== undefined) return `already sets ${preset}`;
  return undefined;
}

/** Throws CS-AUTH-ENDPOINT. */
export function requireEndpoint(name: EndpointName, value: unknown, issuer: string): string {
  const problem = value === undefined ? 'is missing' : toEndpointProblem(name, value);
  if (problem !== undefined) {
    throw new CountersignError('CS-AUTH-ENDPOINT', `The ${name} of ${issuer} ${problem}.`, {
      facts: { endpoint: name, issuer },
    });
  }
  return value as string;
}

/** An endpoint of vetted metadata, for what only some providers offer. Throws CS-AUTH-ENDPOINT, which says why there is none. */
export function requireOffered(
  name: EndpointName,
  metadata: Readonly<Record<string, unknown>>,
  warnings: readonly string[],
  host: string,
): string {
  const value = metadata[name];
  if (value !== undefined) return requireEndpoint(name, value, host);
  const left = warnings.find((warning) => warning.startsWith(`${name} `));
  throw new CountersignError('CS-AUTH-ENDPOINT', left ? `At ${host}, ${left}.` : `${host} offers no ${name}.`, {
    ...(left ? {} : { next: `If there is one, name it as ${name} in the definition.` }),
    facts: { endpoint: name, issuer: host },
  });
}
