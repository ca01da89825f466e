/** `POST /delegation` and `/tokeninfo`. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { type TestServer, testServer } from '../../../test/server.ts';
import {
  addCode,
  addDatabase,
  addUser,
  CALLBACK,
  changeSettings,
  countRefreshTokens,
  EMAIL,
  logTypes,
  PASSWORD,
  payloadOf,
  refusalOf,
} from '../../../test/token-fixture.ts';
import { signJwt } from '../../platform/crypto/index.ts';
import {
  clientsOf,
  createClient,
  idTokenSecret,
  revealClientSecret,
  type StoredClient,
} from '../../resources/clients/index.ts';
import { consentGrantsOf } from '../../resources/grants/index.ts';
import { guardianCollection, guardianSettings } from '../../resources/guardian/index.ts';
import { currentSigner } from '../../resources/keys/index.ts';
import { refreshTokensOf } from '../../resources/refresh-tokens/index.ts';
import { type User, usersOf } from '../../resources/users/index.ts';
import { verifyIdToken } from '../id-token.ts';

const LEGACY = 'http://auth0.com/oauth/legacy/grant-type/delegation';
const BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const UNKNOWN = [403, 'invalid_grant', 'Unknown or invalid refresh token.'];
const notAllowed = (type: string) => [403, 'unauthorized_client', `Grant type '${type}' not allowed for the client.`];

let server: TestServer;
let client: StoredClient;
let api: StoredClient;
let user: User;

before(async () => {
  server = await testServer();
  client = await createClient(server.ctx, { name: 'Old app' }, { existing: true });
  const settings = { jwt_configuration: { alg: 'HS256', lifetime_in_seconds: 500 } };
  api = await createClient(server.ctx, { name: 'Old API', ...settings });
  user = await addUser(server.ctx, await addDatabase(server.ctx, 'db', [client.client_id]));
});
after(() => server.close());
beforeEach(async () => {
  server.clock.advance(3600);
  await clientsOf(server.ctx).put(client);
  await clientsOf(server.ctx).put(api);
  await usersOf(server.ctx).put(user);
  await refreshTokensOf(server.ctx).deleteWhere({});
});

type Form = Record<string, string | undefined>;
async function login(scope = 'openid offline_access') {
  const form = { client_id: client.client_id, connection: 'db', username: EMAIL, password: PASSWORD };
  const answer = await server.post('/oauth/ro', { form: { ...form, scope, device: 'phone' } });
  return answer.json as { id_token: string; refresh_token: string };
}
const delegate = (form: Form) =>
  server.post('/delegation', {
    form: { client_id: client.client_id, grant_type: BEARER, ...form },
  });
async function changeClient(changes: Partial<StoredClient>) {
  await clientsOf(server.ctx).put({ ...client, ...changes } as StoredClient);
}

test('a refresh token, for an ID token of the client; it stays as it was, and is noted as used', async () => {
  const { refresh_token } = await login();
  server.clock.advance(60);
  const answer = await delegate({ refresh_token, api_type: 'app', scope: 'openid email' });
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(Object.keys(answer.json), ['token_type', 'expires_in', 'id_token']);
  assert.deepEqual([answer.json.token_type, answer.json.expires_in], ['Bearer', 36_000]);
  const claims = payloadOf(answer.json.id_token);
  assert.deepEqual(
    [claims.sub, claims.aud, claims.azp, claims.email],
    [user.user_id, client.client_id, undefined, EMAIL],
  );
  const [row] = await refreshTokensOf(server.ctx).list();
  assert.equal(row?.last_used_at, server.clock.now());
  assert.equal((await delegate({ refresh_token })).status, 200);
  assert.equal(await countRefreshTokens(server.ctx), 1);
  assert.ok((await logTypes(server)).includes('sd'));
});

test('for another client: signed and timed as that one has it, and it says who asked', async () => {
  const { id_token, refresh_token } = await login();
  for (const token of [{ id_token }, { refresh_token }]) {
    const answer = await delegate({ ...token, target: api.client_id });
    assert.equal(answer.json.expires_in, 500);
    const claims = await verifyIdToken(server.ctx, answer.json.id_token, api, server.clock.now());
    assert.deepEqual([claims.sub, claims.aud, claims.azp], [user.user_id, api.client_id, client.client_id]);
    assert.ok(idTokenSecret(server.ctx, api));
  }
});

test('what was delegated goes no further', async () => {
  const { id_token } = await login();
  const delegated = (await delegate({ id_token, target: api.client_id })).json.id_token;
  await clientsOf(server.ctx).put({ ...api, grant_types: client.grant_types ?? [] });
  const onward = await delegate({ client_id: api.client_id, id_token: delegated });
  assert.deepEqual(refusalOf(onward), [400, 'invalid_grant', 'invalid id_token']);
});

test('a third party gets no ID token for an application that does not name it', async () => {
  const { id_token } = await login();
  await changeClient({ is_first_party: false, third_party_security_mode: 'permissive' });
  const ask = () => delegate({ id_token, target: api.client_id });
  assert.equal((await ask()).json.error, 'access_denied');
  assert.equal((await delegate({ id_token })).status, 200);
  await clientsOf(server.ctx).put({ ...api, allowed_clients: [client.client_id] });
  assert.equal((await ask()).status, 200);
});

test('a third party learns no more of a user than they have allowed it', async () => {
  const { id_token, refresh_token } = await login();
  await changeClient({ is_first_party: false, third_party_security_mode: 'permissive' });
  const learned = async (token: Form) => {
    const { json } = await delegate({ ...token, scope: 'openid email phone profile' });
    const { email, name } = payloadOf(json.id_token);
    return [email, name];
  };
  const both = async () => [await learned({ id_token }), await learned({ refresh_token })].flat();
  assert.deepEqual(await both(), [undefined, undefined, undefined, undefined]);
  const given = { user_id: user.user_id, clientID: client.client_id, audience: `${server.issuer}userinfo` };
  await consentGrantsOf(server.ctx).insert({ id: 'consent', ...given, scope: ['openid', 'email'] });
  assert.deepEqual(await both(), [EMAIL, undefined, EMAIL, undefined]);
  await consentGrantsOf(server.ctx).delete('consent');
});

test('a target says who may ask for it', async () => {
  const { id_token } = await login();
  const ask = () => delegate({ id_token, target: api.client_id });
  await clientsOf(server.ctx).put({ ...api, allowed_clients: ['somebody-else'] });
  const refused = `Client "${client.client_id}" is not allowed to delegate to "${api.client_id}".`;
  assert.deepEqual(refusalOf(await ask()), [403, 'access_denied', refused]);
  await clientsOf(server.ctx).put({ ...api, allowed_clients: [client.client_id] });
  assert.equal((await ask()).status, 200);
  const nobody = await delegate({ id_token, target: 'nobody' });
  assert.deepEqual(refusalOf(nobody), [400, 'invalid_request', 'the target nobody was not found']);
});

test('add-ons, several tokens, none, and other grants', async () => {
  const { id_token, refresh_token } = await login();
  const invalid = (text: string) => [400, 'invalid_request', text];
  assert.deepEqual(
    refusalOf(await delegate({ id_token, api_type: 'wams' })),
    invalid('The api_type wams is not supported'),
  );
  assert.deepEqual(
    refusalOf(await delegate({ id_token, refresh_token })),
    invalid('id_token and refresh_token cannot be used together'),
  );
  assert.deepEqual(refusalOf(await delegate({})), invalid('missing id_token parameter'));
  assert.equal((await delegate({ id_token, grant_type: 'password' })).json.error, 'unsupported_grant_type');
  assert.ok((await logTypes(server)).includes('fd'));
});

test('each token needs its own grant, and a client that is not OIDC conformant', async () => {
  const { id_token, refresh_token } = await login();
  await changeClient({ grant_types: [`${LEGACY}/id_token`] });
  assert.deepEqual(refusalOf(await delegate({ refresh_token })), notAllowed(`${LEGACY}/refresh_token`));
  assert.equal((await delegate({ id_token })).status, 200);
  await changeClient({ grant_types: [`${LEGACY}/refresh_token`] });
  assert.deepEqual(refusalOf(await delegate({ id_token })), notAllowed(`${LEGACY}/id_token`));
  assert.equal((await delegate({ refresh_token })).status, 200);
  const forConformant = () => delegate({ refresh_token, target: api.client_id });
  await clientsOf(server.ctx).put({ ...api, oidc_conformant: true });
  const conformant = [400, 'invalid_request', 'OIDC conformant clients cannot use /delegation'];
  assert.deepEqual(refusalOf(await forConformant()), conformant);
  await clientsOf(server.ctx).put(api);
  assert.equal((await forConformant()).status, 200);
  await changeClient({ oidc_conformant: true });
  assert.deepEqual(refusalOf(await delegate({ id_token })), conformant);
});

test('a client that may not delegate gets no refresh token', async () => {
  await changeClient({ grant_types: ['http://auth0.com/oauth/legacy/grant-type/ro', 'refresh_token'] });
  assert.equal((await login()).refresh_token, undefined);
});

test('tokens that are not its own, revoked, of an organization, or those that rotate', async () => {
  const { refresh_token } = await login();
  const stranger = await createClient(server.ctx, { name: 'Another' }, { existing: true });
  assert.deepEqual(refusalOf(await delegate({ refresh_token, client_id: stranger.client_id })), UNKNOWN);
  const [row] = await refreshTokensOf(server.ctx).list();
  await refreshTokensOf(server.ctx).put({ ...row!, rotating: true });
  assert.deepEqual(refusalOf(await delegate({ refresh_token })), UNKNOWN);
  await refreshTokensOf(server.ctx).put({ ...row!, organization: { id: 'org_x', name: 'x' } });
  assert.deepEqual(refusalOf(await delegate({ refresh_token })), UNKNOWN);
  await refreshTokensOf(server.ctx).delete(row!.id);
  assert.deepEqual(refusalOf(await delegate({ refresh_token })), UNKNOWN);
});

test('a user who is gone or blocked', async () => {
  const { id_token, refresh_token } = await login();
  await usersOf(server.ctx).put({ ...user, blocked: true });
  assert.deepEqual(refusalOf(await delegate({ id_token })), [401, 'unauthorized', 'user is blocked']);
  assert.match((await delegate({ refresh_token })).json.error_description, /user is blocked/);
  await usersOf(server.ctx).delete(user.user_id);
  assert.equal((await delegate({ id_token })).json.error, 'invalid_grant');
  assert.match((await delegate({ refresh_token })).json.error_description, /doesn't exist anymore/);
});

test('whoever would have to prove a second factor is refused', async () => {
  const { id_token, refresh_token } = await login();
  const guardian = await guardianSettings(server.ctx);
  const demanding = {
    ...guardian,
    factors: { ...guardian.factors, otp: true },
    policies: ['all-applications'] as const,
  };
  await server.ctx.store.collection(guardianCollection).put(demanding);
  for (const token of [{ id_token }, { refresh_token }]) {
    const refused = [403, 'access_denied', 'Multifactor authentication required'];
    assert.deepEqual(refusalOf(await delegate(token)), refused);
  }
  await server.ctx.store.collection(guardianCollection).put(guardian);
});

test('ten a minute for a user at an address', async () => {
  const { id_token } = await login();
  for (let left = 9; left >= 0; left--) {
    const answer = await delegate({ id_token });
    assert.deepEqual([answer.status, answer.headers['x-ratelimit-remaining']], [200, String(left)]);
  }
  const refused = await delegate({ id_token });
  assert.deepEqual([refused.status, refused.json.error], [429, 'too_many_requests']);
  assert.equal(refused.headers['x-ratelimit-limit'], '10');
  assert.ok((await logTypes(server)).includes('limit_delegation'));
  server.clock.advance(6);
  assert.equal((await delegate({ id_token })).status, 200);
});

test('tokeninfo tells whose an ID token is, where the tenant allows it', async () => {
  const { id_token } = await login('openid');
  const ask = (token?: string) => server.post('/tokeninfo', { json: token === undefined ? {} : { id_token: token } });
  assert.deepEqual(refusalOf(await ask(id_token)), [404, 'endpoint_disabled', 'The endpoint is disabled.']);
  await changeSettings(server.ctx, { flags: { allow_legacy_tokeninfo_endpoint: true } });
  const answer = await ask(id_token);
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(
    [answer.json.user_id, answer.json.email, answer.json.email_verified, answer.json.clientID],
    [user.user_id, EMAIL, true, client.client_id],
  );
  assert.deepEqual(answer.json.identities, user.identities);
  assert.match(answer.json.global_client_id, /^[A-Za-z0-9]{32}$/);
  assert.equal('app_metadata' in answer.json, false);
  assert.deepEqual((await server.get('/tokeninfo', { query: { id_token } })).json, answer.json);
  assert.deepEqual(refusalOf(await ask()), [400, 'invalid_request', 'missing id_token parameter']);
  const invalid = [401, 'unauthorized', 'invalid id_token'];
  assert.deepEqual(refusalOf(await ask('nonsense')), invalid);
  assert.deepEqual(refusalOf(await ask(`${id_token.slice(0, -4)}AAAA`)), invalid);
  await changeSettings(server.other.ctx, { flags: { allow_legacy_tokeninfo_endpoint: true } });
  assert.deepEqual(refusalOf(await server.other.post('/tokeninfo', { json: { id_token } })), invalid);
  await changeClient({ oidc_conformant: true });
  const conformant = 'OIDC conformant clients cannot use /tokeninfo';
  assert.deepEqual(refusalOf(await ask(id_token)), [400, 'invalid_request', conformant]);
  await changeClient({});
  await usersOf(server.ctx).put({ ...user, blocked: true });
  assert.deepEqual(refusalOf(await ask(id_token)), [401, 'unauthorized', 'user is blocked']);
  await usersOf(server.ctx).delete(user.user_id);
  assert.deepEqual(refusalOf(await ask(id_token)), invalid);
  server.clock.advance(36_000);
  assert.deepEqual(refusalOf(await ask(id_token)), invalid);
});

test('the refresh token of a login whose client proves who it is, is worth nothing without that proof', async () => {
  const audience = `${server.issuer}userinfo`;
  const code = await addCode(server.ctx, { client_id: client.client_id, user_id: user.user_id, audience });
  const client_secret = revealClientSecret(server.ctx, client);
  const form = {
    grant_type: 'authorization_code',
    client_id: client.client_id,
    client_secret,
    code,
    redirect_uri: CALLBACK,
  };
  const { refresh_token } = (await server.post('/oauth/token', { form })).json;
  assert.ok(refresh_token);
  assert.deepEqual(refusalOf(await delegate({ refresh_token })), UNKNOWN);
  await changeClient({ token_endpoint_auth_method: 'none' });
  assert.equal((await delegate({ refresh_token })).status, 200);
});

test('no client with a compliance level', async () => {
  const { id_token, refresh_token } = await login();
  await changeClient({ compliance_level: 'fapi2_sp_pkj_mtls' });
  for (const token of [{ id_token }, { refresh_token }])
    assert.equal((await delegate(token)).json.error, 'invalid_request');
  const form = { client_id: client.client_id, connection: 'db', username: EMAIL, password: PASSWORD };
  const answer = await server.post('/oauth/ro', { form });
  assert.match(answer.json.error_description, /^OIDC conformant clients cannot use/);
});

test('an ID token is renewed as long as a session could last, and no longer', async () => {
  const hours = 10;
  await changeSettings(server.ctx, { session_lifetime: hours });
  const { id_token: first } = await login();
  const began = payloadOf(first).iat;
  let id_token = first;
  for (let hour = 1; hour < hours; hour++) {
    server.clock.advance(3600);
    id_token = (await delegate({ id_token })).json.id_token;
    assert.equal(payloadOf(id_token).auth_time, began);
  }
  const form = { client_id: client.client_id, device: 'phone', scope: 'openid', id_token };
  const swapped = (await server.post('/oauth/ro', { form: { ...form, grant_type: BEARER } })).json.id_token;
  assert.equal(payloadOf(swapped).auth_time, began, 'nor by way of /oauth/ro');
  server.clock.advance(3600);
  for (const token of [id_token, swapped]) {
    const refused = [400, 'invalid_grant', 'invalid id_token'];
    assert.deepEqual(refusalOf(await delegate({ id_token: token })), refused);
    const onRo = await server.post('/oauth/ro', { form: { ...form, grant_type: BEARER, id_token: token } });
    assert.equal(onRo.json.error, 'invalid_grant');
  }
  await changeSettings(server.ctx, { session_lifetime: 168 });
});

test('an ID token of a login to an organization is not carried out of it', async () => {
  await changeClient({ organization_usage: 'allow' });
  const claims = payloadOf((await login()).id_token);
  const id_token = await signJwt(await currentSigner(server.ctx), { ...claims, org_id: 'org_acme', org_name: 'acme' });
  const refused = [400, 'invalid_grant', 'invalid id_token'];
  assert.deepEqual(refusalOf(await delegate({ id_token })), refused);
  const form = { client_id: client.client_id, device: 'phone', scope: 'openid', grant_type: BEARER, id_token };
  assert.deepEqual(refusalOf(await server.post('/oauth/ro', { form })), refused);
  const free = await signJwt(await currentSigner(server.ctx), claims);
  assert.equal((await delegate({ id_token: free })).status, 200);
});
