/** Phones, e-mail and their twins: enrolled, challenged, shown and removed. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { guardianCollection } from '../../src/resources/guardian/index.ts';
import { logsOf } from '../../src/resources/logs/index.ts';
import { usersOf } from '../../src/resources/users/index.ts';
import { useFactors } from '../fixtures.ts';
import { type TestServer, testServer } from '../server.ts';
import { type MfaClient, mfaClient } from './mfa-client.ts';

const oob = (channel: string, rest: object = {}) => ({
  authenticator_types: ['oob'],
  oob_channels: [channel],
  ...rest,
});

interface Listed {
  readonly id: string;
  readonly oob_channel?: string;
  readonly name?: string;
  readonly active: boolean;
}

let server: TestServer;
let client: MfaClient;
let people = 0;

before(async () => {
  server = await testServer();
});
after(() => server.close());
beforeEach(async () => {
  people += 1;
  await useFactors(server.ctx, ['otp', 'sms', 'email'], ['all-applications']);
  client = await mfaClient(server, { email: `person${people}@example.test` });
});

async function listed(bearer: string): Promise<Listed[]> {
  return (await client.list(bearer)).json;
}

/** The types of the user's log events, oldest first. */
async function logged(): Promise<string[]> {
  const [user] = await usersOf(server.ctx).list({ where: { email: client.email } });
  const events = await logsOf(server.ctx).list({ where: { user_id: user?.user_id ?? '' } });
  return events.map(({ type }) => type);
}

test('a phone is texted and called under one id, and removed as one', async () => {
  const access = await client.accessToken();
  await client.enrollSms(access, '+15551239167');
  const phones = (await listed(access)).filter(({ oob_channel }) => oob_channel !== 'email');
  assert.deepEqual(
    phones.map(({ id, oob_channel, name }) => [id.split('|')[0], oob_channel, name]),
    [
      ['sms', 'sms', 'XXXXXXXX9167'],
      ['voice', 'voice', 'XXXXXXXX9167'],
    ],
  );
  assert.equal(phones[0]?.id.split('|')[1], phones[1]?.id.split('|')[1]);
  assert.equal((await client.remove(access, phones[1]?.id ?? '')).status, 204);
  assert.equal((await client.remove(access, phones[0]?.id ?? '')).status, 404);
  assert.deepEqual(
    (await logged()).filter((type) => type.startsWith('gd_')),
    ['gd_start_enroll', 'gd_send_sms', 'gd_enrollment_complete', 'gd_auth_succeed', 'gd_unenroll'],
  );
});

test('a phone that was enrolled by a call can be texted', async () => {
  const mfaToken = await client.mfaToken();
  const begun = await client.associate(mfaToken, oob('voice', { phone_number: '+44 20 7946 0958' }));
  assert.equal(begun.json.oob_channel, 'voice');
  const [call] = await server.messages({ channel: 'voice' });
  assert.equal(call?.to, '+442079460958');
  assert.equal((await client.oob(mfaToken, begun.json.oob_code, call?.code)).status, 200);

  const second = await client.mfaToken();
  const sms = (await listed(second)).find(({ id }) => id.startsWith('sms|'));
  const challenged = await client.challenge(second, { authenticator_id: sms?.id });
  assert.deepEqual([challenged.json.challenge_type, challenged.json.binding_method], ['oob', 'prompt']);
  const [message] = await server.messages({ channel: 'sms' });
  assert.match(message?.text ?? '', /^\d{6} is your verification code for tenant$/);
  assert.equal((await client.oob(second, challenged.json.oob_code, message?.code)).status, 200);
});

test('a verified address is a factor by itself: shown, challenged, never removed', async () => {
  await client.enrollOtp();
  server.clock.advance(30);
  const mfaToken = await client.mfaToken();
  const email = (await listed(mfaToken)).find(({ oob_channel }) => oob_channel === 'email');
  assert.deepEqual([email?.active, email?.name], [true, `${'*'.repeat(client.email.length - 13)}@exam********`]);
  const { oob_code } = (await client.challenge(mfaToken, { authenticator_id: email?.id })).json;
  const [message] = await server.messages({ channel: 'email' });
  assert.equal(message?.to, client.email);
  assert.equal((await client.oob(mfaToken, oob_code, message?.code)).status, 200);
});

test('an enrolled address is a factor of its own and can be removed', async () => {
  const access = await client.accessToken();
  const begun = await client.associate(access, oob('email', { email: 'private@example.org' }));
  assert.deepEqual([begun.json.oob_channel, begun.json.binding_method], ['email', 'prompt']);
  const [message] = await server.messages({ to: 'private@example.org' });
  assert.equal((await client.oob(access, begun.json.oob_code, message?.code)).status, 200);
  const all = await listed(access);
  assert.deepEqual(
    all.map(({ name }) => name).sort(),
    ['*******@exam*******', `${'*'.repeat(client.email.length - 13)}@exam********`].sort(),
  );
  const explicit = all.find(({ name }) => name === '*******@exam*******');
  const implicit = all.find((one) => one !== explicit);
  assert.deepEqual((await client.remove(access, implicit?.id ?? '')).json.error, 'access_denied');
  assert.equal((await client.remove(access, explicit?.id ?? '')).status, 204);
});

test('an unconfirmed factor is shown as such, cannot be used, and is gone after ten minutes', async () => {
  const access = await client.accessToken();
  await client.associate(access, oob('sms', { phone_number: '+15551239167' }));
  const states = (await listed(access))
    .filter(({ oob_channel }) => oob_channel !== 'email')
    .map(({ active }) => active);
  assert.deepEqual(states, [false, false]);
  server.clock.advance(601);
  assert.deepEqual(
    (await listed(await client.accessToken())).filter(({ oob_channel }) => oob_channel === 'sms'),
    [],
  );
});

test('a factor that the tenant switched off is no factor', async () => {
  await client.enrollOtp();
  await useFactors(server.ctx, ['sms'], ['all-applications']);
  const stopped = (await client.login()).json;
  assert.deepEqual(stopped.mfa_requirements, { enroll: [{ type: 'phone' }] });
  assert.equal((await client.challenge(stopped.mfa_token)).json.error, 'association_required');
});

test('message types: a phone that may only be called is not texted', async () => {
  await server.ctx.store
    .collection(guardianCollection)
    .update('guardian', (settings) => ({ ...settings, phone_message_types: ['voice'] }));
  const mfaToken = await client.mfaToken();
  const refused = await client.associate(mfaToken, oob('sms', { phone_number: '+15551239167' }));
  assert.deepEqual([refused.status, refused.json.error], [403, 'enrollment_method_disabled']);
  const begun = await client.associate(mfaToken, oob('voice', { phone_number: '+15551239167' }));
  assert.equal((await client.oob(mfaToken, begun.json.oob_code, await client.lastCode('voice'))).status, 200);
  const requirements = (await client.login()).json.mfa_requirements;
  assert.deepEqual(requirements, { challenge: [{ type: 'phone' }, { type: 'email' }] });
});

test('the user shows whether they have a second factor', async () => {
  const find = async () => (await usersOf(server.ctx).list({ where: { email: client.email } }))[0]?.multifactor;
  assert.equal(await find(), undefined);
  const access = await client.accessToken();
  await client.enrollSms(access);
  assert.deepEqual(await find(), ['guardian']);
  const sms = (await listed(access)).find(({ id }) => id.startsWith('sms|'));
  await client.remove(access, sms?.id ?? '');
  assert.equal(await find(), undefined);
});
