import { BlockList, isIP, isIPv6 } from 'node:net';

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');

/** Is `entry` an IP address, or a network in CIDR notation? */
export function isAddressOrNetwork(entry: string): boolean {
  const [, address = '', prefix] = /^([^/]+?)(?:\/(0|[1-9]\d{0,2}))?$/.exec(entry) ?? [];
  if (isIP(address) === 0 || address.includes('%')) return false;
  return Number(prefix ?? 0) <= (isIPv6(address) ? 128 : 32);
}

/** Whether an IP address is one of `entries` or in one of their networks. An IPv4 address in IPv6 form counts as what it is. */
export function readAddressList(entries: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/');
    if (prefix === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(prefix), familyOf(address));
  }
  return (asked) => {
    const address = asked.replace(/^::ffff:(?=\d+\.)/i, '');
    return isIP(address) !== 0 && list.check(address, familyOf(address));
  };
}
