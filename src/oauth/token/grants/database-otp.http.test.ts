import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import {
  addPasswordlessClient,
  changeOptions,
  codeFor,
  otherThan,
  PASSWORDLESS_OTP,
  PERSON,
  PHONE,
} from '../../../../test/passwordless.ts';
import { type TestServer, type TestTenant, testServer } from '../../../../test/server.ts';
import {
  addDatabase,
  addUser,
  type Credentials,
  logTypes,
  PASSWORD,
  payloadOf,
  refusalOf,
} from '../../../../test/token-fixture.ts';
import { clientsOf, type StoredClient } from '../../../resources/clients/index.ts';
import { type Connection, connectionsOf } from '../../../resources/connections/index.ts';
import { guardianCollection, guardianSettings } from '../../../resources/guardian/index.ts';
import { addOrganizationConnection, createOrganization } from '../../../resources/organizations/index.ts';
import { openSession } from '../../../resources/sessions/index.ts';
import { changePassword, createDatabaseUser, usersOf } from '../../../resources/users/index.ts';

const REFUSED = [400, 'invalid_request', 'Invalid or expired OTP code.'];
const on = { enabled: true };

let server: TestServer;
let client: Credentials;
let connection: Connection;

beforeEach(async () => {
  server = await testServer();
  client = await addPasswordlessClient(server.ctx);
  connection = await addDatabase(server.ctx, 'db', [client.client_id]);
  await changeOptions(server.ctx, connection, { authentication_methods: { email_otp: on, phone_otp: on } });
});
afterEach(() => server.close());

const challenge = (json: object = {}, who: Partial<Credentials> = client, tenant: TestTenant = server) =>
  tenant.post('/otp/challenge', { json: { ...who, connection: 'db', email: PERSON, ...json } });
const redeem = (auth_session: string, otp: string, form: Record<string, string> = {}, tenant: TestTenant = server) =>
  tenant.post('/oauth/token', {
    form: { grant_type: PASSWORDLESS_OTP, ...client, auth_session, otp, scope: 'openid email', ...form },
  });
async function newCode(json: object = {}, to = PERSON): Promise<{ session: string; code: string }> {
  const answer = await challenge(json);
  assert.equal(answer.status, 200, answer.text);
  return { session: answer.json.auth_session, code: await codeFor(server, to) };
}
const users = () => usersOf(server.ctx).list();

test('a user of the database logs in with a code, once of a hundred times at once', async () => {
  const user = await createDatabaseUser(server.ctx, { connection, email: PERSON });
  const { session, code } = await newCode();
  assert.match(session, /^Fe26\.2\*/);
  const answers = await Promise.all(Array.from({ length: 100 }, () => redeem(session, code)));
  const [right, ...more] = answers.filter(({ status }) => status === 200);
  assert.equal(more.length, 0);
  const claims = payloadOf(right?.json.id_token);
  assert.deepEqual([claims.sub, claims.email_verified], [user.user_id, true]);
  assert.deepEqual(refusalOf(await redeem(session, code)), REFUSED);
  assert.equal((await usersOf(server.ctx).get(user.user_id))?.email_verified, true);
  const types = await logTypes(server);
  for (const type of ['cls', 's', 'fepotpft']) assert.ok(types.includes(type), type);
});

test('who is not known yet signs up where both sides allow it', async () => {
  const { session, code } = await newCode({ allow_signup: true });
  const claims = payloadOf((await redeem(session, code)).json.id_token);
  assert.deepEqual([claims.email, claims.email_verified], [PERSON, true]);
  assert.match(String(claims.sub), /^auth0\|/);
  assert.ok((await logTypes(server)).includes('ss'));
});

test('strangers and blocked users get the same answer, and nothing else', async () => {
  await addUser(server.ctx, connection, 'blocked@example.test');
  const [blocked] = await users();
  await usersOf(server.ctx).update(blocked?.user_id ?? '', (user) => ({ ...user, blocked: true }));
  for (const email of ['stranger@example.test', 'blocked@example.test']) {
    const answer = await challenge({ email });
    assert.deepEqual([answer.status, Object.keys(answer.json)], [200, ['auth_session']]);
    assert.deepEqual(await server.messages({ to: email }), []);
    assert.deepEqual(refusalOf(await redeem(answer.json.auth_session, '123456')), REFUSED);
  }
  await changeOptions(server.ctx, connection, { disable_signup: true });
  await challenge({ email: 'stranger@example.test', allow_signup: true });
  assert.deepEqual(await server.messages({ to: 'stranger@example.test' }), []);
});

test('a code to a phone, as a text and as a call', async () => {
  const attributes = { phone_number: { identifier: { active: true } }, email: { identifier: { active: false } } };
  await changeOptions(server.ctx, connection, { attributes });
  const json = { email: undefined, phone_number: PHONE, allow_signup: true };
  const { session, code } = await newCode(json, PHONE);
  const sub = payloadOf((await redeem(session, code)).json.id_token).sub;
  const spoken = await newCode({ ...json, delivery_method: 'voice' }, PHONE);
  assert.equal((await server.messages({ to: PHONE }))[0]?.channel, 'voice');
  assert.equal(payloadOf((await redeem(spoken.session, spoken.code)).json.id_token).sub, sub);
});

