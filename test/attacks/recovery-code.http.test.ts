/** Recovery codes: one that somebody else was told must never open an account. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { totpAt } from '../../src/platform/crypto/index.ts';
import { authorizeUrl, Browser } from '../browser.ts';
import { PASSWORD, useFactors } from '../fixtures.ts';
import { type MfaClient, mfaClient } from '../mfa/mfa-client.ts';
import { type TestServer, testServer } from '../server.ts';

const OTP = { authenticator_types: ['otp'] };

let server: TestServer;
let client: MfaClient;
let people = 0;

before(async () => {
  server = await testServer();
  await useFactors(server.ctx, ['otp', 'recovery-code'], ['all-applications']);
});
beforeEach(async () => {
  people += 1;
  client = await mfaClient(server, { email: `user${people}@example.test` });
});
after(() => server.close());

/** What whoever knows only the password is told when they begin to enrol before the user does. */
async function plant(): Promise<string> {
  const begun = await client.associate(await client.mfaToken(), OTP);
  return begun.json.recovery_codes[0];
}

test('a code planted before the user enrols by the MFA API is worth nothing; the user’s own is good', async () => {
  const planted = await plant();
  const mfaToken = await client.mfaToken();
  const { secret, recovery_codes } = (await client.associate(mfaToken, OTP)).json;
  const plantedLater = await plant();
  assert.equal((await client.otp(mfaToken, client.code(secret))).status, 200);
  for (const code of [planted, plantedLater]) {
    const refused = await client.recover(await client.mfaToken(), code);
    assert.deepEqual([refused.status, refused.json.error], [403, 'invalid_grant']);
  }
  assert.equal((await client.recover(await client.mfaToken(), recovery_codes[0])).status, 200);
});

test('a code planted before the user enrols on the pages is worth nothing; the user is shown their own', async () => {
  const planted = await plant();
  const browser = new Browser(server);
  const login = await browser.openPage(authorizeUrl({ client_id: client.credentials.client_id }));
  const page = await browser.submitPage(login, { username: client.email, password: PASSWORD });
  const secret = /[A-Z2-7]{32}/.exec(page.html.replaceAll(/\s/g, ''))?.[0] ?? '';
  const shown = await browser.submitPage(page, { code: totpAt(secret, server.clock.now()) });
  assert.equal(shown.path, '/u/mfa-recovery-code-enrollment');
  assert.ok(!shown.html.includes(planted));
  assert.equal((await client.recover(await client.mfaToken(), planted)).status, 403);
});

test('a factor that was confirmed leaves one recovery code, whatever else was begun', async () => {
  await plant();
  await client.enrollOtp();
  const listed = (await client.list(await client.mfaToken())).json as { type: string; active: boolean }[];
  const codes = listed.filter(({ type }) => type === 'recovery-code');
  assert.deepEqual(
    codes.map(({ active }) => active),
    [true],
  );
});
