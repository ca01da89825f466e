import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as pages from '../index.ts';
import { sampleScreens } from '../pages.samples.ts';

const same = (plain: string) => plain;
const plain = sampleScreens({ text: same, url: same });

test('an error is tied to its field, which gets the focus', () => {
  const page = pages.renderLogin({
    theme: { companyName: 'Northwind' },
    lang: 'en',
    nonce: 'n',
    state: 's',
    action: '/u/login',
    username: 'ada@example.com',
    errors: { password: pages.errorText('en', 'wrong-email-credentials') },
  });
  const input = /<input [^>]*name="password"[^>]*>/.exec(page)?.[0] ?? '';
  assert.match(input, / autofocus aria-invalid="true" aria-describedby="password-error"/);
  assert.match(page, /id="password-error" role="alert">.*<span>Wrong email or password<\/span>/);
  assert.match(page, /name="username"[^>]* value="ada@example.com"/);
  assert.doesNotMatch(input, / value=/);
});

test('what is not offered is not on the page', () => {
  const view = { theme: { companyName: 'Northwind' }, lang: 'en', nonce: 'n', state: 's', action: '/u/login' };
  assert.doesNotMatch(pages.renderLogin(view), /href="\/|Sign up|Forgot/);
  assert.doesNotMatch(pages.renderMfaOtpChallenge(view), /rememberBrowser|pick-authenticator/);
  const voice = pages.renderMfaSmsEnrollment({ ...view, channels: ['voice'] });
  assert.match(voice, /<input type="hidden" name="channel" value="voice">/);
  assert.doesNotMatch(voice, /type="radio"/);
});

test('a message to an application holds its answer only where somebody may read it', () => {
  const view = { theme: { companyName: 'N' }, lang: 'en', nonce: 'n', response: { code: 'c"&<', expires_in: 7200 } };
  const page = pages.renderWebMessage({ ...view, targetOrigin: 'https://app.example' });
  assert.match(page, / data-target-origin="https:\/\/app\.example"/);
  assert.match(
    page,
    / data-response="\{&quot;code&quot;:&quot;c\\&quot;&amp;&lt;&quot;,&quot;expires_in&quot;:7200\}"/,
  );
  assert.match(page, /postMessage\(message, targetOrigin\)/);
  const silent = pages.renderWebMessage(view);
  assert.doesNotMatch(silent, /<script|7200/);
});

test('a form that answers an application has its parameters and nothing else', () => {
  const page = plain.renderFormPost?.() ?? '';
  const names = Array.from(page.matchAll(/<input [^>]*name="([^"]+)"/g), (match) => match[1]);
  assert.deepEqual(names, ['code', 'state']);
  const view = { theme: { companyName: 'N' }, lang: 'en', nonce: 'n', parameters: {} };
  assert.throws(() => pages.renderFormPost({ ...view, redirect_uri: 'javascript:alert(1)' }), TypeError);
  assert.match(pages.renderFormPost({ ...view, redirect_uri: 'com.example.app:/cb' }), /action="com.example.app:\/cb"/);
});

test('the texts that tools look for are there, word for word', () => {
  assert.equal(pages.errorText('en', 'wrong-email-credentials'), 'Wrong email or password');
  assert.equal(pages.errorText('en-GB', 'wrong-username-credentials'), 'Wrong username or password');
  assert.equal(
    pages.errorText('xx', 'user-blocked'),
    'Your account has been blocked after multiple consecutive login attempts.',
  );
  assert.match(
    (plain.renderResetPasswordEmailSent?.() ?? '').replaceAll('&#39;', "'"),
    /We've just sent you an email to reset your password\./,
  );
  assert.match(plain.renderError?.() ?? '', /<h1>Oops!, something went wrong<\/h1>/);
});

test('a page says the language that it is in, not the one that was asked for', () => {
  const view = { theme: { companyName: 'N' }, lang: 'tlh', nonce: 'n' };
  assert.match(pages.renderLoggedOut(view), /<html lang="en" dir="ltr">/);
});
