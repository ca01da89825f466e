import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser } from '../../../test/browser.ts';
import { addBackchannelClient, asked, personWithApp, poll as pollBackchannel } from '../../../test/ciba-fixture.ts';
import { activate, addDeviceClient, newCodes, poll } from '../../../test/device-fixture.ts';
import { type ExchangeTenant, exchangeTenant, VERIFIER } from '../../../test/exchange-fixture.ts';
import { addPerson, useFactors } from '../../../test/fixtures.ts';
import { managementToken } from '../../../test/management.ts';
import { mfaClient } from '../../../test/mfa/mfa-client.ts';
import { addPasswordless, addPasswordlessClient, codeFor, redeem, start } from '../../../test/passwordless.ts';
import type { Answer } from '../../../test/server.ts';
import { API, payloadOf } from '../../../test/token-fixture.ts';
import { findResourceServer, resourceServersOf } from '../../resources/resource-servers/index.ts';
import { assignRoles, createRole, grantPermissions, TENANT } from '../../resources/roles/index.ts';
import { revokePermissions } from '../../resources/roles/permissions/granted-permission.store.ts';
import { createPasswordlessUser, usersOf } from '../../resources/users/index.ts';

let tenant: ExchangeTenant;

before(async () => {
  tenant = await exchangeTenant();
  await tenant.useVerifier(VERIFIER);
  const { ctx } = tenant.server;
  const api = await findResourceServer(ctx, API);
  await resourceServersOf(ctx).put({ ...api!, enforce_policies: true, token_dialect: 'access_token_authz' });
});
after(() => tenant.server.close());

const PERMISSION = { resource_server_identifier: API, permission_name: 'read:things' };
const ALL = 'openid read:things write:things';
const rightsIn = (token: string) => {
  const { scope, permissions } = payloadOf(token);
  return [scope, permissions];
};

test('token exchange', async () => {
  const { ctx } = tenant.server;
  const ask = () => tenant.exchange({ audience: API, scope: ALL });
  assert.deepEqual(rightsIn((await ask()).json.access_token), ['openid', []]);
  const { id } = await createRole(ctx, { name: 'Reader' });
  await grantPermissions(ctx, id, [PERMISSION]);
  await assignRoles(ctx, tenant.user.user_id, TENANT, [id]);
  assert.deepEqual(rightsIn((await ask()).json.access_token), ['openid read:things', ['read:things']]);
});

test('a login that waits for its second factor: what is taken away meanwhile is gone', async () => {
  const { server } = tenant;
  const { ctx } = server;
  await useFactors(ctx, ['otp'], ['all-applications']);
  const client = await mfaClient(server, { email: 'mfa@example.test' });
  const { secret } = await client.enrollOtp();
  const { user_id } = (await usersOf(ctx).find({ email: client.email }))!;
  const [read, write] = ['read:things', 'write:things'].map((name) => ({ ...PERMISSION, permission_name: name }));
  await grantPermissions(ctx, user_id, [read!, write!]);
  const waiting = await client.login({ audience: API, scope: ALL });
  assert.equal(waiting.json.error, 'mfa_required');
  await revokePermissions(ctx, user_id, [write!]);
  server.clock.advance(60);
  const passed = await client.otp(waiting.json.mfa_token, client.code(secret));
  assert.deepEqual(rightsIn(passed.json.access_token), ['openid read:things', ['read:things']]);
});

/** Who may write by a role asks for it by `begin`; then the role is deleted, and what `finish` gets must know of it. */
async function losesRole(user_id: string, begin: () => Promise<unknown>, finish: () => Promise<Answer>): Promise<void> {
  const { ctx } = tenant.server;
  const { id } = await createRole(ctx, { name: `Writer ${user_id}` });
  await grantPermissions(ctx, id, [{ ...PERMISSION, permission_name: 'write:things' }]);
  await grantPermissions(ctx, user_id, [PERMISSION]);
  await assignRoles(ctx, user_id, TENANT, [id]);
  await begin();
  const bearer = await managementToken(tenant.server, ['delete:roles']);
  assert.equal((await tenant.server.request('DELETE', `/api/v2/roles/${id}`, { bearer })).status, 200);
  const { json, text } = await finish();
  assert.ok(json.access_token, text);
  assert.deepEqual(rightsIn(json.access_token), ['openid read:things', ['read:things']]);
}

const WISH = { audience: API, scope: ALL };

test('a device that was approved: a role that is deleted before it asks is gone', async () => {
  const { server } = tenant;
  await useFactors(server.ctx, []);
  const device = await addDeviceClient(server.ctx);
  const { user_id, email } = await addPerson(server.ctx, 'device@example.test');
  const codes = await newCodes(server, device, WISH);
  const approve = async () => {
    const browser = new Browser(server);
    let page = await activate(browser, codes.user_code, email);
    if (page.path === '/u/consent') page = await browser.submitPage(page, { action: 'accept' });
    assert.equal(page.path, '/device/success', page.html);
  };
  await losesRole(user_id, approve, () => poll(server, device, codes.device_code));
});

test('a backchannel request that was approved: the same', async () => {
  const { server } = tenant;
  const { app, user_id } = await personWithApp(server, 'ciba@example.test');
  const client = await addBackchannelClient(server.ctx);
  const id = await asked(server, client, user_id, WISH);
  const approve = async () =>
    assert.equal((await app.resolve(await app.notification(), { auth0_guardian_accepted: true })).status, 204);
  await losesRole(user_id, approve, () => pollBackchannel(server, client, id));
});

test('a passwordless login: rights are those of when the code comes back', async () => {
  const { server } = tenant;
  const client = await addPasswordlessClient(server.ctx);
  const connection = await addPasswordless(server.ctx, 'email', [client.client_id]);
  const email = 'passwordless@example.test';
  const { user_id } = await createPasswordlessUser(server.ctx, { connection, email });
  const send = async () => assert.equal((await start(server, client, { email })).status, 200);
  const finish = async () => redeem(server, client, await codeFor(server, email), { username: email, ...WISH });
  await losesRole(user_id, send, finish);
});
