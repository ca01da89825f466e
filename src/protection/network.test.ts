import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkOf } from './network.ts';

test('IPv6 addresses count by their network, all others as they are', () => {
  const networks = {
    '192.0.2.1': '192.0.2.1',
    '2001:db8:1:2::1': '2001:db8:1:2::/64',
    '2001:DB8:1:2:ffff:ffff:ffff:ffff': '2001:db8:1:2::/64',
    '2001:db8::1': '2001:db8:0:0::/64',
    '::1': '0:0:0:0::/64',
    'fe80::1%eth0': 'fe80:0:0:0::/64',
    '::ffff:192.0.2.1': '192.0.2.1',
    '::ffff:c000:201': '192.0.2.1',
    '': '',
    nonsense: 'nonsense',
  };
  for (const [ip, network] of Object.entries(networks)) assert.equal(networkOf(ip), network, ip);
});
