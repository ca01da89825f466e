import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import {
  addPasswordless,
  addPasswordlessClient,
  changeOptions,
  codeFor,
  otherThan,
  PERSON,
  PHONE,
  redeem,
  start,
} from '../../../../test/passwordless.ts';
import { type TestServer, testServer } from '../../../../test/server.ts';
import { addDatabase, type Credentials, logTypes, payloadOf, refusalOf } from '../../../../test/token-fixture.ts';
import { type Connection, connectionsOf } from '../../../resources/connections/index.ts';
import { guardianCollection, guardianSettings } from '../../../resources/guardian/index.ts';
import { addOrganizationConnection, createOrganization, isMember } from '../../../resources/organizations/index.ts';
import { createPasswordlessUser, deleteUser, usersOf } from '../../../resources/users/index.ts';

const WRONG = [403, 'invalid_grant', 'Wrong email or verification code.'];
const EXPIRED = [403, 'invalid_grant', 'The verification code has expired. Please try to login again.'];
const USED_UP = [403, 'invalid_grant', "You've reached the maximum number of attempts. Please try to login again."];

let server: TestServer;
let client: Credentials;
let email: Connection;

beforeEach(async () => {
  server = await testServer();
  client = await addPasswordlessClient(server.ctx);
  email = await addPasswordless(server.ctx, 'email', [client.client_id]);
});
afterEach(() => server.close());

async function newCode(): Promise<string> {
  assert.equal((await start(server, client)).status, 200);
  return codeFor(server);
}
const users = () => usersOf(server.ctx).list();
const addKnown = (more: object = {}) =>
  createPasswordlessUser(server.ctx, { connection: email, email: PERSON, ...more });

test('a code signs somebody up, once, under the id that was told', async () => {
  const started = await start(server, client);
  const answer = await redeem(server, client, await codeFor(server), { scope: 'openid email offline_access' });
  assert.equal(answer.status, 200, answer.text);
  const [user, ...others] = await users();
  assert.deepEqual(others, []);
  assert.equal(user?.user_id, `email|${started.json._id}`);
  assert.deepEqual(user?.identities, [
    { connection: 'email', user_id: started.json._id, provider: 'email', isSocial: false },
  ]);
  assert.deepEqual([user?.email, user?.email_verified, user?.logins_count], [PERSON, true, 1]);
  const claims = payloadOf(answer.json.id_token);
  assert.deepEqual([claims.sub, claims.email, claims.email_verified], [user?.user_id, PERSON, true]);
  const types = await logTypes(server);
  for (const type of ['cls', 'ss', 's']) assert.ok(types.includes(type), type);
});

test('a number signs in by SMS, however often', async () => {
  await addPasswordless(server.ctx, 'sms', [client.client_id]);
  const form = { username: PHONE, realm: 'sms', scope: 'openid phone' };
  for (const logins of [1, 2]) {
    await start(server, client, { connection: 'sms', phone_number: PHONE, email: undefined, send: undefined });
    const answer = await redeem(server, client, await codeFor(server, PHONE), form);
    assert.equal(answer.status, 200, answer.text);
    const [user, ...others] = await users();
    assert.deepEqual([others.length, user?.logins_count, user?.phone_verified], [0, logins, true]);
    assert.equal(payloadOf(answer.json.id_token).phone_number_verified, true);
  }
  const wrong = await redeem(server, client, '000000', form);
  assert.deepEqual(refusalOf(wrong), [403, 'invalid_grant', 'Wrong phone number or verification code.']);
  assert.ok((await logTypes(server)).includes('cs'));
});

test('whoever reads the mail has the address: it is verified by then', async () => {
  const user = await addKnown({ email_verified: false });
  const answer = await redeem(server, client, await newCode(), { scope: 'openid email' });
  assert.equal(payloadOf(answer.json.id_token).sub, user.user_id);
  assert.equal(payloadOf(answer.json.id_token).email_verified, true);
  assert.equal((await usersOf(server.ctx).get(user.user_id))?.email_verified, true);
});

test('capitals and blanks do not matter', async () => {
  const code = await newCode();
  const answer = await redeem(server, client, `${code.slice(0, 3)} ${code.slice(3)}`, {
    username: ' Ada@Example.test',
  });
  assert.equal(answer.status, 200, answer.text);
});

