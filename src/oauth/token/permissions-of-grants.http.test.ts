import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ExchangeTenant, exchangeTenant, VERIFIER } from '../../../test/exchange-fixture.ts';
import { useFactors } from '../../../test/fixtures.ts';
import { mfaClient } from '../../../test/mfa/mfa-client.ts';
import { API, payloadOf } from '../../../test/token-fixture.ts';
import { findResourceServer, resourceServersOf } from '../../resources/resource-servers/index.ts';
import { assignRoles, createRole, grantPermissions, TENANT } from '../../resources/roles/index.ts';
import { revokePermissions } from '../../resources/roles/permissions/granted-permission.store.ts';
import { usersOf } from '../../resources/users/index.ts';

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
