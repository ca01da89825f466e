/** A tenant whose only factor is e-mail: a verified address guards the account, and the password alone must not get past it. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { usersOf } from '../../src/resources/users/index.ts';
import { addPerson, CONNECTION, PASSWORD, PASSWORD_REALM, useFactors } from '../fixtures.ts';
import { type MfaClient, mfaClient } from '../mfa/mfa-client.ts';
import { type TestServer, testServer } from '../server.ts';

const MINE = { authenticator_types: ['oob'], oob_channels: ['email'], email: 'mallory@example.org' };

let server: TestServer;
let client: MfaClient;
let people = 0;

before(async () => {
  server = await testServer();
});
beforeEach(async () => {
  await useFactors(server.ctx, ['email'], ['all-applications']);
  people += 1;
  client = await mfaClient(server, { email: `user${people}@example.test` });
});
after(() => server.close());

const mailsToMe = () => server.messages({ channel: 'email', to: MINE.email });

test('an mfa_token does not enrol another address', async () => {
  const refused = await client.associate(await client.mfaToken(), MINE);
  assert.deepEqual([refused.status, refused.json.error_description], [403, 'User is already enrolled.']);
  assert.deepEqual(await mailsToMe(), []);
});

test('an address that was begun before the user’s own was verified is not confirmed after it', async () => {
  const { ctx } = server;
  const person = await addPerson(ctx, 'late@example.test');
  const users = usersOf(ctx);
  await users.update(person.user_id, (user) => ({ ...user, email_verified: false }));
  const login = { grant_type: PASSWORD_REALM, realm: CONNECTION, username: 'late@example.test', password: PASSWORD };
  const { mfa_token } = (await client.token(login)).json;
  const { oob_code } = (await client.associate(mfa_token, MINE)).json;
  const [mail] = await mailsToMe();
  await users.update(person.user_id, (user) => ({ ...user, email_verified: true }));
  const refused = await client.oob(mfa_token, oob_code, mail?.code);
  assert.deepEqual([refused.status, refused.json.error], [403, 'invalid_grant']);
});

test('the MFA API wants the address proved first, whatever the policy', async () => {
  for (const policies of [['all-applications'], ['confidence-score'], []] as const) {
    await useFactors(server.ctx, ['email'], policies);
    const stopped = await client.login({ audience: `${server.issuer}mfa/`, scope: 'enroll' });
    assert.deepEqual([stopped.status, stopped.json.error], [403, 'mfa_required']);
    assert.deepEqual(stopped.json.mfa_requirements, { challenge: [{ type: 'email' }] });
  }
});

test('whoever reads mail at the address gets in, and may add another', async () => {
  const { mfa_token } = (await client.login({ audience: `${server.issuer}mfa/`, scope: 'enroll' })).json;
  const { oob_code } = (await client.challenge(mfa_token)).json;
  const { access_token } = (await client.oob(mfa_token, oob_code, await client.lastCode('email'))).json;
  assert.equal((await client.associate(access_token, MINE)).status, 200);
});
