/** Users' second factors as administrators see and change them. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { addManagementClient, useFactors } from '../../../test/fixtures.ts';
import { type MfaClient, mfaClient } from '../../../test/mfa/mfa-client.ts';
import { type Answer, type RequestOptions, type TestServer, testServer } from '../../../test/server.ts';
import { rememberBrowser, rememberedBrowsersCollection } from '../sessions/index.ts';
import { changeSettings } from '../tenant-settings/settings.ts';
import { usersOf } from '../users/index.ts';

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

let server: TestServer;
let bearer: string;
let client: MfaClient;
let userId: string;
let people = 0;

before(async () => {
  server = await testServer();
  await useFactors(server.ctx, ['otp', 'sms', 'email', 'recovery-code'], ['all-applications']);
  const form = { grant_type: 'client_credentials', ...(await addManagementClient(server.ctx)) };
  const token = await server.post('/oauth/token', { form: { ...form, audience: `${server.issuer}api/v2/` } });
  bearer = token.json.access_token;
});
after(() => server.close());
beforeEach(async () => {
  people += 1;
  client = await mfaClient(server, { email: `person${people}@example.test` });
  const [user] = await usersOf(server.ctx).list({ where: { email: client.email } });
  userId = user?.user_id ?? '';
});

function call(method: string, rest: string, json?: unknown): Promise<Answer> {
  const options: RequestOptions = json === undefined ? { bearer } : { bearer, json };
  return server.request(method, `/api/v2/users/${encodeURIComponent(userId)}/${rest}`, options);
}

const methods = (rest = '') => `authentication-methods${rest}`;
const create = (json: object) => call('POST', methods(), json);
const idOf = (answer: Answer) => encodeURIComponent(answer.json.id);

test('a phone: confirmed at once, masked, texted and called', async () => {
  const made = await create({ type: 'phone', phone_number: '+15551239167', name: 'Work' });
  assert.equal(made.status, 201, made.text);
  const { id, created_at, ...rest } = made.json;
  assert.match(id, /^phone\|dev_\w{16}$/);
  assert.ok(created_at);
  const key = id.slice('phone|'.length);
  assert.deepEqual(rest, {
    type: 'phone',
    name: 'Work',
    phone_number: 'XXXXXXXX9167',
    preferred_authentication_method: 'sms',
    authentication_methods: [
      { id: `sms|${key}`, type: 'sms' },
      { id: `voice|${key}`, type: 'voice' },
    ],
  });
  assert.equal((await call('GET', methods(`/${idOf(made)}`))).json.confirmed, true);
  assert.equal((await create({ type: 'phone', phone_number: '+1 555 123 9167' })).status, 409);

  const mfaToken = await client.mfaToken();
  const { oob_code } = (await client.challenge(mfaToken)).json;
  assert.equal((await client.oob(mfaToken, oob_code, await client.lastCode())).status, 200);

  const preferred = await call('PATCH', methods(`/${idOf(made)}`), { preferred_authentication_method: 'voice' });
  assert.equal(preferred.json.preferred_authentication_method, 'voice');
  await client.challenge(await client.mfaToken());
  assert.equal((await server.messages())[0]?.channel, 'voice');
});

test('a one-time password with the administrator’s secret; an address', async () => {
  const made = await create({ type: 'totp', totp_secret: SECRET });
  assert.deepEqual([made.status, made.json.totp_secret, made.json.type], [201, SECRET, 'totp']);
  assert.equal((await call('GET', methods(`/${idOf(made)}`))).json.totp_secret, undefined);
  assert.equal((await client.otp(await client.mfaToken(), client.code(SECRET))).status, 200);
  assert.ok((await call('GET', methods(`/${idOf(made)}`))).json.last_auth_at);

  const email = await create({ type: 'email', email: 'chuck359@example.com' });
  assert.equal(email.json.email, 'chuc****@exam*******');
});

test('what makes no sense is refused and changes nothing', async () => {
  const refused: [unknown, string][] = [
    [{}, 'invalid_body'],
    [{ type: 'fax' }, 'invalid_body'],
    [{ type: 'passkey' }, 'operation_not_supported'],
    [{ type: 'webauthn-roaming', key_id: 'a', public_key: 'b' }, 'operation_not_supported'],
    [{ type: 'phone' }, 'invalid_body'],
    [{ type: 'phone', phone_number: '5551234' }, 'invalid_body'],
    [{ type: 'phone', phone_number: '+15551239167', email: 'a@example.test' }, 'invalid_body'],
    [{ type: 'email', email: 'nonsense' }, 'invalid_body'],
    [{ type: 'totp', totp_secret: 'not base32!' }, 'invalid_body'],
    [{ type: 'totp', totp_secret: 'JBSWY3DP' }, 'invalid_body'],
    [{ type: 'email', email: 'a@example.test', preferred_authentication_method: 'sms' }, 'invalid_body'],
    [{ type: 'email', email: 'a@example.test', name: 'x'.repeat(21) }, 'invalid_body'],
  ];
  for (const [body, errorCode] of refused) {
    const answer = await create(body as object);
    assert.deepEqual([answer.status, answer.json.errorCode], [400, errorCode], JSON.stringify(body));
  }
  assert.deepEqual((await call('GET', methods())).json, []);
});

test('the list, with totals and by pages', async () => {
  await client.enrollOtp();
  await create({ type: 'phone', phone_number: '+15551239167' });
  const bare = (await call('GET', methods())).json;
  assert.deepEqual(bare.map(({ type }: { type: string }) => type).sort(), ['phone', 'recovery-code', 'totp']);
  const { authenticators, ...totals } = (await call('GET', methods('?include_totals=true&per_page=2&page=1'))).json;
  assert.deepEqual([authenticators.length, totals], [1, { start: 2, limit: 2, total: 3 }]);
});

test('replacing all: unmasked, the recovery code stays', async () => {
  await client.enrollOtp();
  const replaced = await call('PUT', methods(), [
    { type: 'phone', phone_number: '+15551239167', preferred_authentication_method: 'voice' },
    { type: 'email', email: 'other@example.test', name: 'Other' },
  ]);
  assert.equal(replaced.status, 200, replaced.text);
  assert.deepEqual(
    replaced.json.map((one: { phone_number?: string; email?: string }) => one.phone_number ?? one.email),
    ['+15551239167', 'other@example.test'],
  );
  const types = (await call('GET', methods())).json.map(({ type }: { type: string }) => type);
  assert.deepEqual(types.sort(), ['email', 'phone', 'recovery-code']);
  const twice = [
    { type: 'email', email: 'a@example.test' },
    { type: 'email', email: 'A@example.test' },
  ];
  assert.equal((await call('PUT', methods(), twice)).status, 409);
  assert.equal((await call('PUT', methods(), [{ type: 'fax' }])).status, 400);
  assert.equal((await call('GET', methods())).json.length, 3);
});

test('names are changed, methods removed: one, and all', async () => {
  const made = await create({ type: 'email', email: 'a@example.test' });
  const renamed = await call('PATCH', methods(`/${idOf(made)}`), { name: 'Private' });
  assert.deepEqual([renamed.status, renamed.json.name], [200, 'Private']);
  const wrong = await call('PATCH', methods(`/${idOf(made)}`), { preferred_authentication_method: 'sms' });
  assert.equal(wrong.json.errorCode, 'invalid_body');
  assert.equal((await call('DELETE', methods(`/${idOf(made)}`))).status, 204);
  assert.equal((await call('DELETE', methods(`/${idOf(made)}`))).status, 404);
  await client.enrollOtp();
  assert.equal((await call('DELETE', methods())).status, 204);
  assert.deepEqual((await call('GET', methods())).json, []);
  assert.deepEqual(Object.keys((await client.login()).json.mfa_requirements), ['enroll']);
});

test('somebody else’s method, and nobody’s', async () => {
  const made = await create({ type: 'email', email: 'a@example.test' });
  userId = (await mfaClient(server, { email: 'stranger@example.test' })).email;
  const nobody = await call('GET', methods(`/${idOf(made)}`));
  assert.deepEqual([nobody.status, nobody.json.message], [404, 'The user does not exist.']);
  const [stranger] = await usersOf(server.ctx).list({ where: { email: 'stranger@example.test' } });
  userId = stranger?.user_id ?? '';
  assert.equal((await call('DELETE', methods(`/${idOf(made)}`))).status, 404);
});

test('enrolments: the first that was confirmed, and by id', async () => {
  assert.deepEqual((await call('GET', 'enrollments')).json, []);
  await client.enrollOtp();
  const listed = (await call('GET', 'enrollments')).json;
  assert.equal(listed.length, 1);
  const { id, status, auth_method } = listed[0];
  assert.deepEqual([status, auth_method], ['confirmed', 'authenticator']);
  const one = await server.get(`/api/v2/guardian/enrollments/${id}`, { bearer });
  assert.deepEqual([one.json.id, one.json.status], [id, 'confirmed']);
  const named = await server.get(`/api/v2/guardian/enrollments/${encodeURIComponent(`totp|${id}`)}`, { bearer });
  assert.equal(named.status, 200);
  assert.equal((await server.request('DELETE', `/api/v2/guardian/enrollments/${id}`, { bearer })).status, 204);
  assert.deepEqual((await call('GET', 'enrollments')).json, []);
});

test('a new recovery code: the old one is dead', async () => {
  assert.equal((await call('POST', 'recovery-code-regeneration')).json.errorCode, 'enrollment_not_found');
  const { recovery_code: old = '' } = await client.enrollOtp();
  const made = await call('POST', 'recovery-code-regeneration');
  assert.match(made.json.recovery_code, /^[A-Z1-9]{24}$/);
  assert.equal((await client.recover(await client.mfaToken(), old)).status, 403);
  assert.equal((await client.recover(await client.mfaToken(), made.json.recovery_code)).status, 200);
});

test('resetting: by provider, all authenticators, remembered browsers', async () => {
  await client.enrollOtp();
  await create({ type: 'phone', phone_number: '+15551239167' });
  assert.equal((await call('DELETE', 'multifactor/google-authenticator')).status, 204);
  assert.equal((await call('DELETE', 'multifactor/duo')).status, 204);
  assert.equal((await call('DELETE', 'multifactor/fax')).status, 400);
  const types = (await call('GET', methods())).json.map(({ type }: { type: string }) => type);
  assert.deepEqual(types.sort(), ['phone', 'recovery-code']);
  assert.equal((await call('DELETE', 'authenticators')).status, 204);
  assert.deepEqual((await call('GET', methods())).json, []);

  await rememberBrowser(server.ctx, userId);
  assert.equal((await call('POST', 'multifactor/actions/invalidate-remember-browser')).status, 204);
  assert.equal(await server.ctx.store.collection(rememberedBrowsersCollection).count({ user_id: userId }), 0);
});

test('phone numbers are shown whole where the tenant wants that', async () => {
  const { json } = await create({ type: 'phone', phone_number: '+15551239167' });
  const shown = async () => (await call('GET', methods(`/${encodeURIComponent(json.id)}`))).json.phone_number;
  assert.equal(await shown(), 'XXXXXXXX9167');
  await changeSettings(server.ctx, { flags: { disable_management_api_sms_obfuscation: true } });
  assert.equal(await shown(), '+15551239167');
});
