/** What a reader of the tenant's log must not learn: anything that opens an account, an application or a provider. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { User } from '../../src/resources/users/index.ts';
import { authorizeUrl, Browser } from '../browser.ts';
import { addApplication, addPerson, CONNECTION, PASSWORD, PASSWORD_REALM, useFactors } from '../fixtures.ts';
import { managementToken } from '../management.ts';
import { mfaClient } from '../mfa/mfa-client.ts';
import { type Answer, type TestServer, testServer } from '../server.ts';

const MARK = 'TOPSECRET';
const TOTP_SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

let server: TestServer;
let user: User;
let bearer: string;

before(async () => {
  server = await testServer();
  await useFactors(server.ctx, ['otp', 'sms', 'recovery-code']);
  user = await addPerson(server.ctx, 'grace@example.test');
  bearer = await managementToken(
    server,
    server.app.endpoints.flatMap(({ scopes }) => scopes ?? []),
  );
});
after(() => server.close());

async function write(method: string, path: string, json?: unknown): Promise<Answer> {
  const answer = await server.request(method, `/api/v2/${path}`, { bearer, ...(json === undefined ? {} : { json }) });
  assert.ok(answer.status < 300, `${path}: ${answer.text}`);
  return answer;
}

async function logText(): Promise<string> {
  const answer = await server.get('/api/v2/logs', { bearer, query: { per_page: '100' } });
  assert.equal(answer.status, 200);
  return answer.text;
}

async function assertUnlogged(secrets: Record<string, string>): Promise<void> {
  const text = await logText();
  for (const [name, secret] of Object.entries(secrets)) {
    assert.ok(secret.length >= 6, `${name} is no secret: ${secret}`);
    assert.ok(!text.includes(secret), `the log shows ${name}`);
  }
}

test('secrets that operators send, and those that they are told', async () => {
  const id = `users/${encodeURIComponent(user.user_id)}`;
  const client = (
    await write('POST', 'clients', { name: 'App', addons: { layer: layer(), azure_sb: { sasKey: MARK } } })
  ).json;
  const rotated = (await write('POST', `clients/${client.client_id}/rotate-secret`)).json.client_secret;
  await write('PATCH', `clients/${client.client_id}`, { client_secret: `${MARK}-and-it-is-long-enough-to-be-one` });
  const options = { configuration: { DB_URL: `postgres://root:${MARK}@db`, pin: MARK } };
  await write('POST', 'connections', { name: 'scripted', strategy: 'auth0', options });
  const twilio = { sid: 'AC1', auth_token: MARK, from: '+15551234567' };
  await write('PUT', 'guardian/factors/phone/providers/twilio', twilio);
  const hs256 = { identifier: 'https://hs256.test/', signing_alg: 'HS256', signing_secret: `${MARK}${'x'.repeat(40)}` };
  await write('POST', 'resource-servers', hs256);
  await write('PATCH', id, { password: `${MARK}-aB1`, connection: CONNECTION });
  await write('POST', `${id}/authentication-methods`, { type: 'totp', totp_secret: TOTP_SECRET });
  const recovery = (await write('POST', `${id}/recovery-code-regeneration`)).json.recovery_code;
  const reset = (await write('POST', 'tickets/password-change', { user_id: user.user_id })).json.ticket;
  const enrolment = (await write('POST', 'guardian/enrollments/ticket', { user_id: user.user_id })).json.ticket_id;
  const ticket = new URL(reset).searchParams.get('ticket') ?? '';
  await assertUnlogged({ MARK, TOTP_SECRET, recovery, ticket, enrolment, rotated, made: client.client_secret });
});

const layer = () => ({ providerId: 'p', keyId: 'k', privateKey: MARK });

test('secrets that people type and applications carry, in right and in wrong requests', async () => {
  const client = await mfaClient(server);
  await useFactors(server.ctx, ['otp', 'sms', 'recovery-code'], ['all-applications']);
  const mfaToken = await client.mfaToken();
  const { secret, recovery_codes } = (await client.associate(mfaToken, { authenticator_types: ['otp'] })).json;
  await client.otp(mfaToken, 'wrong!');
  const tokens = (await client.otp(mfaToken, client.code(secret))).json;
  await client.recover(await client.mfaToken(), `${recovery_codes[0]}X`);
  await client.login({ password: `${MARK}-wrong` });
  await client.token({ grant_type: 'refresh_token', refresh_token: `${MARK}-refresh` });
  await client.token({ grant_type: 'authorization_code', code: `${MARK}-code`, client_secret: `${MARK}-secret` });
  await client.token({ grant_type: 'client_credentials', client_assertion: `${MARK}.b.c` });
  const json = { connection: CONNECTION, email: 'new@example.test', password: `${MARK}-aB1` };
  assert.equal((await server.post('/dbconnections/signup', { json })).status, 200);
  await assertUnlogged({ MARK, PASSWORD, mfaToken, secret, recovery: recovery_codes[0], access: tokens.access_token });
});

test('codes and handles of a login on the pages', async () => {
  await useFactors(server.ctx, []);
  const { client_id } = await addApplication(server.ctx);
  const browser = new Browser(server);
  const page = await browser.openPage(authorizeUrl({ client_id, state: `${MARK}-state`, nonce: `${MARK}-nonce` }));
  const arrived = await browser.submitApp(page, { username: 'ada@example.test', password: PASSWORD });
  const { code = '' } = arrived.parameters;
  const session = browser.jar.auth0 ?? '';
  await assertUnlogged({ MARK, code, session, device: browser.jar.did ?? '', state: page.fields.state ?? '' });
});

test('the measurements, which belong to no tenant, name none, nor anybody or anything in it', async () => {
  const { client_id, client_secret } = await addApplication(server.ctx, { name: MARK });
  const person = { realm: CONNECTION, username: user.email, password: PASSWORD };
  const login = { grant_type: PASSWORD_REALM, ...person, client_id, client_secret };
  await server.post('/oauth/token', { form: login });
  await server.get(`/api/v2/users/${encodeURIComponent(user.user_id)}?fields=${MARK}`, { bearer });
  await server.get(`/${MARK}/${MARK}`);
  const { status, text } = await server.get('/metrics');
  assert.equal(status, 200);
  assert.match(text, /countersign_answers_total\{endpoint="getUser",status="400"\} [1-9]/);
  for (const word of [MARK, client_id, user.user_id, 'grace', server.ctx.tenant.id, 'tenant.test', CONNECTION])
    assert.equal(text.includes(word), false, word);
});