test('three guesses, three minutes, one client, one tenant', async () => {
  await createDatabaseUser(server.ctx, { connection, email: PERSON });
  const guessed = await newCode();
  for (const _ of [1, 2, 3])
    assert.deepEqual(refusalOf(await redeem(guessed.session, otherThan(guessed.code))), REFUSED);
  assert.deepEqual(refusalOf(await redeem(guessed.session, guessed.code)), REFUSED);
  const late = await newCode();
  server.clock.advance(180);
  assert.deepEqual(refusalOf(await redeem(late.session, late.code)), REFUSED);
  const { session, code } = await newCode();
  const other = await addPasswordlessClient(server.ctx);
  await connectionsOf(server.ctx).update(connection.id, (one) => ({ ...one, is_domain_connection: true }));
  assert.deepEqual(refusalOf(await redeem(session, code, other)), REFUSED);
  const there = await addPasswordlessClient(server.other.ctx);
  assert.deepEqual(refusalOf(await redeem(session, code, there, server.other)), REFUSED);
  assert.equal((await redeem(session, code)).status, 200);
});

test('what is wrong with the request is told, field by field', async () => {
  const wrong: [object, string, string | undefined][] = [
    [{ email: undefined }, 'invalid_request', 'email'],
    [{ email: 'foo' }, 'invalid_request', 'email'],
    [{ phone_number: PHONE }, 'invalid_request', 'email'],
    [{ email: undefined, phone_number: '5551234' }, 'invalid_request', 'phone_number'],
    [{ connection: undefined }, 'invalid_request', 'connection'],
    [{ allow_signup: 'perhaps' }, 'invalid_request', 'allow_signup'],
    [{ delivery_method: 'pigeon' }, 'invalid_request', 'delivery_method'],
    [{ connection: 'nothing' }, 'invalid_connection', undefined],
  ];
  for (const [json, error, field] of wrong) {
    const answer = await challenge(json);
    const told = [answer.status, answer.json.error, answer.json.validation_errors?.[0]?.field];
    assert.deepEqual(told, [400, error, field], JSON.stringify(json));
  }
  await changeOptions(server.ctx, connection, { authentication_methods: { phone_otp: on } });
  assert.equal((await challenge()).json.error, 'invalid_connection');
  assert.deepEqual(await server.messages(), []);
});

test('clients that may not: without proof, without the grant, single-page', async () => {
  assert.equal((await challenge({}, { client_id: client.client_id })).status, 401);
  const without = await addPasswordlessClient(server.ctx, { grant_types: ['authorization_code'] });
  assert.equal((await challenge({}, without)).json.error, 'unauthorized_client');
  const spa = await addPasswordlessClient(server.ctx, { app_type: 'spa', token_endpoint_auth_method: 'none' });
  assert.equal((await challenge({}, spa)).json.error, 'unauthorized_client');
  assert.equal((await redeem('x', '123456', spa)).json.error, 'unauthorized_client');
});

test('a second factor is demanded where policy wants one; the code is used up then', async () => {
  const settings = await guardianSettings(server.ctx);
  const factors = { ...settings.factors, otp: true };
  await server.ctx.store.collection(guardianCollection).put({ ...settings, policies: ['all-applications'], factors });
  const { session, code } = await newCode({ allow_signup: true });
  const answer = await redeem(session, code);
  assert.deepEqual([answer.status, answer.json.error], [403, 'mfa_required'], answer.text);
  assert.equal((await users()).length, 1);
  assert.deepEqual(refusalOf(await redeem(session, code)), REFUSED);
});

const password_realm = 'http://auth0.com/oauth/grant-type/password-realm';

/** Somebody signs up with a password at a database in which the address gets codes, and the mail with the link arrives. */
async function signUp(app: Credentials): Promise<string> {
  await connectionsOf(server.ctx).update(connection.id, (one) => ({ ...one, enabled_clients: [app.client_id] }));
  const json = { client_id: app.client_id, connection: 'db', email: PERSON, password: PASSWORD };
  assert.equal((await server.post('/dbconnections/signup', { json })).status, 200);
  const [mail] = await server.messages({ to: PERSON });
  return mail?.link?.replace(/^.*ticket=/, '/u/email-verification?ticket=') ?? '';
}

test('a link that was followed elsewhere proves the address, and not who chose the password: the first code decides', async () => {
  const app = await addPasswordlessClient(server.ctx, { grant_types: [PASSWORDLESS_OTP, password_realm] });
  const link = await signUp(app);
  assert.equal((await server.get(link)).status, 200);
  const known = { ...app, username: PERSON, password: PASSWORD, realm: 'db' };
  const logIn = () => server.post('/oauth/token', { form: { grant_type: password_realm, ...known } });
  assert.equal((await logIn()).status, 200, 'as at Auth0, the link alone ends nothing');
  const { auth_session } = (await challenge({}, app)).json;
  assert.equal((await redeem(auth_session, await codeFor(server), app)).status, 200);
  assert.equal((await logIn()).json.error, 'invalid_grant');
});

