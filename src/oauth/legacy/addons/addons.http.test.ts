/** What all add-ons at `/delegation` have in common, and what the Management API says of them. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { type DelegationHouse, delegationHouse } from '../../../../test/delegation-house.ts';
import { createProver } from '../../../../test/dpop.ts';
import { managementToken } from '../../../../test/management.ts';
import { addCode, CALLBACK, logTypes, refusalOf } from '../../../../test/token-fixture.ts';
import { type Addons, clientsOf } from '../../../resources/clients/index.ts';
import { logsOf } from '../../../resources/logs/index.ts';
import { refreshTokensOf } from '../../../resources/refresh-tokens/index.ts';

const BUS = { namespace: 'acme-org', sasKeyName: 'policy', sasKey: 'the-bus-key', entityPath: 'queue' };
const SECRETS = {
  azure_blob: { storageAccessKey: `${'x'.repeat(86)}==` },
  azure_sb: BUS,
  firebase: { secret: 'the-fire-secret', private_key: 'the-fire-key' },
  layer: { providerId: 'p', keyId: 'k', privateKey: 'the-layer-key' },
  sap_api: { servicePassword: 'the-sap-password' },
};

let house: DelegationHouse;

before(async () => {
  house = await delegationHouse();
});
after(() => house.server.close());
beforeEach(async () => {
  house.server.clock.advance(3600);
  await clientsOf(house.server.ctx).put(house.client);
  await clientsOf(house.server.ctx).put(house.api);
  await house.setAddons({ azure_sb: BUS });
});

const isSigned = (answer: { status: number; json: { azure_sb_sas?: string } }) =>
  answer.status === 200 && answer.json.azure_sb_sas?.startsWith('SharedAccessSignature ');

test('for a refresh token, too, which is noted as used', async () => {
  const { refresh_token } = await house.login();
  house.server.clock.advance(60);
  assert.ok(isSigned(await house.delegate({ refresh_token, api_type: 'azure_sb' })));
  const [row] = await refreshTokensOf(house.server.ctx).list();
  assert.equal(row?.last_used_at, house.server.clock.now());
});

test('a refresh token that is bound to a key opens nothing without that key', async () => {
  const { server, user } = house;
  const { client_id } = house.client;
  await clientsOf(server.ctx).put({ ...house.client, token_endpoint_auth_method: 'none', callbacks: [CALLBACK] });
  const prover = createProver(server.clock);
  const proved = async (path: string, form: Record<string, string>) => {
    const url = `${server.url}${path}`;
    const ask = (nonce: string) => {
      const headers = { dpop: prover.proof(url, nonce === '' ? {} : { nonce }) };
      return server.post(path, { form: { client_id, ...form }, headers });
    };
    return ask((await ask('')).headers['dpop-nonce'] ?? '');
  };
  const audience = `${server.issuer}userinfo`;
  const code = await addCode(server.ctx, { client_id, user_id: user.user_id, audience });
  const redeemed = await proved('/oauth/token', { grant_type: 'authorization_code', code, redirect_uri: CALLBACK });
  const { refresh_token } = redeemed.json;
  assert.ok(refresh_token, redeemed.text);
  const refused = [403, 'invalid_grant', 'Unknown or invalid refresh token.'];
  assert.deepEqual(refusalOf(await house.delegate({ refresh_token, api_type: 'azure_sb' })), refused);
  const asked = { api_type: 'azure_sb', target: house.api.client_id, refresh_token };
  const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
  assert.ok(isSigned(await proved('/delegation', { grant_type, ...asked })));
});

test('without api_type it is the target’s first add-on; an ID token where it has none, or where that is asked for', async () => {
  const { id_token } = await house.login();
  assert.ok(isSigned(await house.delegate({ id_token })));
  for (const api_type of ['app', 'auth0']) assert.ok((await house.delegate({ id_token, api_type })).json.id_token);
  await house.setAddons(null);
  assert.ok((await house.delegate({ id_token })).json.id_token);
});

test('an add-on that the target lacks, one of another target, one that there is not, and those that are no services', async () => {
  const { id_token } = await house.login();
  const { client_id } = house.api;
  const lacks = [400, 'invalid_request', `The add-on firebase is not enabled for "${client_id}"`];
  assert.deepEqual(refusalOf(await house.delegate({ id_token, api_type: 'firebase' })), lacks);
  const own = await house.delegate({ id_token, api_type: 'azure_sb', target: house.client.client_id });
  assert.equal(own.json.error_description, `The add-on azure_sb is not enabled for "${house.client.client_id}"`);
  for (const api_type of ['samlp', 'wams', 'constructor', '__proto__']) {
    const refused = [400, 'invalid_request', `The api_type ${api_type} is not supported`];
    assert.deepEqual(refusalOf(await house.delegate({ id_token, api_type })), refused);
  }
  assert.ok((await logTypes(house.server)).includes('fd'));
});

test('whom the target does not allow, and who asks too often, gets no key', async () => {
  const { id_token } = await house.login();
  const stored = await clientsOf(house.server.ctx).get(house.api.client_id);
  await clientsOf(house.server.ctx).put({ ...stored!, allowed_clients: ['somebody-else'] });
  assert.equal((await house.delegate({ id_token, api_type: 'azure_sb' })).json.error, 'access_denied');
  await clientsOf(house.server.ctx).put(stored!);
  for (let left = 9; left >= 0; left--) {
    const answer = await house.delegate({ id_token, api_type: 'azure_sb' });
    assert.deepEqual([answer.status, answer.headers['x-ratelimit-remaining']], [200, String(left)]);
  }
  assert.equal((await house.delegate({ id_token, api_type: 'azure_sb' })).status, 429);
});

test('a target that wants organizations, of which nothing is known here, gives no key', async () => {
  const { id_token } = await house.login();
  const stored = await clientsOf(house.server.ctx).get(house.api.client_id);
  await clientsOf(house.server.ctx).put({ ...stored!, organization_usage: 'require' });
  const refused = await house.delegate({ id_token, api_type: 'azure_sb' });
  assert.deepEqual([refused.status, refused.json.error], [403, 'invalid_request']);
});

test('an ID token of another tenant gets nothing', async () => {
  const { id_token } = await house.login();
  const form = { client_id: house.client.client_id, target: house.api.client_id, api_type: 'azure_sb', id_token };
  assert.equal((await house.server.other.post('/delegation', { form })).status, 403);
});

test('secrets of add-ons are sealed, shown to whoever may read clients, and hidden in the log', async () => {
  const written = await house.setAddons(SECRETS);
  assert.deepEqual([written.status, written.json.addons], [200, SECRETS]);
  const bearer = await managementToken(house.server, ['read:clients', 'update:clients']);
  const path = `/api/v2/clients/${house.api.client_id}`;
  await house.server.request('PATCH', path, { json: { description: 'changed' }, bearer });
  assert.deepEqual((await house.server.get(path, { bearer })).json.addons, SECRETS);
  const stored = await clientsOf(house.server.ctx).get(house.api.client_id);
  const logs = await logsOf(house.server.ctx).list();
  for (const secret of ['the-bus-key', 'the-fire-secret', 'the-fire-key', 'the-layer-key', 'the-sap-password', 'xxxx'])
    for (const kept of [stored, logs]) assert.equal(JSON.stringify(kept).includes(secret), false, secret);
  assert.deepEqual((stored!.addons as Addons).azure_sb?.namespace, 'acme-org');
  const summary = await managementToken(house.server, ['read:client_summary']);
  assert.equal('addons' in (await house.server.get(path, { bearer: summary })).json, false);
});

test('a text that looks sealed is taken as the text that it is', async () => {
  const { id_token } = await house.login();
  const stored = await clientsOf(house.server.ctx).get(house.api.client_id);
  const sasKey = (stored!.addons as Addons).azure_sb?.sasKey;
  await house.setAddons({ azure_sb: { ...BUS, sasKey } });
  const bearer = await managementToken(house.server, ['read:clients']);
  const shown = await house.server.get(`/api/v2/clients/${house.api.client_id}`, { bearer });
  assert.equal(shown.json.addons.azure_sb.sasKey, sasKey);
  assert.ok(isSigned(await house.delegate({ id_token, api_type: 'azure_sb' })));
});

test('what an add-on does not take is refused, and changes nothing', async () => {
  const bearer = await managementToken(house.server, ['read:clients', 'create:clients']);
  const before = (await house.server.get(`/api/v2/clients/${house.api.client_id}`, { bearer })).json;
  const wrong = [
    { firebase: { lifetime_in_seconds: '1' } },
    { firebase: { private_key: 1 } },
    { firebase: [] },
    { azure_sb: { expiration: 'soon' } },
    { azure_blob: { accountName: 'No' } },
    { azure_blob: { expiration: -1 } },
    { layer: { keyId: 'k' } },
    { aws: { lifetime_in_seconds: 899 } },
    { salesforce_api: { clientid: 1 } },
    { sap_api: { tokenEndpointUrl: 'nowhere' } },
    { sap_api: { tokenEndpointUrl: 'ftp://sap.acme.test/token' } },
    { unheard_of: {} },
  ];
  for (const addons of wrong) {
    const refused = await house.setAddons(addons);
    assert.deepEqual([refused.status, refused.json.errorCode], [400, 'invalid_body'], JSON.stringify(addons));
  }
  const gone = "Payload validation error: 'addons.wams is not offered: Microsoft has shut down Azure Mobile Services'.";
  const refused = await house.setAddons({ wams: { masterkey: 'k' } });
  assert.deepEqual([refused.status, refused.json.message], [400, gone]);
  const json = { name: 'New', addons: { wams: {} } };
  assert.equal((await house.server.post('/api/v2/clients', { json, bearer })).json.message, gone);
  assert.deepEqual((await house.server.get(`/api/v2/clients/${house.api.client_id}`, { bearer })).json, before);
});

test('what was stored before it was refused keeps nobody from changing something else', async () => {
  const older = { addons: { wams: {} }, encryption_key: { pub: 'an older note' } };
  await clientsOf(house.server.ctx).put({ ...house.api, ...older });
  const bearer = await managementToken(house.server, ['update:clients', 'update:client_keys']);
  const change = (json: object) =>
    house.server.request('PATCH', `/api/v2/clients/${house.api.client_id}`, { json, bearer });
  assert.equal((await change({ description: 'changed' })).status, 200);
  assert.equal((await change({ addons: { wams: {} } })).status, 400);
  assert.equal((await change({ encryption_key: { pub: 'an older note' } })).status, 400);
  assert.equal((await change({ addons: null, encryption_key: null })).status, 200);
});
