import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isUnverifiableCallback, matchRegisteredUrl } from './registered-url.ts';

const REGISTERED = [
  'https://app.example.com/callback',
  'https://app.example.com/other?tenant=1',
  'com.example.app://callback',
  'https://*.apps.example.com/cb',
  'https://pr-*.preview.example.com/cb',
  'http://127.0.0.1/cb',
  'http://localhost:3000/cb',
];
const matches = (url: string, options = {}) => matchRegisteredUrl(REGISTERED, url, options) !== undefined;

test('registered callbacks match as they are written, and only so', () => {
  for (const url of REGISTERED.filter((one) => !one.includes('*'))) assert.ok(matches(url), url);
  const refused = [
    'https://app.example.com/callback/',
    'https://app.example.com/callback?x=1',
    'https://app.example.com/callback#x',
    'https://app.example.com/Callback',
    'HTTPS://app.example.com/callback',
    'https://APP.example.com/callback',
    'https://app.example.com:443/callback',
    'https://app.example.com/other',
    'https://app.example.com./callback',
    'http://app.example.com/callback',
    'https://app.example.com/a/../callback',
    'https://app.example.com/%63allback',
    'https://app.example.com//callback',
    'https://app.example.com\\callback',
    'https://app.example.com@evil.example/callback',
    'https://evil.example/https://app.example.com/callback',
    'https://app.example.com/callback\t',
    'https://app.example.com/callback\n',
    'https://аpp.example.com/callback',
    'https://app。example.com/callback',
    'com.example.app://callback/',
    'com.example.app:/callback',
    '//app.example.com/callback',
    '/callback',
    '',
  ];
  for (const url of refused) assert.ok(!matches(url), url);
});

test('a placeholder stands for exactly one label', () => {
  for (const url of [
    'https://a.apps.example.com/cb',
    'https://a-1.apps.example.com/cb',
    'https://pr-12.preview.example.com/cb',
  ])
    assert.ok(matches(url), url);
  const refused = [
    'https://apps.example.com/cb',
    'https://.apps.example.com/cb',
    'https://a.b.apps.example.com/cb',
    'https://evil.com/.apps.example.com/cb',
    'https://evil.com?.apps.example.com/cb',
    'https://evil.com#.apps.example.com/cb',
    'https://evil.com:1.apps.example.com/cb',
    'https://x@a.apps.example.com/cb',
    'https://-.apps.example.com/cb',
    'https://a_b.apps.example.com/cb',
    'https://*.apps.example.com/cb?x',
    'https://a.apps.example.com/cb/x',
    'https://a.apps.example.com:8443/cb',
    'http://a.apps.example.com/cb',
    'https://pr-.preview.example.com/cb',
    'https://main.preview.example.com/cb',
  ];
  for (const url of refused) assert.ok(!matches(url), url);
});

test('placeholders that would cover a whole top-level domain, a path or several labels match nothing', () => {
  for (const pattern of [
    'https://*.com/cb',
    'https://*/cb',
    'https://a.example.com/*',
    'https://*.*.example.com/cb',
    '*',
  ])
    assert.equal(matchRegisteredUrl([pattern], 'https://a.example.com/cb'), undefined, pattern);
});

test('native applications choose their loopback port', () => {
  const native = { anyLoopbackPort: true };
  for (const url of [
    'http://127.0.0.1:51004/cb',
    'http://127.0.0.1/cb',
    'http://localhost:1/cb',
    'http://localhost/cb',
  ])
    assert.ok(matches(url, native), url);
  for (const url of [
    'http://127.0.0.1:51004/other',
    'https://127.0.0.1:51004/cb',
    'http://127.0.0.2:51004/cb',
    'http://127.0.0.1:99999/cb',
    'http://127.0.0.1:51004@evil.example/cb',
    'http://127.0.0.1.evil.example/cb',
    'http://[::1]:51004/cb',
    'https://app.example.com:8443/callback',
  ])
    assert.ok(!matches(url, native), url);
  assert.ok(!matches('http://127.0.0.1:51004/cb'));
});

test('logout URLs: query and fragment do not count, scheme and host in any case, the path exactly', () => {
  const list = ['https://app.example.com/bye', 'http://*.example.com', 'https://q.example.com/out?x=1'];
  const allowed = (url: string) => matchRegisteredUrl(list, url, { ignoreQuery: true }) !== undefined;
  for (const url of [
    'https://app.example.com/bye?a=1#b',
    'HTTPS://APP.example.com/bye',
    'http://one.example.com',
    'http://one.example.com/?x',
    'https://q.example.com/out?y=2',
  ])
    assert.ok(allowed(url), url);
  for (const url of [
    'https://app.example.com/Bye',
    'https://app.example.com/bye/',
    'https://one.example.com',
    'http://one.example.com/x',
  ])
    assert.ok(!allowed(url), url);
});

test('active schemes never match, even when somebody registered them', () => {
  for (const url of [
    'javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://a.example/x',
  ])
    assert.equal(matchRegisteredUrl([url], url), undefined, url);
});

const tricks = fc.constantFrom(
  '@',
  '\\',
  '.',
  '/',
  '//',
  '/..',
  '/./',
  '%2e',
  '%2f',
  '%00',
  '\t',
  '\n',
  ' ',
  '。',
  'ａ',
  '#',
  '?',
  ':',
  ';',
  '*',
  'evil.example',
);

test('whatever is put into a registered URL, it is refused or still leads to the registered host', () => {
  const sample = fc.constantFrom(
    ...REGISTERED.filter((url) => url.startsWith('http')).map((url) => url.replace('*', 'a1')),
  );
  fc.assert(
    fc.property(sample, fc.array(tricks, { minLength: 1, maxLength: 4 }), fc.nat(60), (url, parts, at) => {
      const position = at % (url.length + 1);
      const tampered = url.slice(0, position) + parts.join('') + url.slice(position);
      const matched = matchRegisteredUrl(REGISTERED, tampered, { anyLoopbackPort: true });
      if (matched === undefined) return;
      const parsed = new URL(tampered);
      const expected = new URL(matched.replace('*', 'x'));
      const isSameHost = matched.includes('*')
        ? parsed.hostname.endsWith(expected.hostname.slice(expected.hostname.indexOf('.')))
        : parsed.hostname === expected.hostname;
      assert.ok(isSameHost && parsed.username === '' && parsed.pathname === expected.pathname, tampered);
    }),
    { numRuns: 3000 },
  );
});

test('random URLs never match', () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => !matches(url)),
    { numRuns: 500 },
  );
});

test('custom schemes and this device are not verifiable; names under .localhost are', () => {
  for (const url of [
    'com.example.app://cb',
    'http://localhost:3000/cb',
    'http://127.0.0.1/cb',
    'http://127.9.9.9/cb',
    'http://[::1]/cb',
  ])
    assert.ok(isUnverifiableCallback(url), url);
  for (const url of ['https://app.example.com/cb', 'http://app.localhost/cb', 'http://127.0.0.1.example.com/cb'])
    assert.ok(!isUnverifiableCallback(url), url);
});
