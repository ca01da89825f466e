/** What each `app_type` implies. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser } from '../browser.ts';
import { type ClientHouse, clientHouse, type Made } from './client-house.ts';

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const OTP = 'http://auth0.com/oauth/grant-type/passwordless/otp';

let house: ClientHouse;

before(async () => {
  house = await clientHouse();
});
after(() => house.close());

const PUBLIC = { token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token', DEVICE] };

test('app_type native: the device flow, and a loopback port of its choice', async () => {
  const kind = async (app_type: string) => {
    const app = await house.create({ ...PUBLIC, app_type, callbacks: ['http://127.0.0.1/cb'] });
    const device = await house.server.post('/oauth/device/code', { form: { client_id: app.client_id } });
    const reached = await house.begin(app, { redirect_uri: 'http://127.0.0.1:4567/cb' });
    return [device.status, 'html' in reached && reached.status !== 403];
  };
  assert.deepEqual(await kind('native'), [200, true]);
  assert.deepEqual(await kind('spa'), [403, false]);
  assert.deepEqual(await kind('regular_web'), [403, false]);
});

test('app_type spa: refresh tokens only where they rotate, and no codes for passwords’ users', async () => {
  const refreshes = async (app: Made) => {
    const { parameters } = await house.logIn(app, { scope: 'openid offline_access' });
    const form = { grant_type: 'authorization_code', code: parameters.code, redirect_uri: 'https://app.test/callback' };
    return (await house.exchange({ ...app, client_secret: '' }, form)).json.refresh_token !== undefined;
  };
  const spa = await house.create({ ...PUBLIC, app_type: 'spa' });
  assert.equal(await refreshes(spa), false);
  await house.change(spa, { refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring' } });
  assert.equal(await refreshes(spa), true);
  assert.equal(await refreshes(await house.create({ ...PUBLIC, app_type: 'native' })), true);
  const grant_types = ['authorization_code', OTP];
  const ask = async (app: Made) => {
    const form = { client_id: app.client_id, client_secret: app.client_secret, connection: 'none', email: 'a@b.test' };
    return (await house.server.post('/otp/challenge', { json: form })).json.error;
  };
  assert.equal(await ask(await house.create({ app_type: 'spa', grant_types })), 'unauthorized_client');
  assert.notEqual(await ask(await house.create({ app_type: 'regular_web', grant_types })), 'unauthorized_client');
});

test('app_type resource_server: stands for an API, has no grants of its own, and no other kind does', async () => {
  const identifier = 'https://api.test/';
  await house.manage('POST', 'resource-servers', { identifier, name: 'API' });
  const body = { name: 'API', app_type: 'resource_server', resource_server_identifier: identifier };
  const { json: made } = await house.manage('POST', 'clients', body);
  assert.deepEqual([made.grant_types, made.oidc_conformant, made.jwt_configuration.alg], [[], true, 'RS256']);
  const other = await house.manage('POST', 'clients', { name: 'Web', app_type: 'regular_web' });
  assert.notDeepEqual(other.json.grant_types, []);
  const text = "Payload validation error: 'resource_server_identifier requires app_type resource_server'.";
  for (const app_type of ['regular_web', undefined]) {
    const refused = await house.manage('POST', 'clients', { ...body, app_type });
    assert.deepEqual([refused.status, refused.json.message], [400, text]);
  }
  const changed = await house.manage('PATCH', `clients/${made.client_id}`, { app_type: 'spa' });
  assert.deepEqual([changed.status, changed.json.message], [400, text]);
  assert.equal((await house.read(made)).app_type, 'resource_server');
});

test('app_type express_configuration: a key in place of a secret, and its own callback, organizations and API', async () => {
  const { json: made } = await house.manage('POST', 'clients', { name: 'E', app_type: 'express_configuration' });
  assert.deepEqual(made.callbacks, ['https://system-admin.okta.com/admin/app/generic/oauth20redirect']);
  assert.deepEqual([made.organization_usage, made.client_secret], ['require', undefined]);
  const grant = { client_id: made.client_id, audience: `${house.server.issuer}api/v2/`, scope: [] };
  assert.equal((await house.manage('POST', 'client-grants', grant)).status, 400);
  const plain = { ...grant, client_id: (await house.create()).client_id };
  assert.equal((await house.manage('POST', 'client-grants', plain)).status, 201);
});

test('app_type of an SSO integration: sso decides whether the session here counts', async () => {
  const browser = new Browser(house.server);
  await house.logIn(await house.create(), {}, browser);
  const isSilent = async (body: object) => {
    const { parameters } = await house.logIn(await house.create(body), { prompt: 'none' }, browser);
    return parameters.error === undefined;
  };
  assert.equal(await isSilent({ app_type: 'zendesk', sso: false }), false);
  assert.equal(await isSilent({ app_type: 'zendesk', sso: true }), true);
  assert.equal(await isSilent({ app_type: 'regular_web', sso: false }), true);
  assert.equal(await isSilent({ app_type: 'non_interactive', sso: false }), true);
});

test('app_type: one of the published kinds', async () => {
  const { status, json } = await house.manage('POST', 'clients', { name: 'x', app_type: 'toaster' });
  assert.equal(status, 400);
  assert.match(json.message, /No enum match for: toaster' on property app_type/);
});
