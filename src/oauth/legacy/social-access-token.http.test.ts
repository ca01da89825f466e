/** `POST /oauth/access_token`: a token that an application got from Google by itself. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { type House, openHouse } from '../../../test/federated/federated-house.ts';
import { addDatabase, logTypes, payloadOf, refusalOf } from '../../../test/token-fixture.ts';
import { clientsOf, createClient, type StoredClient } from '../../resources/clients/index.ts';
import { type Connection, connectionsOf } from '../../resources/connections/index.ts';
import { deleteUser, usersOf } from '../../resources/users/index.ts';

const GRANT = 'http://auth0.com/oauth/legacy/grant-type/access_token';
const PERSON = { sub: '1234', name: 'Ada', email: 'ada@example.test', email_verified: true };
const INVALID = [401, 'invalid_request', 'invalid access_token: invalid_token'];
const invalid = (text: string) => [400, 'invalid_request', text];

let house: House;
let client: StoredClient;
let google: Connection;

before(async () => {
  house = await openHouse('https://social.test');
  client = await createClient(house.server.ctx, { name: 'Old app' }, { existing: true });
  const options = { client_id: 'our-google-client', client_secret: 'secret', allowed_audiences: ['our-phone-app'] };
  const enabled_clients = [client.client_id];
  const { id } = await house.connect('google', { strategy: 'google-oauth2', options, enabled_clients });
  google = (await connectionsOf(house.server.ctx).get(id))!;
});
after(() => house.server.close());
beforeEach(async () => {
  const { ctx } = house.server;
  await clientsOf(ctx).put(client);
  await connectionsOf(ctx).put(google);
  for (const { user_id } of await usersOf(ctx).list()) await deleteUser(ctx, user_id);
  tells({ aud: 'our-google-client' });
});

/** What Google says of the token, and of its user. */
function tells(info: object, userinfo: object = PERSON, status = 200) {
  house.provider.answers = {
    'GET /tokeninfo': async () => ({ status, body: { sub: PERSON.sub, ...info } }) as never,
    'GET /v1/userinfo': async () => ({ status, body: userinfo }) as never,
  };
}
const post = (form: Record<string, string | undefined> = {}) =>
  house.server.post('/oauth/access_token', {
    form: { client_id: client.client_id, access_token: 'theirs', connection: 'google', scope: 'openid email', ...form },
  });
const users = () => usersOf(house.server.ctx).list();

test('the user of the token signs in, and is made the first time', async () => {
  for (const logins of [1, 2]) {
    const answer = await post();
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(Object.keys(answer.json), ['id_token', 'access_token', 'token_type']);
    const claims = payloadOf(answer.json.id_token);
    assert.deepEqual([claims.sub, claims.email, claims.aud], ['google-oauth2|1234', PERSON.email, client.client_id]);
    const [user, ...others] = await users();
    assert.deepEqual([user?.logins_count, others.length], [logins, 0]);
  }
  assert.ok((await logTypes(house.server)).includes('s'));
});

test('a token of the application’s own client at Google counts where the connection allows it', async () => {
  tells({ aud: 'our-phone-app' });
  assert.equal((await post()).status, 200);
});

test('a token that was issued to anybody else is nobody’s here', async () => {
  for (const aud of ['another-app', undefined, ['our-google-client']]) {
    tells({ aud });
    assert.deepEqual(refusalOf(await post()), INVALID, String(aud));
  }
  assert.deepEqual(await users(), []);
});

test('tokens that Google does not know, and profiles that do not fit', async () => {
  tells({}, PERSON, 400);
  assert.deepEqual(refusalOf(await post()), INVALID);
  tells({ aud: 'our-google-client' }, { ...PERSON, sub: 'somebody else' });
  assert.deepEqual(refusalOf(await post()), INVALID);
  tells({ aud: 'our-google-client', sub: undefined }, {});
  assert.deepEqual(refusalOf(await post()), INVALID);
  tells({}, PERSON, 500);
  assert.deepEqual([(await post()).status, (await post()).json.error], [503, 'temporarily_unavailable']);
  assert.deepEqual(await users(), []);
});

test('a blocked user', async () => {
  await post();
  const [user] = await users();
  await usersOf(house.server.ctx).put({ ...user!, blocked: true });
  assert.deepEqual(refusalOf(await post()), [401, 'unauthorized', 'user is blocked']);
});

test('what is missing, and connections that are not there, not for the client, or cannot tell', async () => {
  for (const name of ['client_id', 'access_token', 'connection'])
    assert.deepEqual(refusalOf(await post({ [name]: undefined })), invalid(`missing ${name} parameter`));
  assert.deepEqual(refusalOf(await post({ scope: 'openid offline_access' })), invalid('missing device parameter'));
  assert.deepEqual(refusalOf(await post({ connection: 'nowhere' })), invalid('the connection was not found'));
  await connectionsOf(house.server.ctx).put({ ...google, enabled_clients: [] });
  assert.deepEqual(refusalOf(await post()), invalid('the connection was disabled'));
  const unsupported = invalid('specified strategy does not support requested operation');
  await addDatabase(house.server.ctx, 'db', [client.client_id]);
  assert.deepEqual(refusalOf(await post({ connection: 'db' })), unsupported);
  const options = { client_id: 'x', client_secret: 'y' };
  await house.connect('hub', { strategy: 'github', options, enabled_clients: [client.client_id] });
  assert.deepEqual(refusalOf(await post({ connection: 'hub' })), unsupported);
});

test('clients without the grant, and those that conform to OpenID Connect', async () => {
  const fresh = await createClient(house.server.ctx, { name: 'New app' });
  assert.deepEqual(refusalOf(await post({ client_id: fresh.client_id })), [
    403,
    'unauthorized_client',
    `Grant type '${GRANT}' not allowed for the client.`,
  ]);
  await clientsOf(house.server.ctx).put({ ...client, oidc_conformant: true });
  assert.deepEqual(refusalOf(await post()), invalid('OIDC conformant clients cannot use /oauth/access_token'));
  assert.deepEqual(await users(), []);
});

test('nobody is made by a request that is refused after Google was asked', async () => {
  await clientsOf(house.server.ctx).put({ ...client, organization_usage: 'require' });
  assert.equal((await post()).status, 403);
  assert.deepEqual(await users(), []);
});
