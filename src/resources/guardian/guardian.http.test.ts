/** `/api/v2/guardian`: every setting read, written and refused as Auth0 does. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addManagementClient, addPerson } from '../../../test/fixtures.ts';
import { type Answer, type TestServer, testServer } from '../../../test/server.ts';
import { logsOf } from '../logs/index.ts';
import { guardianSettings } from './guardian.store.ts';
import { findEnrollmentTicket } from './tickets.ts';

let server: TestServer;
let bearer: string;

before(async () => {
  server = await testServer();
  const form = { grant_type: 'client_credentials', ...(await addManagementClient(server.ctx)) };
  const token = await server.post('/oauth/token', { form: { ...form, audience: `${server.issuer}api/v2/` } });
  bearer = token.json.access_token;
});
after(() => server.close());

const path = (rest: string) => `/api/v2/guardian/${rest}`;
const get = (rest: string) => server.get(path(rest), { bearer });
const put = (rest: string, json: unknown) => server.request('PUT', path(rest), { bearer, json });

async function assertStays(rest: string, call: Promise<Answer>, status: number, errorCode: string): Promise<void> {
  const before = (await get(rest)).json;
  const refused = await call;
  assert.deepEqual([refused.status, refused.json.errorCode], [status, errorCode], refused.text);
  assert.deepEqual((await get(rest)).json, before);
}

test('factors: eight, in Auth0’s order, all off; each is switched by name', async () => {
  const names = [
    'sms',
    'push-notification',
    'otp',
    'email',
    'duo',
    'webauthn-roaming',
    'webauthn-platform',
    'recovery-code',
  ];
  const listed = (await get('factors')).json;
  assert.deepEqual(
    listed,
    names.map((name) => ({ name, enabled: false, trial_expired: false })),
  );
  for (const name of ['push-notification', 'otp', 'email', 'recovery-code', 'sms']) {
    const answer = await put(`factors/${name}`, { enabled: true });
    assert.deepEqual([answer.status, answer.json], [200, { enabled: true }]);
  }
  assert.equal((await get('factors')).json.filter((one: { enabled: boolean }) => one.enabled).length, 5);
  assert.deepEqual((await get('factors/phone/message-types')).json, { message_types: ['sms'] });
  assert.deepEqual((await put('factors/duo', { enabled: false })).json, { enabled: false });
  await assertStays('factors', put('factors/duo', { enabled: true }), 400, 'operation_not_supported');
  await assertStays('factors', put('factors/fax', { enabled: true }), 400, 'invalid_uri');
  await assertStays('factors', put('factors/otp', { enabled: 'no' }), 400, 'invalid_body');
  await assertStays('factors', put('factors/otp', { enabled: false, more: 1 }), 400, 'invalid_body');
});

test('policies: one at most', async () => {
  assert.deepEqual((await get('policies')).json, []);
  assert.deepEqual((await put('policies', ['confidence-score'])).json, ['confidence-score']);
  await assertStays('policies', put('policies', ['sometimes']), 400, 'invalid_body');
  await assertStays('policies', put('policies', { policies: [] }), 400, 'invalid_body');
  await assertStays('policies', put('policies', ['confidence-score', 'all-applications']), 400, 'invalid_body');
  assert.deepEqual((await put('policies', [])).json, []);
});

test('message types', async () => {
  const both = { message_types: ['sms', 'voice'] };
  assert.deepEqual((await put('factors/phone/message-types', both)).json, both);
  await assertStays(
    'factors/phone/message-types',
    put('factors/phone/message-types', { message_types: ['fax'] }),
    400,
    'invalid_body',
  );
});

test('the phone provider, under both of its names', async () => {
  assert.deepEqual((await get('factors/phone/selected-provider')).json, { provider: 'auth0' });
  assert.deepEqual((await put('factors/sms/selected-provider', { provider: 'twilio' })).json, { provider: 'twilio' });
  assert.deepEqual((await get('factors/phone/selected-provider')).json, { provider: 'twilio' });
  const hook = put('factors/phone/selected-provider', { provider: 'phone-message-hook' });
  await assertStays('factors/phone/selected-provider', hook, 400, 'operation_not_supported');
});

test('Twilio: told back to administrators, sealed where it lies', async () => {
  assert.deepEqual((await get('factors/phone/providers/twilio')).json, {});
  const account = { from: '123456789', auth_token: 'test_token', sid: 'test_sid' };
  assert.deepEqual((await put('factors/sms/providers/twilio', account)).json, account);
  assert.deepEqual((await get('factors/phone/providers/twilio')).json, account);
  assert.ok(!JSON.stringify(await guardianSettings(server.ctx)).includes('test_token'));
  const logged = JSON.stringify(await logsOf(server.ctx).list({ where: { type: 'sapi' } }));
  assert.ok(logged.includes('test_sid') && !logged.includes('test_token'));
  const replaced = { from: null, messaging_service_sid: 'MG1', auth_token: 'other', sid: 'AC2' };
  assert.deepEqual((await put('factors/phone/providers/twilio', replaced)).json, replaced);
  const wrong = put('factors/phone/providers/twilio', { sid: '' });
  await assertStays('factors/phone/providers/twilio', wrong, 400, 'invalid_body');
});

test('templates: both are needed, and must say the code', async () => {
  const defaults = (await get('factors/phone/templates')).json;
  assert.match(defaults.enrollment_message, /^\{\{code\}\} is your verification code for/);
  const texts = { enrollment_message: 'Enrol {{code}}', verification_message: 'Log in {{code}}' };
  assert.deepEqual((await put('factors/sms/templates', texts)).json, texts);
  assert.deepEqual((await get('factors/phone/templates')).json, texts);
  for (const body of [
    { enrollment_message: '{{code}}' },
    { ...texts, verification_message: 'no code' },
    { ...texts, verification_message: '{{code | upcase}}' },
  ]) {
    await assertStays('factors/phone/templates', put('factors/phone/templates', body), 400, 'invalid_body');
  }
});

test('the push provider', async () => {
  assert.deepEqual((await get('factors/push-notification/selected-provider')).json, { provider: 'guardian' });
  const sns = put('factors/push-notification/selected-provider', { provider: 'sns' });
  await assertStays('factors/push-notification/selected-provider', sns, 400, 'operation_not_supported');
});

test('tickets: a link, by mail where that is wanted', async () => {
  const { user_id } = await addPerson(server.ctx);
  const create = (json: unknown) => server.post(path('enrollments/ticket'), { bearer, json });
  const made = await create({ user_id, factor: 'otp' });
  assert.equal(made.status, 200, made.text);
  const { ticket_id, ticket_url } = made.json;
  assert.equal(ticket_url, `${server.issuer}mfa/enrollment?ticket=${ticket_id}`);
  const found = await findEnrollmentTicket(server.ctx, ticket_id);
  assert.deepEqual([found?.user_id, found?.factor, found?.allow_multiple_enrollments], [user_id, 'otp', false]);
  assert.deepEqual(await server.messages({ channel: 'email' }), []);

  await create({ user_id, send_mail: true, email: 'other@example.test', email_locale: 'de-AT' });
  const [message] = await server.messages({ to: 'other@example.test' });
  assert.match(message?.subject ?? '', /einrichten$/);
  assert.match(message?.link ?? '', /\/mfa\/enrollment\?ticket=\w{32}$/);

  const unknown = await create({ user_id: 'auth0|nobody' });
  assert.deepEqual([unknown.status, unknown.json.errorCode], [404, 'inexistent_user']);
  const refused: [object, string][] = [
    [{}, 'invalid_body'],
    [{ user_id, factor: 'fax' }, 'invalid_body'],
    [{ user_id, factor: 'email' }, 'operation_not_supported'],
    [{ user_id, factor: 'webauthn-roaming' }, 'operation_not_supported'],
    [{ user_id, email: 'nonsense' }, 'invalid_body'],
  ];
  for (const [body, errorCode] of refused) {
    const answer = await create(body);
    assert.deepEqual([answer.status, answer.json.errorCode], [400, errorCode], JSON.stringify(body));
  }
  server.clock.advance(5 * 86_400);
  assert.equal(await findEnrollmentTicket(server.ctx, ticket_id), undefined);
  server.clock.reset();
});

test('enrolments that are not there', async () => {
  const missing = await get('enrollments/dev_0000000000000001');
  assert.deepEqual(
    [missing.status, missing.json],
    [404, { statusCode: 404, error: 'Not Found', message: 'Enrollment not found', errorCode: 'enrollment_not_found' }],
  );
  assert.equal((await server.request('DELETE', path('enrollments/dev_0000000000000001'), { bearer })).status, 404);
  assert.equal((await get('enrollments/nonsense')).json.errorCode, 'invalid_uri');
});

test('a token without the scope sees and changes nothing', async () => {
  assert.equal((await server.get(path('factors'))).status, 401);
});
