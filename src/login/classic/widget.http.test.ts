/** What Lock and auth0.js ask besides: an application's connections, puzzles, who is logged in; and what they send along to others. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addApplication, CONNECTION } from '../../../test/fixtures.ts';
import { addPasswordless, changeOptions } from '../../../test/passwordless.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { changeSettings } from '../../../test/token-fixture.ts';
import { connectionsOf, createConnection, findConnectionByName } from '../../resources/connections/index.ts';

let server: TestServer;
let client_id: string;

before(async () => {
  server = await testServer();
  ({ client_id } = await addApplication(server.ctx));
});
after(() => server.close());

/** What the script hands to Lock. */
async function configuration(id = client_id) {
  const answer = await server.get(`/client/${id}.js?t1700000000000`);
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.headers['content-type'] ?? '', /^application\/javascript/);
  assert.match(answer.text, /^Auth0\.setClient\(.*\);$/s);
  return JSON.parse(answer.text.slice('Auth0.setClient('.length, -2));
}

test('the connections of a client, by strategy, and nothing that is nobody’s business', async () => {
  const database = await findConnectionByName(server.ctx, CONNECTION);
  assert.ok(database);
  const plain = { passwordPolicy: 'good', password_complexity_options: { min_length: 8 }, requires_username: false };
  const username = { validation: { username: { min: 1, max: 15 } } };
  await changeOptions(server.ctx, database, { passwordPolicy: 'good' });
  assert.deepEqual(await configuration(), {
    id: client_id,
    tenant: 'tenant',
    strategies: [
      { name: 'auth0', connections: [{ name: CONNECTION, ...plain, ...username, showSignup: true, showForgot: true }] },
    ],
  });
  await changeOptions(server.ctx, database, {
    requires_username: true,
    disable_signup: true,
    disable_self_service_change_password: true,
  });
  const options = {
    client_id: 'ours',
    client_secret: 'the secret',
    discovery_url: 'https://idp.test/.well-known/openid-configuration',
  };
  await createConnection(server.ctx, {
    name: 'northwind',
    display_name: '</script> & Co.',
    strategy: 'oidc',
    options: { ...options, domain_aliases: ['northwind.test', 'nw.test'] },
    enabled_clients: [client_id],
  });
  await addPasswordless(server.ctx, 'email', [client_id]);
  await addPasswordless(server.ctx, 'sms', []);
  const { strategies } = await configuration();
  const of = (name: string) => strategies.find((one: { name: string }) => one.name === name)?.connections;
  const { requires_username, showSignup, showForgot } = of('auth0')[0];
  assert.deepEqual([requires_username, showSignup, showForgot], [true, false, false]);
  const northwind = { name: 'northwind', display_name: '</script> & Co.' };
  assert.deepEqual(of('oidc'), [{ ...northwind, domain: 'northwind.test', domain_aliases: ['nw.test'] }]);
  assert.deepEqual(of('email'), [{ name: 'email' }]);
  assert.equal(strategies.length, 3, 'not those of other clients');
  const { text } = await server.get(`/client/${client_id}.js`);
  assert.doesNotMatch(text, /<|the secret|ours/);
  await changeSettings(server.ctx, { flags: { no_disclose_enterprise_connections: true } });
  assert.deepEqual((await configuration()).strategies.length, 2, 'enterprises are not everybody’s business');
  await connectionsOf(server.ctx).update(database.id, (stored) => ({ ...stored, options: {} }));
});

test('no client, no script: also not for another tenant’s', async () => {
  for (const path of ['/client/nobody.js', `/client/${client_id}`, '/client/.js', '/client/__proto__.js'])
    assert.equal((await server.get(path)).status, 404, path);
  assert.equal((await server.other.get(`/client/${client_id}.js`)).status, 404);
});

test('no puzzle, and nobody who need not type anything', async () => {
  const paths = ['usernamepassword', 'passwordless', 'dbconnections/signup', 'dbconnections/change_password'];
  for (const path of paths) {
    const answer = await server.post(`/${path}/challenge`, { json: { state: 'x' } });
    assert.deepEqual([answer.status, answer.json], [200, { required: false }], path);
  }
  const answer = await server.get(`/user/ssodata?ldaps=1&client_id=${client_id}`);
  assert.deepEqual([answer.status, answer.json], [200, { sso: false }]);
});

test('sign-up and reset take the state that login pages send along, and do not show it', async () => {
  const json = { client_id, connection: CONNECTION, email: 'grace@example.test', state: 's'.repeat(140) };
  const signup = await server.post('/dbconnections/signup', { json: { ...json, password: 'Correct-horse-1' } });
  assert.equal(signup.status, 200, signup.text);
  assert.deepEqual(Object.keys(signup.json).sort(), ['_id', 'email', 'email_verified']);
  const reset = await server.post('/dbconnections/change_password', { json });
  assert.deepEqual([reset.status, reset.text], [200, "We've just sent you an email to reset your password."]);
});
