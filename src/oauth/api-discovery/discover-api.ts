/**
 * From nothing but the URL of an API to how one comes in: the API is asked without a credential, its challenges are read,
 * the metadata of the resource is found and compared, and each issuer it names is looked at. It signs in nowhere, sends
 * no secret and decides nothing. Source: RFC 9728 §3, §5; RFC 8414 §3; auth.md A04–A06.
 */
import { CountersignError, isCountersignError, toCountersignError } from '../../errors/countersign-error.ts';
import { toAddressClass, toHostClass, type AddressClass } from '../../http/address-class.ts';
import type { AnswerHead } from '../../http/head-of.ts';
import type { Clock } from '../../ports.ts';
import { parseJsonObject } from '../../credentials/json-object.ts';
import type { FetchLimits } from '../capped-fetch.ts';
import { loadServerMetadata } from '../discovery.ts';
import type { OAuthFetch } from '../ports.ts';
import { toInertText } from '../server-text.ts';
import { TraceRecorder } from '../trace.ts';
import { toChallengeFacts } from './challenge-facts.ts';
import type {
  ApiFindings,
  ChallengeFacts,
  IssuerFindings,
  NamedIssuer,
  Problem,
  ProtectedResource,
} from './findings.ts';
import { toIssuerFacts } from './issuer-facts.ts';
import { toRecommendations } from './recommendations.ts';
import { parseProtectedResource, toMetadataUrlProblem, toResourceMetadataUrls } from './resource-metadata.ts';
import { toVettedFetch, toWatchedFetch, type AddressedFetch } from './vetted-fetch.ts';

export interface ApiDiscoveryPorts {
  /** A GET without credentials, of which the head alone is read; follows no redirect. Throws CS-NET-*, CS-TLS-*. */
  head(url: URL, signal: AbortSignal | undefined): Promise<AnswerHead>;
  readonly fetch: AddressedFetch;
  readonly clock: Clock;
  redact(text: string): string;
}

export interface ApiDiscoveryOptions {
  readonly signal?: AbortSignal | undefined;
  /** Asked before anything is sent to an origin that is not the API's own; all are asked when absent. */
  mayAsk?(issuer: NamedIssuer): Promise<boolean>;
  readonly limits?: { readonly maxBytes: number; readonly deadlineMs: number; readonly overallMs?: number };
}

/** For all of it, however many servers are named. */
const overallMs = 60_000;
const defaults = { maxBytes: 1024 * 1024, deadlineMs: 15_000 };

/**
 * @param address of the API, as a person has it; https is meant when it names no scheme
 * @throws CountersignError CS-HTTP-URL for what is no web address, CS-NET-* and CS-TLS-* when the API does not answer.
 *   Whatever goes wrong after that is in `warnings`, or in the `problem` of an issuer.
 */
export async function discoverApi(
  address: string,
  ports: ApiDiscoveryPorts,
  options: ApiDiscoveryOptions = {},
): Promise<ApiFindings> {
  const { signal } = options;
  const patience = new Patience(options.limits?.overallMs ?? overallMs);
  const either = signal ? AbortSignal.any([signal, patience.signal]) : patience.signal;
  try {
    return await new Discovery(parseApiAddress(address), ports, { ...options, either, patience }).run();
  } catch (error) {
    if (!signal?.aborted) throw error;
    throw new CountersignError('CS-NET-CANCELLED', 'Looking at the API was cancelled.', { cause: error });
  } finally {
    patience.pause();
  }
}

/** For all servers together; a person who is asked in between has all the time there is. */
class Patience {
  readonly #late = new AbortController();
  #left: number;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number) {
    this.#left = ms;
    this.resume();
  }

  get signal(): AbortSignal {
    return this.#late.signal;
  }

  resume(): void {
    this.#since = performance.now();
    this.#timer = setTimeout(() => this.#late.abort(toLate()), Math.max(0, this.#left));
  }

  pause(): void {
    clearTimeout(this.#timer);
    this.#left -= performance.now() - this.#since;
  }
}

function toLate(): CountersignError {
  return new CountersignError('CS-NET-TIMEOUT', 'The API and its identity providers took too long altogether.');
}

