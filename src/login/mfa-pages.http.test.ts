import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { type Arrival, asArrival, authorizeUrl, Browser, type Page } from '../../test/browser.ts';
import { addApplication, addPerson, type Credentials, PASSWORD, useFactors } from '../../test/fixtures.ts';
import { type TestServer, testServer } from '../../test/server.ts';
import { approvePush, listPushes, rejectPush } from '../mfa/index.ts';
import { totpAt } from '../platform/crypto/index.ts';
import { authenticatorsOf } from '../resources/authentication-methods/index.ts';
import { createEnrollmentTicket } from '../resources/guardian/index.ts';
import { findSession } from '../resources/sessions/index.ts';
import { changeSettings } from '../resources/tenant-settings/settings.ts';
import { changePassword, usersOf } from '../resources/users/index.ts';

let server: TestServer;
let app: Credentials;
let browser: Browser;

beforeEach(async () => {
  server = await testServer();
  app = await addApplication(server.ctx);
  const ada = await addPerson(server.ctx);
  await usersOf(server.ctx).update(ada.user_id, (user) => ({ ...user, email_verified: false }));
  browser = new Browser(server);
});
afterEach(() => server.close());

const start = (parameters: Record<string, string | undefined> = {}) =>
  authorizeUrl({ client_id: app.client_id, ...parameters });
const login = async (who = browser, parameters: Record<string, string | undefined> = {}) =>
  who.submit(await who.openPage(start(parameters)), { username: 'ada@example.test', password: PASSWORD });
const loginPage = async (who = browser) => {
  const reached = await login(who);
  assert.ok('html' in reached);
  return reached;
};
const secretOn = (page: Page) => /secret=([A-Z2-7]{32})/.exec(page.html)?.[1] ?? assert.fail('no secret on the page');
const codeFrom = async (channel: string) =>
  (await server.messages({ channel }))[0]?.code ?? assert.fail('nothing was sent');
const otpFor = (secret: string) => totpAt(secret, server.clock.now());
/** Sets up an authenticator app for the user who is at its page; answers its secret and the recovery code. */
async function enrolOtp(page: Page): Promise<{ secret: string; recovery: string; arrived: Arrival }> {
  const secret = secretOn(page);
  const saved = await browser.submitPage(page, { code: otpFor(secret) });
  assert.equal(saved.path, '/u/mfa-recovery-code-enrollment');
  const recovery = /data-copy="([A-Z1-9]{24})"/.exec(saved.html)?.[1] ?? assert.fail('no recovery code');
  return { secret, recovery, arrived: await browser.submitApp(saved, { isCodeCopied: 'true' }) };
}

