/** Browsers that may skip the second factor: only for whom, and only as long as, they were trusted. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { totpAt } from '../../src/platform/crypto/index.ts';
import type { User } from '../../src/resources/users/index.ts';
import { authorizeUrl, Browser, type Page } from '../browser.ts';
import { addApplication, addPerson, type Credentials, PASSWORD, useFactors } from '../fixtures.ts';
import { managementToken } from '../management.ts';
import { type TestServer, testServer } from '../server.ts';

const CHALLENGE = '/u/mfa-otp-challenge';
const ENROLLMENT = '/u/mfa-otp-enrollment';

let server: TestServer;
let app: Credentials;
let people = 0;

before(async () => {
  server = await testServer();
  app = await addApplication(server.ctx);
  await useFactors(server.ctx, ['otp'], ['all-applications']);
});
beforeEach(() => {
  server.clock.advance(60);
});
after(() => server.close());

const secretOn = (page: Page) => /[A-Z2-7]{32}/.exec(page.html.replaceAll(/\s/g, ''))?.[0] ?? '';
const logIn = async (browser: Browser, { email = '' }: User) => {
  const page = await browser.openPage(authorizeUrl({ client_id: app.client_id, prompt: 'login' }));
  return browser.submit(page, { username: email, password: PASSWORD });
};

/** Somebody with an app, and a browser of theirs that is trusted. */
async function trusted(): Promise<{ user: User; browser: Browser }> {
  people += 1;
  const user = await addPerson(server.ctx, `user${people}@example.test`);
  const browser = new Browser(server);
  const enrolment = (await logIn(browser, user)) as Page;
  assert.equal(enrolment.path, ENROLLMENT);
  const secret = secretOn(enrolment);
  await browser.submitApp(enrolment, { code: totpAt(secret, server.clock.now()) });
  server.clock.advance(60);
  const challenge = (await logIn(browser, user)) as Page;
  assert.equal(challenge.path, CHALLENGE);
  await browser.submitApp(challenge, { code: totpAt(secret, server.clock.now()), rememberBrowser: 'true' });
  assert.ok('parameters' in (await logIn(browser, user)), 'is trusted');
  return { user, browser };
}

test('a stolen cookie does not serve another account', async () => {
  const [mine, theirs] = [await trusted(), await trusted()];
  const thief = new Browser(server);
  for (const name of ['auth0-mf', 'auth0-mf_compat']) thief.jar[name] = mine.browser.jar[name] ?? '';
  assert.equal(((await logIn(thief, theirs.user)) as Page).path, CHALLENGE);
});

test('trust ends with the factor that it was given for', async () => {
  const bearer = await managementToken(server, ['delete:guardian_enrollments', 'update:users']);
  const removals = [
    ['DELETE', 'authenticators'],
    ['DELETE', 'multifactor/google-authenticator'],
  ] as const;
  for (const [method, what] of removals) {
    const { user, browser } = await trusted();
    const path = `/api/v2/users/${encodeURIComponent(user.user_id)}/${what}`;
    assert.equal((await server.request(method, path, { bearer })).status, 204);
    const page = (await logIn(browser, user)) as Page;
    assert.equal(page.path, ENROLLMENT, what);
    await browser.submitApp(page, { code: totpAt(secretOn(page), server.clock.now()) });
    server.clock.advance(60);
    assert.equal(((await logIn(browser, user)) as Page).path, CHALLENGE, 'the new factor is not skipped either');
  }
});