test('a link that was followed where its user is logged in leaves the password to them for good', async () => {
  const app = await addPasswordlessClient(server.ctx, { grant_types: [PASSWORDLESS_OTP, password_realm] });
  const link = await signUp(app);
  const [user] = await users();
  const opening = { user_id: user?.user_id ?? '', client_id: app.client_id, methods: [] };
  const { cookies } = await openSession(server.ctx, opening);
  const jar = Object.fromEntries(cookies.map(({ name, value }) => [name, value]));
  assert.equal((await server.get(link, { jar })).status, 200);
  const { auth_session } = (await challenge({}, app)).json;
  assert.equal((await redeem(auth_session, await codeFor(server), app)).status, 200);
  const known = { ...app, username: PERSON, password: PASSWORD, realm: 'db' };
  assert.equal((await server.post('/oauth/token', { form: { grant_type: password_realm, ...known } })).status, 200);
});

test('a number that a user with a proved address never proved lets nobody in', async () => {
  const attributes = { phone_number: { identifier: { active: true } }, email: { identifier: { active: true } } };
  await changeOptions(server.ctx, connection, { attributes });
  const changed = (await connectionsOf(server.ctx).get(connection.id)) as Connection;
  const made = { connection: changed, email: PERSON, phone_number: PHONE };
  const { user_id } = await createDatabaseUser(server.ctx, { ...made, email_verified: true });
  const phone = { email: undefined, phone_number: PHONE, allow_signup: true };
  const refused = await challenge(phone);
  assert.deepEqual([refused.status, Object.keys(refused.json)], [200, ['auth_session']]);
  assert.deepEqual(await server.messages({ to: PHONE }), []);
  await usersOf(server.ctx).update(user_id, (user) => ({ ...user, email_verified: false }));
  const sent = await newCode(phone, PHONE);
  await usersOf(server.ctx).update(user_id, (user) => ({ ...user, email_verified: true }));
  assert.deepEqual(refusalOf(await redeem(sent.session, sent.code)), REFUSED);
  assert.equal((await usersOf(server.ctx).get(user_id))?.phone_verified, false);
  await usersOf(server.ctx).update(user_id, (user) => ({ ...user, phone_verified: true }));
  const right = await newCode(phone, PHONE);
  assert.equal((await redeem(right.session, right.code)).status, 200);
});

test('a right code that is refused for another reason is still good; an organization is entered, not overlooked', async () => {
  await createDatabaseUser(server.ctx, { connection, email: PERSON });
  const acme = await createOrganization(server.ctx, { name: 'acme' });
  const { session, code } = await newCode();
  const naming = () => redeem(session, code, { organization: acme.id });
  const text = 'parameter organization is not allowed for this client';
  assert.deepEqual(refusalOf(await naming()), [403, 'invalid_request', text]);
  await clientsOf(server.ctx).update(
    client.client_id,
    (one) => ({ ...one, organization_usage: 'allow' }) as StoredClient,
  );
  for (let times = 0; times < 4; times++) assert.equal((await naming()).json.error, 'access_denied', 'no member');
  await addOrganizationConnection(server.ctx, acme.id, {
    connection_id: connection.id,
    assign_membership_on_login: true,
  });
  assert.equal(payloadOf((await naming()).json.id_token).org_id, acme.id);
});

test('the first proof of an address ends what somebody else set up with it', async () => {
  const app = await addPasswordlessClient(server.ctx, {
    grant_types: [PASSWORDLESS_OTP, password_realm, 'refresh_token'],
  });
  await signUp(app);
  const known = { ...app, username: PERSON, password: PASSWORD, realm: 'db' };
  const logIn = () =>
    server.post('/oauth/token', { form: { grant_type: password_realm, ...known, scope: 'openid offline_access' } });
  const held = (await logIn()).json.refresh_token;
  assert.ok(held);
  const owner = async () => {
    server.clock.advance(1);
    const { auth_session } = (await challenge({}, app)).json;
    return redeem(auth_session, await codeFor(server), { ...app, scope: 'openid offline_access' });
  };
  const first = (await owner()).json.refresh_token;
  const refresh = (refresh_token: string) =>
    server.post('/oauth/token', { form: { grant_type: 'refresh_token', ...app, refresh_token } });
  assert.equal((await refresh(held)).json.error, 'invalid_grant');
  assert.equal((await logIn()).json.error, 'invalid_grant');
  assert.equal((await refresh(first)).status, 200);
  const [user] = await users();
  await changePassword(server.ctx, user?.user_id ?? '', 'Other-horse-22');
  const second = (await owner()).json.refresh_token;
  assert.equal((await refresh(second)).status, 200, 'what its owner set up stays');
  const renewed = { ...known, password: 'Other-horse-22' };
  const again = await server.post('/oauth/token', { form: { grant_type: password_realm, ...renewed } });
  assert.equal(again.status, 200, again.text);
});