test('a missing parameter is named, and nothing is counted', async () => {
  const code = await newCode();
  for (const name of ['username', 'otp', 'realm']) {
    const answer = await redeem(server, client, code, { [name]: '' });
    assert.deepEqual(refusalOf(answer), [400, 'invalid_request', `Missing required parameter: ${name}`]);
  }
  const audience = await redeem(server, client, otherThan(code), { audience: 'https://nobody.test/' });
  assert.equal(audience.json.error, 'access_denied');
  assert.equal((await redeem(server, client, code)).status, 200);
});

test('two wrong guesses are forgiven, the third is the last', async () => {
  const forgiven = await newCode();
  for (const _ of [1, 2]) assert.deepEqual(refusalOf(await redeem(server, client, otherThan(forgiven))), WRONG);
  assert.equal((await redeem(server, client, forgiven)).status, 200);
  const code = await newCode();
  for (const _ of [1, 2, 3]) assert.deepEqual(refusalOf(await redeem(server, client, otherThan(code))), WRONG);
  assert.deepEqual(refusalOf(await redeem(server, client, code)), USED_UP);
  assert.ok((await logTypes(server)).includes('fepotpft'));
});

test('of a hundred guesses at once, three are compared', async () => {
  await changeOptions(server.ctx, email, { brute_force_protection: false });
  const code = await newCode();
  const guesses = Array.from({ length: 100 }, (_, at) => String(at).padStart(6, '9')).filter((one) => one !== code);
  const answers = await Promise.all(guesses.map((one) => redeem(server, client, one)));
  const told = answers.map((answer) => answer.json.error_description);
  assert.equal(told.filter((text) => text === WRONG[2]).length, 3);
  assert.equal(told.filter((text) => text === USED_UP[2]).length, guesses.length - 3);
  assert.deepEqual(refusalOf(await redeem(server, client, code)), USED_UP);
  assert.deepEqual(await users(), []);
});

