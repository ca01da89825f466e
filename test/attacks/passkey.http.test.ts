/** Attacks on accounts that have, or are said to have, a passkey. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { usersOf } from '../../src/resources/users/index.ts';
import { newAuthenticator } from '../authenticator.ts';
import { Browser } from '../browser.ts';
import { addPasskeyClient, addPasskeyDatabase, EMAIL, INVALID, passkeyCalls } from '../passkeys.ts';
import { type TestServer, testServer } from '../server.ts';
import { type Credentials, PASSWORD, payloadOf, refusalOf } from '../token-fixture.ts';

let server: TestServer;
let client: Credentials;
let origin: string;
const { signUp, logIn } = passkeyCalls(() => ({ server, client }));

beforeEach(async () => {
  server = await testServer();
  client = await addPasskeyClient(server);
  await addPasskeyDatabase(server, 'db', client.client_id);
  origin = new URL(server.issuer).origin;
});
afterEach(() => server.close());

/** The owner of the address asks for a link, and sets a password with it. */
async function resetPassword(): Promise<void> {
  const json = { connection: 'db', email: EMAIL, client_id: client.client_id };
  assert.equal((await server.post('/dbconnections/change_password', { json })).status, 200);
  const mails = await server.messages({ to: EMAIL });
  const link = new URL(mails.find((mail) => mail.link?.includes('/lo/reset'))?.link ?? '');
  const browser = new Browser(server);
  const page = await browser.openPage(link.pathname + link.search);
  const done = await browser.submitPage(page, { 'password-reset': PASSWORD, 're-enter-password': PASSWORD });
  assert.equal(done.status, 200, done.html);
}

test('who signs up with somebody else’s address loses the account when its owner comes', async () => {
  const thief = newAuthenticator(origin);
  assert.equal((await signUp(thief)).status, 200);
  assert.equal((await logIn(thief)).status, 200);
  await resetPassword();
  assert.deepEqual(refusalOf(await logIn(thief)), INVALID);
});

test('who has proved their address keeps their passkey through a reset', async () => {
  const key = newAuthenticator(origin);
  const sub = String(payloadOf((await signUp(key)).json.id_token).sub);
  await usersOf(server.ctx).update(sub, (user) => ({ ...user, email_verified: true }));
  await resetPassword();
  assert.equal((await logIn(key)).status, 200);
});