/** Throws CS-HTTP-URL. */
export function parseApiAddress(text: string): URL {
  const trimmed = text.trim();
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`);
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new CountersignError('CS-HTTP-URL', 'This is not the address of an API.', {
      next: 'Give it with scheme and host, for example https://api.example.com/orders.',
    });
  }
  url.username = '';
  url.password = '';
  url.hash = '';
  return url;
}

interface Limits extends ApiDiscoveryOptions {
  /** The person's cancel, or the end of all patience. */
  readonly either: AbortSignal;
  readonly patience: Patience;
}

class Discovery {
  readonly #url: URL;
  readonly #ports: ApiDiscoveryPorts;
  readonly #options: Limits;
  readonly #trace: TraceRecorder;
  readonly #warnings: Problem[] = [];
  #class: AddressClass = 'public';

  constructor(url: URL, ports: ApiDiscoveryPorts, options: Limits) {
    this.#url = url;
    this.#ports = ports;
    this.#options = options;
    const about = { credential: url.host, grant: 'discovery', plan: [] };
    this.#trace = new TraceRecorder(about, ports.clock, (text) => ports.redact(text));
  }

  async run(): Promise<ApiFindings> {
    const head = await this.#probe();
    const challenges = toChallengeFacts(head.headers);
    const resource = await this.#findResource(challenges);
    const issuers = await this.#findIssuers(resource, challenges, head.status);
    const open = head.status >= 200 && head.status < 300 && challenges.length === 0;
    this.#noteRedirect(head);
    return {
      url: this.#url.href,
      origin: this.#url.origin,
      status: head.status,
      open,
      challenges,
      ...(resource === undefined ? {} : { resource }),
      issuers,
      recommendations: toRecommendations(challenges, issuers, open),
      warnings: this.#warnings,
      steps: this.#trace.snapshot().steps,
    };
  }

  /** Not followed: whom to ask is for the person to say. */
  #noteRedirect({ status, headers }: AnswerHead): void {
    if (status < 300 || status >= 400) return;
    const location = headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
    const url = location === undefined ? null : URL.parse(location, this.#url);
    const to = url && /^https?:$/.test(url.protocol) ? toInertText(url.origin + url.pathname, 200) : 'elsewhere';
    this.#warn(
      'CS-AUTH-RESOURCE',
      `${this.#url.host} answers ${status} and leads to ${to}, which is not followed.`,
      'If that is the API, give its address instead; if it is a page to sign in, enter the identity provider by hand.',
    );
  }

  #probe(): Promise<AnswerHead> {
    return this.#trace.step('probe', async ({ detail, warn }) => {
      const head = await this.#ports.head(this.#url, this.#options.either);
      this.#trace.exchange({
        method: 'GET',
        url: this.#url.href,
        headers: {},
        body: '',
        status: head.status,
        responseHeaders: head.headers,
        ...(head.exception ? { exception: head.exception } : {}),
      });
      // By the machine that answered; behind a proxy only the name tells.
      this.#class =
        head.remoteAddress === undefined
          ? (toHostClass(this.#url.hostname) ?? 'public')
          : toAddressClass(head.remoteAddress);
      detail(`${head.status} · ${this.#class} network`);
      if (this.#url.protocol === 'http:' && this.#class !== 'loopback') warn('plain http: no token may be sent there');
      return head;
    });
  }

  async #findResource(challenges: readonly ChallengeFacts[]): Promise<ProtectedResource | undefined> {
    const fetch = toVettedFetch(this.#ports.fetch, this.#class, true, this.#limits());
    const named = challenges.find(({ resourceMetadata }) => resourceMetadata !== undefined)?.resourceMetadata;
    const tried = new Set<string>();
    const candidates: { url: string; foundBy: ProtectedResource['foundBy'] }[] = [];
    if (named !== undefined) {
      const problem = toMetadataUrlProblem(named, this.#url);
      if (problem === undefined) candidates.push({ url: new URL(named).href, foundBy: 'challenge' });
      else
        this.#warn(
          'CS-AUTH-RESOURCE',
          `The address of the metadata that ${this.#url.host} names ${problem}; it is not asked.`,
        );
    }
    for (const url of toResourceMetadataUrls(this.#url)) candidates.push({ url, foundBy: 'well-known' });
    for (const candidate of candidates) {
      if (tried.has(candidate.url)) continue;
      tried.add(candidate.url);
      const found = await this.#readResource(candidate.url, candidate.foundBy, fetch);
      if (found) return found;
    }
    return undefined;
  }

  #readResource(
    url: string,
    foundBy: ProtectedResource['foundBy'],
    fetch: OAuthFetch,
  ): Promise<ProtectedResource | undefined> {
    return this.#trace.step('resource-metadata', async ({ detail, skip, warn }) => {
      const { host, pathname } = new URL(url);
      const refuse = (why: string): undefined => {
        warn(why);
        this.#warn('CS-AUTH-RESOURCE', `The metadata at ${host}${pathname} ${why}; it is not used.`);
      };
      let response: Response;
      try {
        response = await fetch(url, { method: 'GET', headers: { accept: 'application/json' }, redirect: 'manual' });
      } catch (error) {
        return this.#refused(error, warn);
      }
      if (response.status !== 200) {
        if (response.status >= 300 && response.status < 400) return refuse('redirects, which is not followed');
        skip(`${pathname} answers ${response.status}`);
        return undefined;
      }
      const body = parseJsonObject(await response.text());
      if (!body) {
        // Many servers answer every path with a page.
        skip(`${pathname} is no metadata`);
        return undefined;
      }
      const parsed = parseProtectedResource(body, this.#url, { metadataUrl: url, foundBy });
      if (!parsed.ok) return refuse(parsed.why);
      detail(parsed.resource.exact ? 'resource matches' : `resource ${parsed.resource.resource} covers the address`);
      for (const dropped of parsed.dropped) {
        warn(dropped);
        this.#warn('CS-AUTH-RESOURCE', `In the metadata of ${host} ${dropped}; it is not used.`);
      }
      return parsed.resource;
    });
  }

  async #findIssuers(
    resource: ProtectedResource | undefined,
    challenges: readonly ChallengeFacts[],
    status: number,
  ): Promise<readonly IssuerFindings[]> {
    const named = resource?.authorizationServers ?? [];
    const found: IssuerFindings[] = [];
    for (const issuer of named) found.push(await this.#readIssuer(issuer, 'resource'));
    const takesTokens = challenges.some(({ scheme }) => scheme === 'Bearer' || scheme === 'DPoP');
    const refused = status === 401 || status === 403;
    if (
      named.length === 0 &&
      this.#url.protocol === 'https:' &&
      (takesTokens || (refused && challenges.length === 0))
    ) {
      const own = await this.#readIssuer(this.#url.origin, 'origin');
      if (own.server) found.push(own);
    }
    return found;
  }

  async #readIssuer(issuer: string, namedBy: IssuerFindings['namedBy']): Promise<IssuerFindings> {
    const { origin } = new URL(issuer);
    const about = { issuer, origin, elsewhere: origin !== this.#url.origin, namedBy };
    if (about.elsewhere && !(await this.#mayAsk(about))) {
      const { code, message, next } = new CountersignError(
        'CS-AUTH-RESOURCE',
        `${origin} was not asked, as you chose.`,
        {
          next: 'Ask the API once more, or choose yourself how to come in.',
        },
      );
      return { ...about, network: 'public', problem: { code, message, next } };
    }
    // A function of its own, so that no connection is shared and the address is seen.
    const { fetch, network } = toWatchedFetch(this.#ports.fetch, this.#class, namedBy === 'origin', this.#limits());
    try {
      const server = await this.#trace.step('discovery', async ({ detail, warn }) => {
        const loaded = await loadServerMetadata(issuer, fetch, this.#ports.clock);
        detail(`${new URL(loaded.wellKnown).host} · issuer matches`);
        loaded.warnings.forEach(warn);
        return loaded;
      });
      return { ...about, network: network(), server, facts: toIssuerFacts(server) };
    } catch (thrown) {
      if (this.#options.signal?.aborted) throw thrown;
      const { code, message, next } = toCountersignError(thrown);
      return { ...about, network: network(), problem: { code, message, next } };
    }
  }

  #limits(): FetchLimits {
    const { maxBytes, deadlineMs } = this.#options.limits ?? defaults;
    return {
      maxBytes,
      deadlineMs,
      signal: this.#options.either,
      onExchange: (exchange) => this.#trace.exchange(exchange),
    };
  }

  async #mayAsk(issuer: NamedIssuer): Promise<boolean> {
    const { mayAsk, patience } = this.#options;
    if (!mayAsk) return true;
    patience.pause();
    const agreed = await mayAsk(issuer).finally(() => patience.resume());
    this.#options.signal?.throwIfAborted();
    return agreed;
  }

  /** A document that cannot be had is no reason to stop; a person's cancel is. */
  #refused(error: unknown, warn: (text: string) => void): undefined {
    if (this.#options.signal?.aborted || !isCountersignError(error)) throw error;
    warn(error.message);
    this.#warnings.push({ code: error.code, message: error.message, next: error.next });
  }

  #warn(code: Problem['code'], message: string, own?: string): void {
    const next = own ?? new CountersignError(code, message).next;
    if (!this.#warnings.some((one) => one.message === message)) this.#warnings.push({ code, message, next });
  }
}
