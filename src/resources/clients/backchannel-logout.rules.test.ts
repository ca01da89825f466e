import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Context } from '../../kernel/index.ts';
import { requireBackchannelLogoutUrls } from './backchannel-logout.rules.ts';

function isTaken(url: string, development: boolean): boolean {
  try {
    requireBackchannelLogoutUrls({ development } as Context, { oidc_logout: { backchannel_logout_urls: [url] } });
    return true;
  } catch {
    return false;
  }
}

test('https is taken everywhere, this machine in development alone', () => {
  for (const url of ['https://app.test/logout', 'https://app.test:8443/logout?a=b', ''])
    for (const development of [true, false]) assert.ok(isTaken(url, development), url);
  for (const url of ['http://localhost:3000/', 'https://localhost/', 'http://127.0.0.1:1/x', 'http://[::1]:3000/']) {
    assert.ok(isTaken(url, true), url);
    if (!url.startsWith('https://')) assert.ok(!isTaken(url, false), url);
  }
  const never = ['http://app.test/', 'http://localhost.evil.test/', 'http://10.0.0.1/', 'file:///etc/passwd', 'x'];
  for (const url of [...never, 'https://{organization_name}.app.test/', 'https://app.test/#out'])
    for (const development of [true, false]) assert.ok(!isTaken(url, development), url);
});
