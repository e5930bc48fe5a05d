/**
 * Addresses that a person gives for a host and a port instead of what name servers say: `host:port:address`, as curl has
 * it. The name stays the one that certificates, cookies and bindings are about. Pure.
 */
import { isIP } from 'node:net';
import { CountersignError } from '../errors/countersign-error.ts';
import { printable } from './request-head.ts';

/** The address for a host and port, undefined where name servers decide. */
export type FixedAddresses = (host: string, port: number) => string | undefined;

/** @throws CountersignError CS-NET-DNS for an entry that is none */
export function parseFixedAddresses(entries: readonly string[]): FixedAddresses {
  const known = new Map(entries.map(parseEntry));
  return (host, port) => known.get(`${host.toLowerCase()}:${String(port)}`);
}

function parseEntry(entry: string): [string, string] {
  const [, host = '', port = '', written = ''] = /^([^\s:[\]]+):(\d{1,5}):(\S+)$/.exec(entry.trim()) ?? [];
  const address = written.startsWith('[') && written.endsWith(']') ? written.slice(1, -1) : written;
  if (host !== '' && Number(port) <= 65_535 && isIP(address) !== 0) return [`${host.toLowerCase()}:${port}`, address];
  throw new CountersignError('CS-NET-DNS', `“${printable(entry)}” names no host, port and address.`, {
    next: 'Write host:port:address, such as api.example.com:443:127.0.0.1.',
  });
}
