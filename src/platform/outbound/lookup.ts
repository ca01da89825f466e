import { lookup as lookupHost } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { type AddressKind, classifyAddress } from './address.ts';
import { OutboundRefused } from './errors.ts';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Turns a host name into its addresses. Rejects when there are none. */
export type HostLookup = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export type AddressRule = (kind: AddressKind) => boolean;

/** Asks the operating system, so that the hosts file and the search domains count. */
export const systemLookup: HostLookup = async (hostname) => {
  const found = await lookupHost(hostname, { all: true });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
};

/**
 * Resolves `hostname` and keeps the addresses that `mayConnect` accepts.
 * Throws OutboundRefused when the name has addresses but none is acceptable.
 */
export async function resolveAllowed(
  hostname: string,
  lookup: HostLookup,
  mayConnect: AddressRule,
): Promise<readonly ResolvedAddress[]> {
  const found = await lookup(hostname);
  const allowed = found.filter(({ address }) => mayConnect(classifyAddress(address)));
  if (allowed.length === 0) throw new OutboundRefused('address', `${hostname} has no address that may be contacted`);
  return allowed;
}

/**
 * A `lookup` for node:net: the socket connects to what it returns and asks nobody again, so a name that answers
 * differently the second time (DNS rebinding) gains nothing.
 */
export function guardLookup(lookup: HostLookup, mayConnect: AddressRule): LookupFunction {
  return (hostname, options, callback) => {
    resolveAllowed(hostname, lookup, mayConnect).then(
      (allowed) => {
        const first = allowed[0] as ResolvedAddress;
        if (options.all) callback(null, [...allowed]);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, ''),
    );
  };
}
