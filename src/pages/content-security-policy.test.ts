import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentSecurityPolicy, ONWARDS } from './content-security-policy.ts';

const nonce = 'bm9uY2Utbm9uY2Utbm9uY2U=';
const formAction = (targets: string[]) =>
  / form-action ([^;]*);/.exec(contentSecurityPolicy({ nonce, formAction: targets }))?.[1];

test('nothing is allowed but our own styles and scripts, images and forms', () => {
  assert.equal(
    contentSecurityPolicy({ nonce, formAction: ["'self'"] }),
    `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; img-src https: data:; ` +
      "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  );
});

test('callback URLs become origins or schemes, each once', () => {
  assert.equal(
    formAction(["'self'", 'https://app.example/a?b=c', 'https://app.example/other', 'com.example.app://cb/x']),
    "'self' https://app.example com.example.app:",
  );
  assert.equal(formAction(['http://127.0.0.1:4200/cb', 'http://[::1]:4200/cb']), 'http://127.0.0.1:4200 http:');
});

test('where callbacks lead on to is spelled as it is', () => {
  assert.equal(formAction(["'self'", ...ONWARDS]), "'self' https: http://localhost:* http://127.0.0.1:*");
});

test('one origin may show a page in a frame, and never a whole scheme', () => {
  const framing = (framedBy: string | undefined) =>
    / frame-ancestors ([^;]*)$/.exec(contentSecurityPolicy({ nonce, formAction: [], framedBy }))?.[1];
  assert.equal(framing('https://app.example:8443'), 'https://app.example:8443');
  for (const bad of [
    undefined,
    '',
    '*',
    "'self'",
    'https://[::1]:3000',
    'com.example.app://x',
    'https://a;script-src *',
  ])
    assert.equal(framing(bad), "'none'", String(bad));
});

test('no target can add to the policy', () => {
  assert.equal(formAction([]), "'none'");
  assert.equal(formAction(['not a url', "'unsafe-inline'", '*']), "'none'");
  for (const bad of ['https://a;script-src *', 'https://a,b/', "https://a'b/"]) {
    assert.match(formAction([bad]) ?? '', /^(https:|'none')$/);
  }
});

test('a malformed nonce is a mistake of the program', () => {
  for (const bad of ['', 'short', "a'; script-src *; aaaaaaaaaa"]) {
    assert.throws(() => contentSecurityPolicy({ nonce: bad, formAction: [] }), TypeError);
  }
});
