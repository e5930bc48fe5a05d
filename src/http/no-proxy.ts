/**
 * Which hosts go past the proxy: the entries of NO_PROXY and of the `exclude` setting. Pure.
 * Entries: `*`, `host`, `.suffix`, `*.suffix`, `host:port`, an address, a network as CIDR; a bare `host` also covers its
 * subdomains, as in curl and Python.
 */
import { BlockList, isIP } from 'node:net';

export type NoProxyMatcher = (target: URL) => boolean;

/** @param entries as written; separated by commas or blanks when one text. Those that mean nothing are ignored. */
export function parseNoProxy(entries: string | readonly string[]): NoProxyMatcher {
  const list = (typeof entries === 'string' ? [entries] : entries).flatMap((entry) => entry.split(/[\s,]+/));
  const matchers = list
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '')
    .map(parseEntry);
  return (target) => {
    const host = plainHost(target.hostname);
    const port = target.port === '' ? (target.protocol === 'https:' ? '443' : '80') : target.port;
    return matchers.some((matches) => matches(host, port));
  };
}

type EntryMatcher = (host: string, port: string) => boolean;

function parseEntry(entry: string): EntryMatcher {
  if (entry === '*') return () => true;
  const network = /^(.+)\/(\d{1,3})$/.exec(entry);
  if (network) return parseNetwork(plainHost(network[1] ?? ''), Number(network[2]));
  const address = plainHost(entry);
  if (isIP(address)) return (host) => host === address;
  const [, name = entry, wantedPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  const plain = plainHost(name).replace(/\.$/, '');
  const suffix = plain.replace(/^\*?\./, '');
  const exact = suffix === plain;
  return (host, port) => {
    if (wantedPort !== undefined && wantedPort !== port) return false;
    const bare = host.replace(/\.$/, '');
    return (
      (exact && bare === suffix) || (isIP(host) === 0 && bare.endsWith(`.${suffix}`)) || (!exact && bare === suffix)
    );
  };
}

function parseNetwork(address: string, bits: number): EntryMatcher {
  const family = isIP(address);
  if (family === 0 || bits > (family === 4 ? 32 : 128)) return () => false;
  const block = new BlockList();
  block.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
  return (host) => isIP(host) !== 0 && block.check(host, isIP(host) === 4 ? 'ipv4' : 'ipv6');
}

function plainHost(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}
