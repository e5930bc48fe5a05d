/**
 * The metadata of an identity provider: found, compared with the issuer that was asked for, vetted and kept for a day.
 * It follows no redirect and trusts no address in the answer. Source: OpenID Connect Discovery §4.3, RFC 8414 §3.3.
 */
import { CountersignError } from '../errors/countersign-error.ts';
import type { Clock } from '../ports.ts';
import { endpointNames, toEndpointProblem, type EndpointName } from './endpoint-vetting.ts';
import { isSameIssuer, toWellKnownUrls } from './issuer.ts';
import type { OAuthFetch } from './ports.ts';
import { toInertText } from './server-text.ts';
import { parseJsonObject } from '../credentials/json-object.ts';

export interface ServerMetadata {
  readonly issuer: string;
  readonly [name: string]: unknown;
}

export interface DiscoveredServer {
  readonly metadata: ServerMetadata;
  readonly wellKnown: string;
  readonly kind: 'oidc' | 'oauth2';
  /** Server clock minus ours, in milliseconds, from its `Date`; 0 when it did not say. */
  readonly skewMs: number;
  readonly at: number;
  /** Optional endpoints that were dropped, in words. */
  readonly warnings: readonly string[];
}

const dayMs = 24 * 60 * 60 * 1000;

/** One a broker; entries live a day, or until something about them did not work. */
export class ServerMetadataCache {
  readonly #entries = new Map<string, DiscoveredServer>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(issuer: string): DiscoveredServer | undefined {
    const entry = this.#entries.get(issuer);
    return entry && this.#clock.now() - entry.at < dayMs ? entry : undefined;
  }

  drop(issuer: string): void {
    this.#entries.delete(issuer);
  }

  /** Throws CS-AUTH-DISCOVERY, CS-AUTH-ENDPOINT or what the network said. */
  async load(issuer: string, fetch: OAuthFetch): Promise<DiscoveredServer> {
    const known = this.get(issuer);
    if (known) return known;
    const found = await loadServerMetadata(issuer, fetch, this.#clock);
    this.#entries.set(issuer, found);
    return found;
  }
}

/** @param issuer as `parseIssuer` gives it. @param fetch already capped. */
export async function loadServerMetadata(issuer: string, fetch: OAuthFetch, clock: Clock): Promise<DiscoveredServer> {
  let reason = 'has no metadata';
  for (const { url, kind } of toWellKnownUrls(issuer)) {
    const response = await fetch(url, { method: 'GET', headers: { accept: 'application/json' }, redirect: 'manual' });
    if (response.status >= 300 && response.status < 400) {
      reason = 'redirects its metadata, which is not followed';
      continue;
    }
    if (response.status >= 500) throw refuse(issuer, `answers ${response.status} for its metadata`);
    if (response.status !== 200) continue;
    const body = parseJsonObject(await response.text());
    if (!body) {
      reason = 'answers with a page instead of metadata';
      continue;
    }
    return toDiscovered(issuer, body, { url, kind }, response, clock);
  }
  throw refuse(issuer, reason);
}

function toDiscovered(
  issuer: string,
  body: Record<string, unknown>,
  from: { url: string; kind: 'oidc' | 'oauth2' },
  response: Response,
  clock: Clock,
): DiscoveredServer {
  const claimed = body['issuer'];
  if (typeof claimed !== 'string') throw refuse(issuer, 'names no issuer in its metadata');
  if (!isSameIssuer(issuer, claimed) && !isEntraTemplate(issuer, claimed)) {
    throw new CountersignError('CS-AUTH-DISCOVERY', `The metadata of ${issuer} is that of another issuer.`, {
      next: /^https:\/\/[^\s]+$/.test(claimed)
        ? `If you trust it, write the issuer as it names itself: ${toInertText(claimed, 200)}`
        : 'Check the issuer; it has to be written as it names itself.',
      facts: { expected: issuer, actual: toInertText(claimed, 200) },
    });
  }
  const warnings: string[] = [];
  const metadata = toVettedMetadata(body, issuer, warnings);
  const date = Date.parse(response.headers.get('date') ?? '');
  const skewMs = Number.isFinite(date) ? Math.round((date - clock.now()) / 1000) * 1000 : 0;
  return { metadata, wellKnown: from.url, kind: from.kind, skewMs, at: clock.now(), warnings };
}

/** Endpoints that a flow cannot do without are refused loudly; the rest is left out. */
const essential: ReadonlySet<EndpointName> = new Set(['authorization_endpoint', 'token_endpoint', 'jwks_uri']);

/** Without unusable endpoints and without algorithms that prove nothing (`none`, HMAC). Throws CS-AUTH-ENDPOINT. */
export function toVettedMetadata(body: Record<string, unknown>, issuer: string, warnings: string[]): ServerMetadata {
  const metadata: Record<string, unknown> = { ...body, issuer: body['issuer'] };
  for (const name of Object.keys(endpointNames) as EndpointName[]) {
    if (metadata[name] === undefined || metadata[name] === null) {
      delete metadata[name];
      continue;
    }
    const problem = toEndpointProblem(name, metadata[name]);
    if (problem === undefined) continue;
    if (essential.has(name)) {
      throw new CountersignError('CS-AUTH-ENDPOINT', `The ${name} of ${issuer} ${problem}.`, {
        facts: { endpoint: name, issuer },
      });
    }
    delete metadata[name];
    warnings.push(`${name} ${problem} and is not used`);
  }
  for (const name of Object.keys(metadata)) {
    const list = metadata[name];
    if (!/^(id_token|userinfo|authorization|introspection)_signing_alg_values_supported$/.test(name)) continue;
    const kept = Array.isArray(list)
      ? list.filter((one) => typeof one === 'string' && !/^(none|HS\d+)$/i.test(one))
      : [];
    if (kept.length === 0) delete metadata[name];
    else metadata[name] = kept;
  }
  const aliases = toVettedAliases(metadata['mtls_endpoint_aliases']);
  if (aliases) metadata['mtls_endpoint_aliases'] = aliases;
  else delete metadata['mtls_endpoint_aliases'];
  return metadata as ServerMetadata;
}

/** The second set of endpoints, for clients with a certificate (RFC 8705 §5): those that pass the same checks. */
function toVettedAliases(value: unknown): Readonly<Record<string, string>> | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const kept = Object.entries(value).filter(
    ([name, address]) =>
      Object.hasOwn(endpointNames, name) && toEndpointProblem(name as EndpointName, address) === undefined,
  );
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** The one provider whose metadata names a pattern; the ID token's `tid` then has to fill it. */
export function isEntraTemplate(issuer: string, claimed: string): boolean {
  return (
    new URL(issuer).origin === 'https://login.microsoftonline.com' &&
    /^https:\/\/login\.microsoftonline\.com\/(\{tenantid\}|[0-9a-f-]{36})\/v2\.0$/.test(claimed)
  );
}

function refuse(issuer: string, why: string): CountersignError {
  return new CountersignError('CS-AUTH-DISCOVERY', `The issuer ${issuer} ${why}.`, { facts: { issuer } });
}
