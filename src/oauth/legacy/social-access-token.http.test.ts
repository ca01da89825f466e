/** `POST /oauth/access_token`: checked like the others, and refused, as no connection can ask its provider. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type TestServer, testServer } from '../../../test/server.ts';
import { addDatabase, logTypes, refusalOf } from '../../../test/token-fixture.ts';
import { clientsOf, createClient, type StoredClient } from '../../resources/clients/index.ts';
import { type Connection, connectionsOf } from '../../resources/connections/index.ts';
import { usersOf } from '../../resources/users/index.ts';

const GRANT = 'http://auth0.com/oauth/legacy/grant-type/access_token';
const invalid = (text: string) => [400, 'invalid_request', text];

let server: TestServer;
let client: StoredClient;
let google: Connection;

before(async () => {
  server = await testServer();
  client = await createClient(server.ctx, { name: 'Old app' }, { existing: true });
  const connection = await addDatabase(server.ctx, 'google-oauth2', [client.client_id]);
  google = await connectionsOf(server.ctx).put({ ...connection, strategy: 'google-oauth2' } as Connection);
});
after(() => server.close());

const post = (form: Record<string, string | undefined>) =>
  server.post('/oauth/access_token', {
    form: { client_id: client.client_id, access_token: 'theirs', connection: 'google-oauth2', ...form },
  });

test('nobody can say whom the token was issued to', async () => {
  const answer = await post({ scope: 'openid' });
  assert.deepEqual(refusalOf(answer), invalid('specified strategy does not support requested operation'));
  assert.equal(await usersOf(server.ctx).count(), 0);
  assert.ok((await logTypes(server)).includes('f'));
});

test('what is missing, and connections that are not there or not for the client', async () => {
  for (const name of ['client_id', 'access_token', 'connection'])
    assert.deepEqual(refusalOf(await post({ [name]: undefined })), invalid(`missing ${name} parameter`));
  assert.deepEqual(refusalOf(await post({ connection: 'nowhere' })), invalid('the connection was not found'));
  await connectionsOf(server.ctx).put({ ...google, enabled_clients: [] });
  assert.deepEqual(refusalOf(await post({})), invalid('the connection was disabled'));
});

test('clients without the grant, and those that conform to OpenID Connect', async () => {
  const fresh = await createClient(server.ctx, { name: 'New app' });
  assert.deepEqual(refusalOf(await post({ client_id: fresh.client_id })), [
    403,
    'unauthorized_client',
    `Grant type '${GRANT}' not allowed for the client.`,
  ]);
  await clientsOf(server.ctx).put({ ...client, oidc_conformant: true });
  assert.deepEqual(refusalOf(await post({})), invalid('OIDC conformant clients cannot use /oauth/access_token'));
});
