/**
 * Origins and origin patterns: parsing, comparing and showing them. Only a parsed `URL` is ever compared, so userinfo,
 * backslashes, tabs and look-alike letters decide nothing. It does not know credentials. Source: contracts.md §3, RFC 6454 §4.
 */
import { domainToUnicode } from 'node:url';

export interface OriginPattern {
  readonly scheme: 'https' | 'http';
  /** Punycode, lower case, IPv6 in brackets; for a wildcard the part after `*.`. */
  readonly host: string;
  readonly port: string;
  readonly wildcard: boolean;
  /** The pattern as text, normalised: `https://*.example.com`. */
  readonly text: string;
}

export type ParsedOrigin =
  { readonly ok: true; readonly origin: OriginPattern } | { readonly ok: false; readonly why: string };

/** True when the name is a public suffix (`com`, `co.uk`, `github.io`), under which strangers register names. */
export type PublicSuffixCheck = (host: string) => boolean;

const webSchemes: Readonly<Record<string, 'https' | 'http'>> = {
  'https:': 'https',
  'http:': 'http',
  'wss:': 'https',
  'ws:': 'http',
};
const defaultPorts = { https: '443', http: '80' } as const;
const shape = /^(?:https?|wss?):\/\/(\*\.)?[^\s\\/@?#*]+\/?$/i;

/**
 * The origin a credential would go to: scheme, host and port of a parsed URL. A WebSocket counts as its HTTP origin,
 * since its handshake is an HTTP request there. Undefined for every other scheme.
 */
export function originOf(url: URL): OriginPattern | undefined {
  const scheme = webSchemes[url.protocol];
  if (scheme === undefined || url.hostname === '') return undefined;
  return toPattern(scheme, url.hostname, url.port || defaultPorts[scheme], false);
}

/** Reads `https://api.example.com:8443` or `https://*.example.com`; `why` completes “<text> …” for the person. */
export function parseOrigin(text: string): ParsedOrigin {
  const refuse = (why: string): ParsedOrigin => ({ ok: false, why });
  if (!shape.test(text)) return refuse('is not an origin: it needs scheme, host and port, and nothing after them');
  const wildcard = /^\w+:\/\/\*\./.test(text);
  let url: URL;
  try {
    url = new URL(wildcard ? text.replace('*.', 'label.') : text);
  } catch {
    return refuse('is not an origin: its host or port cannot be read');
  }
  const scheme = webSchemes[url.protocol];
  if (scheme === undefined) return refuse('needs the scheme https or http');
  const port = url.port || defaultPorts[scheme];
  if (!wildcard) return { ok: true, origin: toPattern(scheme, url.hostname, port, false) };
  const base = url.hostname.slice('label.'.length);
  if (!url.hostname.startsWith('label.') || base === '' || /^[\d.]+$/.test(base))
    return refuse('has a wildcard without a name after it');
  if (scheme === 'http' && !isLoopback(base)) return refuse('has a wildcard over plain http');
  if (!base.includes('.') && base !== 'localhost') return refuse('has a wildcard directly under a top-level domain');
  return { ok: true, origin: toPattern(scheme, base, port, true) };
}

function toPattern(scheme: 'https' | 'http', host: string, port: string, wildcard: boolean): OriginPattern {
  const shownPort = port === defaultPorts[scheme] ? '' : `:${port}`;
  return { scheme, host, port, wildcard, text: `${scheme}://${wildcard ? '*.' : ''}${host}${shownPort}` };
}

/** Exact on scheme, host and port; a wildcard stands for one label and never covers a public suffix. */
export function matchesOrigin(
  pattern: OriginPattern,
  origin: OriginPattern,
  isPublicSuffix: PublicSuffixCheck,
): boolean {
  if (origin.wildcard || pattern.scheme !== origin.scheme || pattern.port !== origin.port) return false;
  if (!pattern.wildcard) return pattern.host === origin.host;
  const suffix = `.${pattern.host}`;
  if (!origin.host.endsWith(suffix)) return false;
  const label = origin.host.slice(0, -suffix.length);
  return label !== '' && !label.includes('.') && !isPublicSuffix(pattern.host);
}

/** `localhost` and names under it, 127.0.0.0/8, `[::1]`. The input is a host of a parsed URL. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
  );
}

/** `https://xn--exampl-gva.com (shown as examplé.com)`: punycode first, so that a look-alike is seen. */
export function toShownOrigin(text: string): string {
  const host = /^\w+:\/\/([^/:]+)/.exec(text)?.[1] ?? '';
  if (!/(?:^|\.)xn--/i.test(host)) return text;
  const unicode = domainToUnicode(host.replace(/^\*\./, ''));
  return unicode === '' ? text : `${text} (shown as ${unicode})`;
}

let suffixes: Promise<PublicSuffixCheck> | undefined;

/** Loads the public suffix list once, on the first wildcard. */
export function loadPublicSuffixes(): Promise<PublicSuffixCheck> {
  suffixes ??= import('tough-cookie').then(({ getPublicSuffix }) => (host: string) => {
    if (host === 'localhost') return false;
    return getPublicSuffix(host, { allowSpecialUseDomain: true, ignoreError: true }) === undefined;
  });
  return suffixes;
}
