import { isIP } from 'node:net';

/**
 * - `public`: anybody on the internet could reach it.
 * - `private`: only this machine or its network can; an operator may open these as a whole.
 * - `forbidden`: no integration lives there (cloud metadata, link-local, multicast, reserved); only a host named by the
 *   operator gets through.
 */
export type AddressKind = 'public' | 'private' | 'forbidden';

interface Bits {
  readonly value: bigint;
  readonly size: 32 | 128;
}

interface Block {
  readonly network: bigint;
  readonly hostBits: bigint;
  readonly kind: AddressKind;
}

/** IANA IPv4 special-purpose registry (RFC 6890), and the metadata addresses that clouds put elsewhere. First match wins. */
const IPV4_BLOCKS = [
  block('100.100.100.200/32', 'forbidden'), // Alibaba Cloud metadata, inside the CGNAT range
  block('168.63.129.16/32', 'forbidden'), // Azure host agent, inside a public range
  block('0.0.0.0/8', 'forbidden'),
  block('10.0.0.0/8', 'private'),
  block('100.64.0.0/10', 'private'),
  block('127.0.0.0/8', 'private'),
  block('169.254.0.0/16', 'forbidden'),
  block('172.16.0.0/12', 'private'),
  block('192.0.0.0/24', 'forbidden'),
  block('192.0.2.0/24', 'forbidden'),
  block('192.88.99.0/24', 'forbidden'),
  block('192.168.0.0/16', 'private'),
  block('198.18.0.0/15', 'forbidden'),
  block('198.51.100.0/24', 'forbidden'),
  block('203.0.113.0/24', 'forbidden'),
  block('224.0.0.0/4', 'forbidden'),
  block('240.0.0.0/4', 'forbidden'),
];

/** Only 2000::/3 is global unicast (RFC 4291 §2.4), so everything that is not listed here is forbidden. */
const IPV6_BLOCKS = [
  block('::1/128', 'private'),
  block('fd00:ec2::254/128', 'forbidden'), // AWS metadata, inside the unique local range
  block('fd20:ce::254/128', 'forbidden'), // Google Cloud metadata, likewise
  block('fc00::/7', 'private'),
  block('2001::/23', 'forbidden'), // Teredo, ORCHID, benchmarking
  block('2001:db8::/32', 'forbidden'),
  block('2002::/16', 'forbidden'), // 6to4 carries any IPv4 address
  block('3fff::/20', 'forbidden'),
  block('2000::/3', 'public'),
];

/**
 * Prefixes whose last 32 bits are an IPv4 address: mapped (RFC 4291 §2.5.5.2), NAT64 (RFC 6052). The local-use NAT64
 * prefix 64:ff9b:1::/48 (RFC 8215) may carry it elsewhere and stays forbidden.
 */
const IPV4_IN_IPV6 = [block('::ffff:0:0/96'), block('64:ff9b::/96')];

/**
 * Says who can reach an IP address given as text. Anything that is not an IP address is `forbidden`, and so is one with
 * a zone (`fe80::1%eth0`). An IPv4 address dressed as IPv6 is never `public`, and `forbidden` if the inner one is.
 */
export function classifyAddress(address: string): AddressKind {
  const bits = parseAddress(address);
  if (bits === undefined) return 'forbidden';
  if (bits.size === 32) return kindIn(IPV4_BLOCKS, bits.value) ?? 'public';
  if (IPV4_IN_IPV6.some((prefix) => contains(prefix, bits.value))) {
    const inner = kindIn(IPV4_BLOCKS, bits.value & 0xffff_ffffn);
    return inner === 'forbidden' ? 'forbidden' : 'private';
  }
  return kindIn(IPV6_BLOCKS, bits.value) ?? 'forbidden';
}

function kindIn(blocks: readonly Block[], value: bigint): AddressKind | undefined {
  return blocks.find((candidate) => contains(candidate, value))?.kind;
}

function contains(candidate: Block, value: bigint): boolean {
  return value >> candidate.hostBits === candidate.network;
}

function block(cidr: string, kind: AddressKind = 'forbidden'): Block {
  const [address = '', prefix = ''] = cidr.split('/');
  const bits = parseAddress(address);
  if (bits === undefined) throw new TypeError(`not an address block: ${cidr}`);
  const hostBits = BigInt(bits.size) - BigInt(prefix);
  return { network: bits.value >> hostBits, hostBits, kind };
}

function parseAddress(address: string): Bits | undefined {
  if (address.includes('%')) return undefined;
  const version = isIP(address);
  if (version === 4) return { value: joinNumbers(address.split('.').map(Number), 8n), size: 32 };
  if (version === 6) return { value: joinNumbers(expandIpv6(address), 16n), size: 128 };
  return undefined;
}

function expandIpv6(address: string): number[] {
  // The URL parser turns a dotted tail (`::ffff:1.2.3.4`) into two plain groups.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail = ''] = canonical.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const before = groups(head);
  const after = groups(tail);
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function joinNumbers(numbers: readonly number[], width: bigint): bigint {
  return numbers.reduce((value, number) => (value << width) | BigInt(number), 0n);
}