test('of a hundred who redeem at once, one gets tokens, and one user is made', async () => {
  const code = await newCode();
  const answers = await Promise.all(Array.from({ length: 100 }, () => redeem(server, client, code)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  assert.equal((await users()).length, 1);
  assert.deepEqual(refusalOf(await redeem(server, client, code)), WRONG);
});

test('a new code makes the old one worthless', async () => {
  const old = await newCode();
  const code = await newCode();
  assert.notEqual(old, code);
  assert.deepEqual(refusalOf(await redeem(server, client, old)), WRONG);
  assert.equal((await redeem(server, client, code)).status, 200);
});

test('a code is good for 180 seconds, or as long as its connection says', async () => {
  const code = await newCode();
  server.clock.advance(179);
  const late = await newCode();
  assert.notEqual(code, late);
  server.clock.advance(180);
  assert.deepEqual(refusalOf(await redeem(server, client, late)), EXPIRED);
  await changeOptions(server.ctx, email, { totp: { time_step: 600, length: 8 } });
  const long = await newCode();
  assert.match(long, /^\d{8}$/);
  server.clock.advance(599);
  assert.equal((await redeem(server, client, long)).status, 200);
});

test('a code is for the client that asked for it, its connection and its tenant', async () => {
  const code = await newCode();
  const other = await addPasswordlessClient(server.ctx);
  const unknown = await redeem(server, other, code);
  assert.deepEqual(refusalOf(unknown), [403, 'invalid_request', 'the connection was disabled']);
  await connectionsOf(server.ctx).update(email.id, (one) => ({ ...one, is_domain_connection: true }));
  assert.deepEqual(refusalOf(await redeem(server, other, code)), WRONG);
  const there = await addPasswordlessClient(server.other.ctx);
  await addPasswordless(server.other.ctx, 'email', [there.client_id]);
  assert.deepEqual(refusalOf(await redeem(server.other, there, code)), WRONG);
  assert.equal((await redeem(server, client, code)).status, 200);
});

test('a realm that is no passwordless connection is refused', async () => {
  await addDatabase(server.ctx, 'db', [client.client_id]);
  const code = await newCode();
  const database = await redeem(server, client, code, { realm: 'db' });
  const text = 'specified strategy does not support requested operation';
  assert.deepEqual(refusalOf(database), [400, 'invalid_request', text]);
  const nothing = await redeem(server, client, code, { realm: 'nothing' });
  assert.deepEqual(refusalOf(nothing), [400, 'invalid_request', 'the connection was not found']);
});

test('the client must be authenticated, and have the grant', async () => {
  const code = await newCode();
  const unproved = await redeem(server, { client_id: client.client_id }, code);
  assert.deepEqual(refusalOf(unproved), [401, 'access_denied', 'Unauthorized']);
  const without = await addPasswordlessClient(server.ctx, { grant_types: ['authorization_code'] });
  assert.equal((await redeem(server, without, code)).json.error, 'unauthorized_client');
  assert.equal((await redeem(server, client, code)).status, 200);
});

test('where nobody may sign up, strangers learn nothing and get nothing', async () => {
  await changeOptions(server.ctx, email, { disable_signup: true });
  await addKnown();
  const known = await start(server, client);
  const stranger = await start(server, client, { email: 'eve@example.test' });
  assert.deepEqual([stranger.status, Object.keys(stranger.json)], [known.status, Object.keys(known.json)]);
  assert.equal((await server.messages({ to: 'eve@example.test' })).length, 0);
  for (const _ of [1, 2, 3])
    assert.deepEqual(refusalOf(await redeem(server, client, '123456', { username: 'eve@example.test' })), WRONG);
  assert.deepEqual(refusalOf(await redeem(server, client, '123456', { username: 'eve@example.test' })), USED_UP);
  assert.equal((await redeem(server, client, await codeFor(server))).status, 200);
  assert.equal((await users()).length, 1);
});

test('nobody is signed up with a code from before it was forbidden', async () => {
  const code = await newCode();
  await changeOptions(server.ctx, email, { disable_signup: true });
  assert.deepEqual(refusalOf(await redeem(server, client, code)), WRONG);
  assert.deepEqual(await users(), []);
});

test('a blocked user is refused, and a deleted one is a stranger', async () => {
  const user = await addKnown({ blocked: true });
  const code = await newCode();
  assert.deepEqual(refusalOf(await redeem(server, client, code)), [403, 'unauthorized', 'user is blocked']);
  await deleteUser(server.ctx, user.user_id);
  const answer = await redeem(server, client, code);
  assert.notEqual(payloadOf(answer.json.id_token).sub, user.user_id);
});

test('ten wrong codes for one account from one address block it there', async () => {
  for (let at = 0; at < 10; at += 1) {
    const code = await newCode();
    assert.deepEqual(refusalOf(await redeem(server, client, otherThan(code))), WRONG, String(at));
    server.clock.advance(12 * 60);
  }
  const blocked = await redeem(server, client, await newCode());
  assert.deepEqual([blocked.status, blocked.json.error], [429, 'too_many_attempts']);
  assert.ok((await logTypes(server)).includes('limit_wc'));
});

test('a second factor is demanded where policy wants one, of somebody new too; the code is used up then', async () => {
  const settings = await guardianSettings(server.ctx);
  const factors = { ...settings.factors, otp: true };
  await server.ctx.store.collection(guardianCollection).put({ ...settings, policies: ['all-applications'], factors });
  const code = await newCode();
  const answer = await redeem(server, client, code);
  assert.deepEqual([answer.status, answer.json.error], [403, 'mfa_required'], answer.text);
  assert.deepEqual(answer.json.mfa_requirements, { enroll: [{ type: 'otp' }] });
  const [user] = await users();
  assert.deepEqual([user?.email, user?.logins_count], [PERSON, undefined]);
  assert.deepEqual(refusalOf(await redeem(server, client, code)), WRONG);
});

test('a code logs in to an organization, and makes members where its connection does', async () => {
  const acme = await createOrganization(server.ctx, { name: 'acme' });
  client = await addPasswordlessClient(server.ctx, { organization_usage: 'allow' });
  await connectionsOf(server.ctx).update(email.id, (one) => ({ ...one, enabled_clients: [client.client_id] }));
  const code = await newCode();
  const outside = await redeem(server, client, code, { organization: acme.id });
  assert.deepEqual([outside.status, outside.json.error], [403, 'access_denied']);
  assert.deepEqual(await users(), []);
  const joining = { connection_id: email.id, assign_membership_on_login: true };
  await addOrganizationConnection(server.ctx, acme.id, joining);
  const inside = await redeem(server, client, code, { organization: acme.id });
  const { org_id, sub } = payloadOf(inside.json.id_token);
  assert.equal(org_id, acme.id, inside.text);
  assert.equal(await isMember(server.ctx, acme.id, sub as string), true);
});
