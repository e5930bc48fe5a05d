/**
 * What kind of network an IP address belongs to, and who may send us there: an address that a server names must not lead
 * closer to this machine than that server itself is. Total over any text. Source: RFC 6890 and the registries it set up,
 * RFC 6052 (addresses in addresses), auth.md A04.
 */
import { BlockList, isIP } from 'node:net';

/**
 * `forbidden`: link-local, metadata services of clouds, multicast, reserved. Nobody needs an API or an identity provider
 * there.
 */
export type AddressClass = 'loopback' | 'private' | 'public' | 'forbidden';

type Range = readonly [net: string, bits: number];

const ranges: Readonly<Record<Exclude<AddressClass, 'public'>, { readonly v4: Range[]; readonly v6: Range[] }>> = {
  forbidden: {
    v4: [
      ['0.0.0.0', 8],
      ['169.254.0.0', 16],
      ['192.0.0.0', 24],
      // Metadata services of clouds outside the link-local range.
      ['100.100.100.200', 32],
      ['168.63.129.16', 32],
      ['224.0.0.0', 4],
      ['240.0.0.0', 4],
    ],
    v6: [
      ['::', 128],
      ['100::', 64],
      ['fe80::', 10],
      ['fec0::', 10],
      ['ff00::', 8],
      ['fd00:ec2::254', 128],
      ['fd20:ce::254', 128],
    ],
  },
  loopback: { v4: [['127.0.0.0', 8]], v6: [['::1', 128]] },
  private: {
    v4: [
      ['10.0.0.0', 8],
      ['100.64.0.0', 10],
      ['172.16.0.0', 12],
      ['192.168.0.0', 16],
      ['198.18.0.0', 15],
    ],
    v6: [
      ['fc00::', 7],
      ['2001:db8::', 32],
    ],
  },
};

const lists = (Object.keys(ranges) as (keyof typeof ranges)[]).map((kind) => {
  const list = new BlockList();
  for (const [net, bits] of ranges[kind].v4) list.addSubnet(net, bits, 'ipv4');
  for (const [net, bits] of ranges[kind].v6) list.addSubnet(net, bits, 'ipv6');
  return [kind, list] as const;
});

/** @param address as a resolver or a URL gives it, brackets and zone allowed; what is no IP address is forbidden. */
export function toAddressClass(address: string): AddressClass {
  const plain = address.replace(/^\[|\]$/g, '').replace(/%.*$/s, '');
  const version = isIP(plain);
  if (version === 0) return 'forbidden';
  if (version === 4) return classify(plain, 'ipv4');
  const inner = toEmbedded(plain);
  return inner === undefined ? classify(plain, 'ipv6') : classify(inner, 'ipv4');
}

function classify(address: string, family: 'ipv4' | 'ipv6'): AddressClass {
  return lists.find(([, list]) => list.check(address, family))?.[0] ?? 'public';
}

/** The IPv4 address that an IPv6 one stands for: mapped, compatible, NAT64 (RFC 6052), 6to4 (RFC 3056). */
function toEmbedded(address: string): string | undefined {
  const groups = toGroups(address);
  const at = (index: number): number => groups[index] ?? 0;
  const quad = (high: number, low: number): string => [high >> 8, high & 255, low >> 8, low & 255].join('.');
  const zero = (from: number, to: number): boolean => groups.slice(from, to).every((group) => group === 0);
  if (zero(0, 5) && at(5) === 0xffff) return quad(at(6), at(7));
  if (zero(0, 6) && !(at(6) === 0 && at(7) <= 1)) return quad(at(6), at(7));
  if (at(0) === 0x64 && at(1) === 0xff9b && (zero(2, 6) || at(2) === 1)) return quad(at(6), at(7));
  if (at(0) === 0x2002) return quad(at(1), at(2));
  return undefined;
}

/** The eight groups of a valid IPv6 address. */
function toGroups(address: string): number[] {
  // A URL writes the address in its one canonical form, without dotted parts.
  const text = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = text.split('::');
  const parse = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16)));
  const [left, right] = [parse(head), parse(tail ?? '')];
  return tail === undefined ? left : [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right];
}

/** Names that stand for this machine or this network without a look-up (RFC 6761, RFC 6762, RFC 8375, RFC 9476). */
const localNames: readonly (readonly [RegExp, AddressClass])[] = [
  [/(^|\.)localhost$/, 'loopback'],
  [/(^|\.)(local|internal|home\.arpa|lan|intranet|corp|private|test|alt)$/, 'private'],
];

/** What the name in a URL says by itself; undefined when only a look-up can tell. */
export function toHostClass(hostname: string): AddressClass | undefined {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  if (host.startsWith('[') || isIP(host) !== 0) return toAddressClass(host);
  // Names with an empty label are none; what a proxy would make of one is not known.
  if (/^$|^\.|\.\.|\.$/.test(host) || host === 'metadata.google.internal') return 'forbidden';
  return localNames.find(([pattern]) => pattern.test(host))?.[1];
}

const reach: Readonly<Record<AddressClass, readonly AddressClass[]>> = {
  // A program of the person's own may name anything of theirs.
  loopback: ['loopback', 'private', 'public'],
  // Of a network, its own and the internet; never this machine, which is another one's.
  private: ['private', 'public'],
  public: ['public'],
  forbidden: [],
};

/** Whether a server of the class `from` may send us to one of the class `to`. */
export function mayLeadTo(from: AddressClass, to: AddressClass): boolean {
  return reach[from].includes(to);
}

type AddressRule = (address: string, host: string) => boolean;

/** One function a class, so that connections made under the same rule can be shared. */
export const addressRules: Readonly<Record<AddressClass, AddressRule>> = {
  loopback: (address) => mayLeadTo('loopback', toAddressClass(address)),
  private: (address) => mayLeadTo('private', toAddressClass(address)),
  public: (address) => mayLeadTo('public', toAddressClass(address)),
  forbidden: () => false,
};

/** For more of the same server: a name that resolves to another class than at first has been turned round. */
export const sameClassRules: Readonly<Record<AddressClass, AddressRule>> = {
  loopback: (address) => toAddressClass(address) === 'loopback',
  private: (address) => toAddressClass(address) === 'private',
  public: (address) => toAddressClass(address) === 'public',
  forbidden: () => false,
};
