import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAddressOrNetwork, readAddressList } from './address-list.ts';

test('addresses and networks', () => {
  for (const entry of ['10.0.0.1', '10.0.0.0/8', '0.0.0.0/0', '::1', '2001:db8::/32', '2001:db8::1/128'])
    assert.equal(isAddressOrNetwork(entry), true, entry);
  for (const entry of [
    '',
    'localhost',
    '10.0.0',
    '10.0.0.1/33',
    '10.0.0.1/',
    '10.0.0.1/08',
    '::1/129',
    'fe80::1%eth0',
    '10.0.0.1/8/8',
    ' ::1',
  ])
    assert.equal(isAddressOrNetwork(entry), false, entry);
});

test('who is listed', () => {
  const isListed = readAddressList(['10.1.0.0/16', '192.0.2.7', '2001:db8::/32']);
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.7', '2001:db8::5'])
    assert.equal(isListed(address), true, address);
  for (const address of ['10.2.0.1', '192.0.2.8', '2001:db9::1', '', 'x', '::1'])
    assert.equal(isListed(address), false, address);
  assert.equal(readAddressList([])('10.1.2.3'), false);
});