test('a first login under the policy sets up an app, shows the recovery code once, and goes on', async () => {
  await useFactors(server.ctx, ['otp', 'recovery-code'], ['all-applications']);
  const page = await loginPage();
  assert.equal(page.path, '/u/mfa-otp-enrollment');
  assert.equal(page.status, 200);
  assert.match(page.html, /<svg/);
  const wrong = await browser.submitPage(page, { code: '000000' });
  assert.equal(wrong.status, 400);
  assert.match(wrong.html, /That code isn&#39;t right/);
  assert.equal(secretOn(wrong), secretOn(page));
  assert.equal(secretOn(await browser.openPage(page.url)), secretOn(page));
  assert.equal((await browser.submitPage(page, { code: '' })).status, 400);
  const saved = await browser.submitPage(page, { code: otpFor(secretOn(page)) });
  assert.equal(saved.path, '/u/mfa-recovery-code-enrollment');
  assert.equal((await browser.submitPage(saved, {})).status, 400);
  const arrived = await browser.submitApp(saved, { isCodeCopied: 'true' });
  assert.ok(arrived.parameters.code);
  assert.equal((await browser.openPage(saved.url)).status, 400);
  const session = await findSession(server.ctx, browser.jar);
  assert.deepEqual(
    session?.methods.map(({ name, type }) => [name, type]),
    [
      ['pwd', undefined],
      ['mfa', 'otp'],
    ],
  );
});

test('the second login asks for the code; no session before it, and the session satisfies the policy after it', async () => {
  await useFactors(server.ctx, ['otp', 'recovery-code'], ['all-applications']);
  const { secret } = await enrolOtp(await loginPage());
  server.clock.advance(30);
  assert.ok((await browser.openApp(start())).parameters.code);
  const other = new Browser(server);
  const page = await loginPage(other);
  assert.equal(page.path, '/u/mfa-otp-challenge');
  assert.equal(other.jar.auth0, undefined);
  assert.match((await other.submitPage(page, { code: '000000' })).html, /That code isn&#39;t right/);
  assert.ok((await other.submitApp(page, { code: otpFor(secret) })).parameters.code);
  assert.ok(other.jar.auth0);
});

test('an ID token of such a login says so', async () => {
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  const page = await loginPage();
  const arrived = await browser.submitApp(page, { code: otpFor(secretOn(page)) });
  const form = {
    grant_type: 'authorization_code',
    code: arrived.parameters.code,
    redirect_uri: 'https://app.test/callback',
    ...app,
  };
  const { id_token } = (await server.post('/oauth/token', { form })).json;
  const claims = JSON.parse(Buffer.from(id_token.split('.')[1], 'base64url').toString());
  assert.deepEqual(claims.amr, ['mfa']);
  assert.equal(claims.acr, 'http://schemas.openid.net/pape/policies/2007/06/multi-factor');
});

test('a code is never accepted twice, not even by two browsers at once', async () => {
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  const page = await loginPage();
  const secret = secretOn(page);
  await browser.submitApp(page, { code: otpFor(secret) });
  server.clock.advance(60);
  const code = otpFor(secret);
  const browsers = Array.from({ length: 5 }, () => new Browser(server));
  const pages = await Promise.all(browsers.map((one) => loginPage(one)));
  const reached = await Promise.all(pages.map((one, index) => browsers[index]!.submit(one, { code })));
  assert.equal(reached.filter((one) => 'parameters' in one).length, 1);
});

test('without the list an app is set up at once, and the list is there for who asks', async () => {
  await useFactors(server.ctx, ['otp', 'sms'], ['all-applications']);
  await changeSettings(server.ctx, { flags: { mfa_show_factor_list_on_enrollment: false } });
  const page = await loginPage();
  assert.equal(page.path, '/u/mfa-otp-enrollment');
  const list = await browser.submitPage(page, { action: 'pick-authenticator' });
  assert.equal(list.path, '/u/mfa-begin-enroll-options');
  assert.equal((await browser.submitPage(list, { action: 'sms' })).path, '/u/mfa-sms-enrollment');
});

test('whoever knows only the password cannot add a factor beside the one they cannot prove', async () => {
  await useFactors(server.ctx, ['otp', 'sms'], ['all-applications']);
  const begin = await loginPage();
  assert.equal(begin.path, '/u/mfa-begin-enroll-options');
  const page = await browser.submitPage(begin, { action: 'otp' });
  await browser.submitApp(page, { code: otpFor(secretOn(page)) });
  const thief = new Browser(server);
  const challenge = await loginPage(thief);
  for (const path of ['/u/mfa-otp-enrollment', '/u/mfa-sms-enrollment', '/u/mfa-begin-enroll-options']) {
    const led = await thief.openPage(challenge.url.replace('/u/mfa-otp-challenge', path));
    assert.equal(led.path, '/u/mfa-otp-challenge', path);
  }
  const state = challenge.fields.state ?? '';
  await thief.tenant.post('/u/mfa-sms-enrollment', {
    jar: thief.jar,
    form: { state, phone: '+15551239167', channel: 'sms' },
  });
  assert.equal((await authenticatorsOf(server.ctx).list()).filter(({ type }) => type === 'phone').length, 0);
});

test('SMS: choose, type a number, confirm it; the next login sends a code, once for each opening', async () => {
  await useFactors(server.ctx, ['otp', 'sms', 'recovery-code'], ['all-applications']);
  const phonePage = await browser.submitPage(await loginPage(), { action: 'sms' });
  assert.equal(phonePage.path, '/u/mfa-sms-enrollment');
  assert.match((await browser.submitPage(phonePage, { phone: '12345', channel: 'sms' })).html, /phone number/);
  const verify = await browser.submitPage(phonePage, { phone: '+1 555 123-9167', channel: 'sms' });
  assert.equal(verify.path, '/u/mfa-sms-enrollment-verify');
  assert.match(verify.html, /\+15551239167/);
  assert.equal((await browser.submitPage(verify, { code: '000000' })).status, 400);
  const first = await codeFrom('sms');
  const resent = await browser.submitPage(verify, { action: 'resend-code' });
  assert.match(resent.html, /Sent again/);
  assert.equal(
    (await browser.submitPage(verify, { code: first === (await codeFrom('sms')) ? '000000' : first })).status,
    400,
  );
  const saved = await browser.submitPage(verify, { code: await codeFrom('sms') });
  await browser.submitApp(saved, { isCodeCopied: 'true' });

  const other = new Browser(server);
  const sentBefore = (await server.messages({ channel: 'sms' })).length;
  const challenge = await loginPage(other);
  assert.equal(challenge.path, '/u/mfa-sms-challenge');
  assert.match(challenge.html, /XXXXXXXX9167/);
  await other.openPage(challenge.url);
  assert.equal((await server.messages({ channel: 'sms' })).length, sentBefore + 1);
  assert.ok((await other.submitApp(challenge, { code: await codeFrom('sms') })).parameters.code);
});

test('a call in place of a text, and back to the list of methods', async () => {
  await useFactors(server.ctx, ['sms', 'recovery-code'], ['all-applications']);
  const verify = await browser.submitPage(await loginPage(), { phone: '+15551239167', channel: 'voice' });
  assert.equal(verify.path, '/u/mfa-voice-enrollment-verify');
  await browser.submitApp(await browser.submitPage(verify, { code: await codeFrom('voice') }), {
    isCodeCopied: 'true',
  });
  const other = new Browser(server);
  const challenge = await loginPage(other);
  const options = await other.submitPage(challenge, { action: 'pick-authenticator' });
  assert.equal(options.path, '/u/mfa-login-options');
  assert.match(options.html, /value="recovery-code::0"/);
  assert.equal((await other.submitPage(options, { action: 'nonsense' })).status, 400);
  const call = await other.submitPage(options, { action: 'voice::0' });
  assert.equal(call.path, '/u/mfa-voice-challenge');
  assert.ok((await other.submitApp(call, { code: await codeFrom('voice') })).parameters.code);
});

test('a recovery code lets in once, and its successor is shown', async () => {
  await useFactors(server.ctx, ['otp', 'recovery-code'], ['all-applications']);
  const { recovery } = await enrolOtp(await loginPage());
  const other = new Browser(server);
  const options = await other.submitPage(await loginPage(other), { action: 'pick-authenticator' });
  const page = await other.submitPage(options, { action: 'recovery-code::0' });
  assert.equal(page.path, '/u/mfa-recovery-code-challenge');
  assert.equal((await other.submitPage(page, { code: 'A'.repeat(24) })).status, 400);
  const next = await other.submitPage(page, { code: recovery.toLowerCase().replace(/(.{4})/g, '$1 ') });
  assert.equal(next.path, '/u/mfa-recovery-code-challenge-new-code');
  assert.ok(!next.html.includes(recovery));
  assert.ok((await other.submitApp(next, { isCodeCopied: 'true' })).parameters.code);
  const third = new Browser(server);
  const again = await third.openPage((await loginPage(third)).url.replace('otp-challenge', 'recovery-code-challenge'));
  assert.equal((await third.submitPage(again, { code: recovery })).status, 400);
});

test('five minutes between the factors, no more', async () => {
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  const page = await loginPage();
  const secret = secretOn(page);
  await browser.submitApp(page, { code: otpFor(secret) });
  const other = new Browser(server);
  const challenge = await loginPage(other);
  server.clock.advance(300);
  const late = await other.submitPage(challenge, { code: otpFor(secret) });
  assert.equal(late.path, '/u/login');
  const fresh = await other.submitPage(late, { username: 'ada@example.test', password: PASSWORD });
  assert.equal(fresh.path, '/u/mfa-otp-challenge');
  assert.ok((await other.submitApp(fresh, { code: otpFor(secret) })).parameters.code);
});

test('a remembered browser is not asked for thirty days, or a week of absence; others are', async () => {
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  const page = await loginPage();
  const secret = secretOn(page);
  await browser.submitApp(page, { code: otpFor(secret) });
  server.clock.advance(60);
  const trusted = new Browser(server);
  await trusted.submitApp(await loginPage(trusted), { code: otpFor(secret), rememberBrowser: 'true' });
  assert.ok(trusted.jar['auth0-mf']);
  const forget = () => {
    delete trusted.jar.auth0;
    delete trusted.jar.auth0_compat;
  };
  forget();
  assert.ok(asArrival(await login(trusted)).parameters.code);
  server.clock.advance(6 * 86_400);
  forget();
  assert.ok(asArrival(await login(trusted)).parameters.code);
  server.clock.advance(7 * 86_400);
  forget();
  assert.equal((await loginPage(trusted)).path, '/u/mfa-otp-challenge');
  assert.equal((await loginPage(new Browser(server))).path, '/u/mfa-otp-challenge');
});

test('the MFA API wants the factor whatever the browser is trusted with, and does not offer to remember it', async () => {
  await useFactors(server.ctx, ['otp'], []);
  const audience = `${server.issuer}mfa/`;
  const wish = { audience, scope: 'enroll' };
  assert.ok(asArrival(await login(browser, wish)).parameters.code, 'nobody is challenged who has nothing');
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  const page = await browser.openPage(start());
  const secret = secretOn(page);
  await browser.submitApp(page, { code: otpFor(secret) });
  server.clock.advance(30);
  const challenge = await browser.openPage(start(wish));
  assert.equal(challenge.path, '/u/mfa-otp-challenge');
  assert.ok(!challenge.html.includes('rememberBrowser'));
  const arrived = await browser.submitApp(challenge, { code: otpFor(secret), rememberBrowser: 'true' });
  assert.equal(browser.jar['auth0-mf'], undefined);
  const form = {
    grant_type: 'authorization_code',
    code: arrived.parameters.code,
    redirect_uri: 'https://app.test/callback',
    ...app,
  };
  const tokens = await server.post('/oauth/token', { form });
  assert.equal(tokens.json.expires_in, 600);
});

test('prompt=none where a factor is needed: login_required, in the words that SDKs look for', async () => {
  const silent = start({ prompt: 'none' });
  await login();
  assert.ok((await browser.openApp(silent)).parameters.code);
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  const { parameters } = await browser.openApp(silent);
  assert.deepEqual(
    [parameters.error, parameters.error_description],
    ['login_required', 'Multifactor authentication required'],
  );
  const page = await browser.openPage(start());
  assert.equal(page.path, '/u/mfa-otp-enrollment');
  await browser.submitApp(page, { code: otpFor(secretOn(page)) });
  assert.ok((await browser.openApp(silent)).parameters.code);
});

test('too many wrong codes: the page says so', async () => {
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  const page = await loginPage();
  for (let wrong = 0; wrong < 10; wrong++) await browser.submitPage(page, { code: '000000' });
  const blocked = await browser.submitPage(page, { code: otpFor(secretOn(page)) });
  assert.equal(blocked.status, 400);
  assert.match(blocked.html, /Too many wrong codes/);
});

test('e-mail, where it is all there is', async () => {
  await useFactors(server.ctx, ['email'], ['all-applications']);
  const page = await loginPage();
  assert.equal(page.path, '/u/mfa-email-enrollment');
  assert.equal(page.fields.email, 'ada@example.test');
  assert.equal((await browser.submitPage(page, { email: 'nonsense' })).status, 400);
  const verify = await browser.submitPage(page, {});
  assert.equal(verify.path, '/u/mfa-email-enrollment-verify');
  assert.ok((await browser.submitApp(verify, { code: await codeFrom('email') })).parameters.code);
  const other = new Browser(server);
  const challenge = await loginPage(other);
  assert.equal(challenge.path, '/u/mfa-email-challenge');
  assert.ok((await other.submitApp(challenge, { code: await codeFrom('email') })).parameters.code);
});

test('another user at the same login: what the first one proves does not count for the second', async () => {
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  const page = await loginPage();
  const secret = secretOn(page);
  await browser.submitApp(page, { code: otpFor(secret) });
  await addPerson(server.ctx, 'bob@example.test');
  const shared = new Browser(server);
  const first = await shared.openPage(start());
  const challenge = await shared.submitPage(first, { username: 'ada@example.test', password: PASSWORD });
  await shared.submitPage(first, { username: 'bob@example.test', password: PASSWORD });
  server.clock.advance(30);
  const reached = await shared.submit(challenge, { code: otpFor(secret) });
  assert.ok('html' in reached);
  assert.equal(reached.path, '/u/mfa-otp-enrollment');
});

test('an enrolment ticket: sets a factor up without an application, once', async () => {
  await useFactors(server.ctx, ['otp', 'sms', 'recovery-code'], []);
  const ada = await usersOf(server.ctx).find({ email: 'ada@example.test' });
  const terms = { user_id: ada?.user_id ?? '', factor: 'otp', allow_multiple_enrollments: false } as const;
  const link = `/mfa/enrollment?ticket=${await createEnrollmentTicket(server.ctx, terms)}`;
  const page = await browser.openPage(link);
  assert.equal(page.path, '/u/mfa-otp-enrollment');
  const thief = new Browser(server);
  assert.equal((await thief.openPage(page.url)).status, 400, 'the page alone is worth nothing elsewhere');
  const saved = await browser.submitPage(page, { code: otpFor(secretOn(page)) });
  assert.equal(saved.path, '/u/mfa-recovery-code-enrollment');
  const done = await browser.submitPage(saved, { isCodeCopied: 'true' });
  assert.equal(done.path, '/u/mfa-enrollment-result');
  assert.match(done.html, /You&#39;re all set/);
  assert.equal(browser.jar.auth0, undefined);
  assert.equal((await browser.openPage(link)).status, 400);
  assert.equal((await browser.openPage('/mfa/enrollment?ticket=made-up')).status, 400);
  assert.equal((await browser.openPage(page.url)).path, '/u/mfa-enrollment-result');
  const second = `/mfa/enrollment?ticket=${await createEnrollmentTicket(server.ctx, terms)}`;
  assert.match((await browser.openPage(second)).html, /Nothing to set up/);
});

test('push: set up by the app, then approved or rejected, and the code of the app in its place', async () => {
  await useFactors(server.ctx, ['push-notification'], ['all-applications']);
  const pending = async () =>
    (await listPushes(server.ctx)).find(({ status }) => status === 'pending')?.id ?? assert.fail('no push');
  const page = await loginPage();
  assert.equal(page.path, '/u/mfa-push-enrollment');
  const waiting = await browser.submitPage(page, {});
  assert.equal(waiting.status, 200);
  assert.match(waiting.html, /haven&#39;t heard/);
  await approvePush(server.ctx, await pending());
  assert.ok((await browser.submitApp(page, {})).parameters.code);

  const other = new Browser(server);
  const challenge = await loginPage(other);
  assert.equal(challenge.path, '/u/mfa-push-challenge-push');
  assert.match(challenge.html, /Development device/);
  assert.equal((await other.submitPage(challenge, {})).status, 200);
  await rejectPush(server.ctx, await pending());
  const rejected = await other.submitPage(challenge, {});
  assert.equal(rejected.status, 400);
  assert.match(rejected.html, /You turned this request down/);
  assert.equal((await other.submitPage(challenge, {})).status, 400, 'a rejected push stays rejected');
  await other.submitPage(challenge, { action: 'resend-code' });
  assert.equal((await other.submitPage(challenge, { action: 'enter-otp-code' })).path, '/u/mfa-otp-challenge');
  await approvePush(server.ctx, await pending());
  assert.ok((await other.submitApp(challenge, {})).parameters.code);
});

test('a password that was changed since ends a login that waits for its second factor', async () => {
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  const page = await loginPage();
  server.clock.advance(1);
  const ada = await usersOf(server.ctx).find({ email: 'ada@example.test' });
  await changePassword(server.ctx, ada?.user_id ?? '', 'Another-horse-2');
  const reached = await browser.submitPage(page, { code: otpFor(secretOn(page)) });
  assert.equal(reached.path, '/u/login');
  const factors = await authenticatorsOf(server.ctx).list({ where: { user_id: ada?.user_id ?? '' } });
  assert.deepEqual(
    factors.map(({ confirmed }) => confirmed),
    [false],
    'nobody sets up a factor with a password that is no longer theirs',
  );
});
