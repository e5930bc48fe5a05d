/**
 * What a registration endpoint answered, compared with what was asked: a client that would send codes elsewhere, or
 * whose secret cannot be used, is no client. Pure. Source: RFC 7591 §3.2.1, RFC 7592 §3, auth.md H31 and §6.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import { Secret } from '../../credentials/secret.ts';
import { findClientAuthentication } from '../client-authentication/registry.ts';
import { toErrorName, toInertText } from '../server-text.ts';

export interface WantedClient {
  /** As shown by the identity provider when it asks a person. */
  readonly client_name: string;
  readonly grant_types: readonly string[];
  /** The first is the one that is used; empty for grants without a browser. */
  readonly redirect_uris: readonly string[];
  readonly token_endpoint_auth_method: string;
  readonly scope?: string;
}

export interface RegisteredClient {
  readonly client_id: string;
  /** For the definition; undefined leaves the choice to the sign-in. */
  readonly token_endpoint_auth_method: string | undefined;
  readonly clientSecret?: Secret;
  /** Milliseconds since the epoch; undefined when it does not end. */
  readonly secretExpiresAt?: number;
  /** Where this registration can be read and deleted (RFC 7592), and the token for it. */
  readonly management?: { readonly uri: string; readonly accessToken: Secret };
  /** In words, for a person. */
  readonly warnings: readonly string[];
}

/** Longer ones are seen nowhere, and would not fit in a secret store. */
const maxValue = 4096;

/** @param endpoint the registration endpoint. @throws CountersignError CS-AUTH-REGISTRATION */
export function toRegisteredClient(
  body: Readonly<Record<string, unknown>>,
  wanted: WantedClient,
  endpoint: string,
  now: number,
): RegisteredClient {
  const { host } = new URL(endpoint);
  const refuse = (why: string): CountersignError =>
    new CountersignError('CS-AUTH-REGISTRATION', `${host} registered a client that cannot be used: ${why}.`, {
      facts: { host },
    });
  const client_id = body['client_id'];
  if (!isVisible(client_id)) throw refuse('its client_id is missing or holds characters that may not stand there');
  const warnings: string[] = [];
  checkRedirects(body['redirect_uris'], wanted, refuse, warnings);
  checkGrants(body['grant_types'], wanted, refuse);
  const secret = body['client_secret'];
  const hasSecret = secret !== undefined && secret !== null && secret !== '';
  if (hasSecret && !isVisible(secret)) throw refuse('its secret holds characters that may not stand there');
  const secretExpiresAt = hasSecret ? toExpiry(body['client_secret_expires_at'], now, refuse) : undefined;
  const management = toManagement(body, endpoint, warnings);
  return {
    client_id,
    token_endpoint_auth_method: toMethod(body['token_endpoint_auth_method'], wanted, hasSecret, refuse, warnings),
    ...(hasSecret ? { clientSecret: new Secret(secret, 'registered client secret') } : {}),
    ...(secretExpiresAt === undefined ? {} : { secretExpiresAt }),
    ...(management === undefined ? {} : { management }),
    warnings,
  };
}

type Refuse = (why: string) => CountersignError;

/** VSCHAR of RFC 6749, Appendix A: it may go into a form, a header and a store. */
function isVisible(value: unknown): value is string {
  return typeof value === 'string' && value.length <= maxValue && /^[\x20-\x7e]+$/.test(value);
}

function shown(value: unknown): string {
  return toInertText(typeof value === 'string' ? value : JSON.stringify(value), 120);
}

function toHref(value: string): string {
  return URL.parse(value)?.href ?? value;
}

/** A redirect that was not asked for would let codes go to whoever is behind it. */
function checkRedirects(value: unknown, wanted: WantedClient, refuse: Refuse, warnings: string[]): void {
  const asked = wanted.redirect_uris.map(toHref);
  if (value === undefined) {
    if (asked.length > 0)
      warnings.push('the answer names no redirects: whether ours is registered shows at the sign-in');
    return;
  }
  const registered = Array.isArray(value) ? (value as unknown[]) : [value];
  const foreign = registered.find((one) => typeof one !== 'string' || !asked.includes(toHref(one)));
  if (foreign !== undefined) throw refuse(`it may redirect to “${shown(foreign)}”, which was not asked for`);
  const known = new Set(registered.map((one) => toHref(one as string)));
  const [first] = asked;
  if (first !== undefined && !known.has(first)) throw refuse('the redirect that was asked for is not registered');
  if (known.size < new Set(asked).size) warnings.push('only some of the redirects were registered');
}

