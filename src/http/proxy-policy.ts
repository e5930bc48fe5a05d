/**
 * Chooses the proxy for a target from the environment's variables or from settings. Pure; it reads no settings itself.
 * A password in a proxy's URL becomes a Secret at once. PAC files are not covered.
 */
import { Secret } from '../credentials/secret.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { parseNoProxy } from './no-proxy.ts';
import type { ProxyPolicy, ProxyRoute } from './types.ts';
import { percentDecoded } from './percent-decoding.ts';
import { printable } from './request-head.ts';
import { isSocks } from './socks.ts';

export const direct: ProxyPolicy = () => undefined;

/**
 * `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`, lower case first. `HTTP_PROXY` in capitals is ignored under CGI
 * (REQUEST_METHOD), where it can come from a request header.
 */
export function proxyPolicyFromEnvironment(env: Readonly<Record<string, string | undefined>>): ProxyPolicy {
  const read = (name: string): string | undefined => {
    const capital = name === 'http_proxy' && env['REQUEST_METHOD'] !== undefined ? undefined : env[name.toUpperCase()];
    return nonEmpty(env[name]) ?? nonEmpty(capital);
  };
  const all = read('all_proxy');
  const routes = { 'https:': toRoute(read('https_proxy') ?? all), 'http:': toRoute(read('http_proxy') ?? all) };
  const bypass = parseNoProxy(read('no_proxy') ?? '');
  return (target) => {
    const route = target.protocol === 'https:' ? routes['https:'] : routes['http:'];
    return route && !bypass(target) ? route() : undefined;
  };
}

/** @param settings `url` may be empty: no proxy. */
export function proxyPolicyFromSettings(settings: {
  readonly url: string | undefined;
  readonly exclude: readonly string[];
  readonly authorization?: Secret;
}): ProxyPolicy {
  const route = toRoute(nonEmpty(settings.url), settings.authorization);
  const bypass = parseNoProxy(settings.exclude);
  return (target) => (route && !bypass(target) ? route() : undefined);
}

/** Deferred, so that a wrong proxy URL is an error of the request that needs it. */
function toRoute(text: string | undefined, authorization?: Secret): (() => ProxyRoute) | undefined {
  if (text === undefined) return undefined;
  const written = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  return () => {
    let url: URL;
    try {
      url = new URL(written);
    } catch (error) {
      throw new CountersignError('CS-NET-PROXY', 'The address of the proxy is not a URL.', {
        cause: withoutText(error),
      });
    }
    if (isSocks(url)) return toSocksRoute(url);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      const message = `A ${printable(url.protocol)} proxy is not supported; http:, https: and SOCKS are.`;
      throw new CountersignError('CS-NET-PROXY', message);
    }
    const secret = authorization ?? toBasic(url);
    const clean = new URL(`${url.protocol}//${url.host}`);
    return { url: clean, ...(secret === undefined ? {} : { authorization: secret }) };
  };
}

function toSocksRoute(url: URL): ProxyRoute {
  if (!/^(?:\[[\da-f:.]+\]|[\w.-]+)$/i.test(url.hostname)) {
    throw new CountersignError('CS-NET-PROXY', 'The address of the proxy names no host.');
  }
  const clean = new URL(`${url.protocol}//${url.host}`);
  if (url.username === '') return { url: clean };
  const password = new Secret(percentDecoded(url.password), `password of the proxy ${url.host}`);
  return { url: clean, login: { username: percentDecoded(url.username), password } };
}

/** The value of Proxy-Authorization for the user in a proxy's URL. */
function toBasic(url: URL): Secret | undefined {
  if (url.username === '' && url.password === '') return undefined;
  const pair = `${percentDecoded(url.username)}:${percentDecoded(url.password)}`;
  return new Secret(`Basic ${Buffer.from(pair, 'utf8').toString('base64')}`, `sign-in of the proxy ${url.host}`);
}

function nonEmpty(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === undefined || trimmed === '' ? undefined : trimmed;
}

/** The error's name alone: its text quotes the URL, and that may hold a password. */
function withoutText(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
