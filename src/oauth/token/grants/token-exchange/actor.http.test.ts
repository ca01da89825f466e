import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import {
  ACCESS_TOKEN,
  CUSTOM,
  type ExchangeTenant,
  exchangeTenant,
  ID_TOKEN,
  VERIFIER,
} from '../../../../../test/exchange-fixture.ts';
import { useFactors } from '../../../../../test/fixtures.ts';
import type { TestServer } from '../../../../../test/server.ts';
import { API, addClient, addUser, type Credentials, PASSWORD, payloadOf } from '../../../../../test/token-fixture.ts';
import { type Connection, connectionsOf } from '../../../../resources/connections/index.ts';
import { type User, usersOf } from '../../../../resources/users/index.ts';

let tenant: ExchangeTenant;
let server: TestServer;
let client: Credentials;
let connection: Connection;
let user: User;
let agent: User;

before(async () => {
  tenant = await exchangeTenant();
  ({ server, client, connection, user } = tenant);
  agent = await addUser(server.ctx, connection, 'agent@example.test');
});
after(() => server.close());

beforeEach(() => tenant.useVerifier(VERIFIER));

const subject: ExchangeTenant['subject'] = (changes) => tenant.subject(changes);
const exchange: ExchangeTenant['exchange'] = (changes, ip) => tenant.exchange(changes, ip);
const useVerifier: ExchangeTenant['useVerifier'] = (verifier, type) => tenant.useVerifier(verifier, type);
const assertRefused: ExchangeTenant['assertRefused'] = (answer, expected, label) =>
  tenant.assertRefused(answer, expected, label);

/** The agent's own login, at a client. */
const login = (credentials: Credentials) =>
  server.post('/oauth/token', {
    form: {
      grant_type: 'password',
      ...credentials,
      username: 'agent@example.test',
      password: PASSWORD,
      scope: 'openid',
    },
  });

test('somebody who acts for the user, as the issuer allows', async () => {
  const { id_token } = (await login(client)).json;
  const actor = { actor_token: id_token as string, actor_token_type: ID_TOKEN };
  const allowed = await subject({ may_act: { sub: agent.user_id } });
  const scope = 'openid read:things offline_access';
  const answer = await exchange({ ...actor, subject_token: allowed, audience: API, scope });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.json.refresh_token, undefined);
  for (const token of [answer.json.access_token, answer.json.id_token]) {
    const { sub, act } = payloadOf(token);
    assert.deepEqual([sub, act], [user.user_id, { sub: agent.user_id }]);
  }
  const userinfo = await server.get('/userinfo', { bearer: answer.json.access_token });
  assert.deepEqual(userinfo.json.act, { sub: agent.user_id });
  await tenant.remember();
  const denied = [403, 'access_denied', 'The actor may not act for this user'];
  await assertRefused(await exchange({ ...actor }), denied);
  const other = await subject({ may_act: { sub: user.user_id } });
  await assertRefused(await exchange({ ...actor, subject_token: other }), denied);
  const elsewhere = await subject({ may_act: { sub: agent.user_id, iss: 'https://evil.test/' } });
  await assertRefused(await exchange({ ...actor, subject_token: elsewhere }), denied);
});

test('actor tokens that are no good', async () => {
  const subject_token = await subject({ may_act: { sub: agent.user_id } });
  const other = await addClient(server.ctx, CUSTOM);
  await connectionsOf(server.ctx).put({ ...connection, enabled_clients: [client.client_id, other.client_id] });
  const idTokenOfOther = (await login(other)).json.id_token;
  const own = await login(client);
  await tenant.remember();
  const refused = [400, 'invalid_request', 'Invalid actor_token'];
  for (const actor_token of [idTokenOfOther, own.json.access_token, await subject({ sub: agent.user_id }), 'x'])
    await assertRefused(await exchange({ subject_token, actor_token, actor_token_type: ID_TOKEN }), refused);
  await assertRefused(
    await exchange({ subject_token, actor_token: own.json.id_token, actor_token_type: ACCESS_TOKEN }),
    [400, 'invalid_request', 'Invalid actor_token_type'],
  );
  await usersOf(server.ctx).update(agent.user_id, (row) => ({ ...row, blocked: true }));
  const blocked = await exchange({ subject_token, actor_token: own.json.id_token, actor_token_type: ID_TOKEN });
  await assertRefused(blocked, refused);
  await usersOf(server.ctx).update(agent.user_id, (row) => ({ ...row, blocked: false }));
  await useVerifier(VERIFIER, 'urn:acme:agent');
  const foreign = await subject({ sub: agent.user_id });
  const actor = { actor_token: foreign, actor_token_type: 'urn:acme:agent' };
  const good = await exchange({ subject_token, ...actor, scope: 'openid' });
  assert.deepEqual(payloadOf(good.json.id_token).act, { sub: agent.user_id });
});

test('a second factor withholds the tokens, and cannot be asked of an actor', async () => {
  const { id_token } = (await login(client)).json;
  await useFactors(server.ctx, ['otp'], ['all-applications']);
  await tenant.remember();
  const answer = await exchange({ audience: API, scope: 'read:things' });
  await assertRefused(answer, [403, 'mfa_required', 'Multifactor authentication required']);
  assert.ok(answer.json.mfa_token);
  const subject_token = await subject({ may_act: { sub: agent.user_id } });
  const acting = await exchange({ subject_token, actor_token: id_token, actor_token_type: ID_TOKEN });
  await assertRefused(acting, [
    400,
    'invalid_request',
    'MFA is not supported using actor_token with the requested token exchange profile.',
  ]);
  await useFactors(server.ctx, []);
});