function checkGrants(value: unknown, wanted: WantedClient, refuse: Refuse): void {
  const [grant] = wanted.grant_types;
  if (!Array.isArray(value) || grant === undefined || value.includes(grant)) return;
  throw refuse(`it may not use the grant ${grant}`);
}

/** Seconds since the epoch; 0 for ever. */
function toExpiry(value: unknown, now: number, refuse: Refuse): number | undefined {
  if (value === undefined || value === null || value === 0 || value === '0') return undefined;
  const seconds = Number(value);
  if (!Number.isFinite(seconds) || seconds < 0) throw refuse('the end of its secret is no time');
  const at = seconds * 1000;
  if (at <= now) throw refuse('its secret has ended already');
  return Math.min(at, 8.64e15);
}

/** What the provider made of it; some register `none` and hand out a secret that they then want. */
function toMethod(
  value: unknown,
  wanted: WantedClient,
  hasSecret: boolean,
  refuse: Refuse,
  warnings: string[],
): string | undefined {
  if (value === undefined || value === null) return hasSecret ? undefined : wanted.token_endpoint_auth_method;
  const method = typeof value === 'string' ? findClientAuthentication(value) : undefined;
  if (!method) throw refuse(`it has to prove itself by “${shown(value)}”, which is not known here`);
  if (method.name === 'none' && hasSecret) {
    warnings.push(
      'it is registered as a public client and was given a secret: both are kept, the sign-in tries the secret',
    );
    return undefined;
  }
  const bySecret = method.name.startsWith('client_secret_');
  if (bySecret && !hasSecret) throw refuse(`it has to prove itself by ${method.name} and was given no secret`);
  if (!bySecret && method.name !== 'none' && method.name !== wanted.token_endpoint_auth_method) {
    throw refuse(`it has to prove itself by ${method.name}`);
  }
  if (method.name !== wanted.token_endpoint_auth_method)
    warnings.push(`it proves itself by ${method.name}, not as asked`);
  return method.name;
}

/** The token goes back to where it came from and nowhere else. */
export function toManagement(
  body: Readonly<Record<string, unknown>>,
  endpoint: string,
  warnings: string[] = [],
): RegisteredClient['management'] {
  const { registration_client_uri: uri, registration_access_token: token } = body;
  if (uri === undefined && token === undefined) return undefined;
  const url = typeof uri === 'string' && uri.length <= maxValue ? URL.parse(uri) : null;
  const own = url !== null && url.origin === new URL(endpoint).origin && !url.username && !url.password && !url.hash;
  if (!own || typeof token !== 'string' || token.length > maxValue || !/^[\x21-\x7e]+$/.test(token)) {
    warnings.push(
      own
        ? 'the token for deleting the registration cannot be used'
        : 'the address for deleting the registration is not at its own provider and is never used',
    );
    return undefined;
  }
  return { uri: url.href, accessToken: new Secret(token, 'registration access token') };
}

/** An answer that is no registration. */
export function toRefusal(
  status: number,
  body: Readonly<Record<string, unknown>> | undefined,
  host: string,
): CountersignError {
  const error = toErrorName(body?.['error']);
  const said = error ?? `status ${status}`;
  return new CountersignError('CS-AUTH-REGISTRATION', `${host} does not register this client: ${said}.`, {
    next:
      nextSteps[error ?? ''] ??
      (status === 401 || status === 403 ? nextSteps['invalid_token'] : undefined) ??
      nextSteps['']!,
    facts: { host, status, ...(error === undefined ? {} : { error }) },
  });
}

const nextSteps: Readonly<Record<string, string>> = {
  '': 'Register a client there by hand and give its client_id.',
  invalid_redirect_uri:
    'It does not take redirects to this machine: register a client there by hand, or use another redirect.',
  invalid_client_metadata: 'It does not take a client of this kind: register one there by hand and give its client_id.',
  invalid_token:
    'It registers only who has an initial access token: get one from its owner, or register there by hand.',
};
