import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { asPage, authorizeUrl, Browser } from '../../../test/browser.ts';
import { createProver } from '../../../test/dpop.ts';
import { PASSWORD } from '../../../test/fixtures.ts';
import { type OrganizationHouse, openOrganizationHouse } from '../../../test/organization-house.ts';
import { CALLBACK, payloadOf } from '../../../test/token-fixture.ts';
import { clientsOf } from '../clients/index.ts';
import { logsOf } from '../logs/index.ts';
import { addMember, removeMember } from '../organizations/index.ts';

let house: OrganizationHouse;

before(async () => {
  house = await openOrganizationHouse('https://idp.test');
});
after(() => house.server.close());
beforeEach(() => house.configure({}));

const problemOf = ({ status, json }: { status: number; json: Record<string, unknown> }) => [
  status,
  String(json.type).slice(-12),
  json.title,
  json.detail,
];
const MISCONFIGURED = [
  409,
  'A0E-409-0001',
  'Configuration issue',
  'Invalid or missing configuration, please contact tenant admin.',
];

test('activated, the API is the tenant’s own: its policies, scopes and lifetime', async () => {
  const { server, manage } = house;
  const { json } = await manage('GET', `resource-servers/${encodeURIComponent(`${server.issuer}my-org/`)}`);
  assert.deepEqual(
    [json.name, json.is_system, json.token_lifetime, json.subject_type_authorization],
    [
      'Auth0 My Organization API',
      true,
      600,
      { client: { policy: 'deny_all' }, user: { policy: 'require_client_grant' } },
    ],
  );
  assert.ok(json.scopes.some(({ value }: { value: string }) => value === 'update:my_org:identity_providers_detach'));
});

/** Scopes that the administrator is granted who logs in to `acme`, and their token. */
async function logIn(scope: string) {
  const { server, client, admin, acme } = house;
  const ask = { client_id: client.client_id, audience: `${server.issuer}my-org/`, organization: acme.id, scope };
  const browser = new Browser(server);
  const page = asPage(await browser.open(authorizeUrl(ask)));
  const { parameters } = await browser.submitApp(page, { username: admin.email ?? '', password: PASSWORD });
  if (!parameters.code) return { refusal: parameters.error };
  const form = { grant_type: 'authorization_code', ...client, code: parameters.code, redirect_uri: CALLBACK };
  return (await server.post('/oauth/token', { form })).json;
}

test('an administrator logs in to the organization and reads its details with the token', async () => {
  const { server, client, acme, manage, call } = house;
  const asked = 'openid read:my_org:details update:my_org:details';
  const scope = ['read:my_org:details'];
  const grant = { client_id: client.client_id, audience: `${server.issuer}my-org/`, scope, subject_type: 'user' };
  assert.equal((await manage('POST', 'client-grants', grant)).status, 201);
  const json = await logIn(asked);
  const claims = payloadOf(json.access_token);
  assert.deepEqual([claims.org_id, json.expires_in, json.scope], [acme.id, 600, 'openid read:my_org:details']);
  const details = await call('GET', '/details', undefined, json.access_token);
  assert.deepEqual([details.status, details.json], [200, { id: acme.id, name: 'acme', display_name: 'ACME' }]);
  const other = await call('GET', '/config', undefined, json.access_token);
  assert.deepEqual(problemOf(other), [
    403,
    'A0E-403-0002',
    'Insufficient Scope',
    'The auth token lacks the required scope: Check the API documentation for the required scopes for this endpoint.',
  ]);
});

test('with roles (enforce_policies) only those who hold the permission in the organization are granted it', async () => {
  const { server, admin, acme, globex, manage } = house;
  const identifier = `${server.issuer}my-org/`;
  const api = `resource-servers/${encodeURIComponent(identifier)}`;
  const granted = async () => (await logIn('openid read:my_org:details')).scope;
  assert.equal((await manage('PATCH', api, { enforce_policies: true })).status, 200);
  assert.equal(await granted(), 'openid');
  const role = (await manage('POST', 'roles', { name: 'Administrator' })).json.id;
  const permissions = [{ resource_server_identifier: identifier, permission_name: 'read:my_org:details' }];
  assert.equal((await manage('POST', `roles/${role}/permissions`, { permissions })).status, 201);
  const give = ({ id }: { id: string }) =>
    manage('POST', `organizations/${id}/members/${encodeURIComponent(admin.user_id)}/roles`, { roles: [role] });
  assert.equal((await give(globex)).status, 204);
  assert.equal(await granted(), 'openid');
  assert.equal((await give(acme)).status, 204);
  assert.equal(await granted(), 'openid read:my_org:details');
  await manage('PATCH', api, { enforce_policies: false });
});

test('tokens that are none, for something else, for no organization, of people who left', async () => {
  const { server, token, call, acme, admin } = house;
  const missing = await server.get('/my-org/v1/details');
  assert.deepEqual(problemOf(missing), [401, 'A0E-401-0002', 'Missing Token', 'No auth token provided.']);
  const refused = async (claims: object) =>
    (await call('GET', '/details', undefined, await token(acme, { ...claims }))).status;
  assert.equal((await call('GET', '/details', undefined, 'nonsense')).status, 401);
  assert.equal(await refused({ aud: `${server.issuer}api/v2/` }), 401);
  assert.equal(await refused({ exp: 1 }), 401);
  assert.equal(await refused({ org_id: undefined }), 403);
  assert.equal(await refused({ org_id: 'org_0000000000000000' }), 404);
  assert.equal(await refused({ sub: 'auth0|nobody' }), 403);
  await removeMember(server.ctx, acme.id, admin.user_id);
  assert.equal(await refused({}), 403);
  await addMember(server.ctx, acme.id, admin.user_id);
  assert.equal(await refused({}), 200);
  const foreign = await server.other.get('/my-org/v1/details', { bearer: await token() });
  assert.equal(foreign.status, 401);
});

test('without my_organization_configuration every call is refused', async () => {
  const { server, client, call } = house;
  await clientsOf(server.ctx).update(
    client.client_id,
    ({ my_organization_configuration: _none, ...rest }) => rest as never,
  );
  for (const path of ['/details', '/config', '/identity-providers', '/domains'])
    assert.deepEqual(problemOf(await call('GET', path)), MISCONFIGURED, path);
});

test('details are changed, within limits, and each call is logged', async () => {
  const { server, acme, call, admin, client } = house;
  const branding = { logo_url: 'https://acme.test/logo.png', colors: { primary: '#112233', page_background: '#FFF' } };
  const { status, json } = await call('PATCH', '/details', { display_name: 'Acme Inc', branding });
  assert.deepEqual([status, json], [200, { id: acme.id, name: 'acme', display_name: 'Acme Inc', branding }]);
  const rows = await logsOf(server.ctx).list();
  const row = rows.findLast(({ type }) => type === 'my_organization_api_org_details_succeeded');
  assert.deepEqual([row?.client_id, row?.user_id, row?.organization_id], [client.client_id, admin.user_id, acme.id]);
  const refused = await call('PATCH', '/details', {
    branding: { logo_url: 'http://acme.test/logo.png' },
    metadata: {},
  });
  assert.equal(refused.status, 400);
  assert.deepEqual(refused.json, {
    type: 'https://auth0.com/api-errors#A0E-400-0003',
    status: 400,
    title: 'Validation Error',
    validation_errors: refused.json.validation_errors,
  });
  const pointers = refused.json.validation_errors.map(({ pointer }: { pointer: string }) => pointer);
  assert.ok(pointers.includes('/branding/logo_url'), pointers.join());
  const taken = await call('PATCH', '/details', { name: 'globex' });
  assert.deepEqual(problemOf(taken).slice(0, 3), [409, 'A0E-409-0003', 'Duplicate Resource']);
  const failed = (await logsOf(server.ctx).list()).findLast(
    ({ type }) => type === 'my_organization_api_org_details_failed',
  );
  assert.equal(failed?.organization_id, acme.id);
});

test('the configuration shows allowed_strategies and connection_deletion_behavior', async () => {
  const allowed_strategies = ['okta', 'samlp'];
  await house.configure({ allowed_strategies, connection_deletion_behavior: 'allow_if_empty' });
  const { json } = await house.call('GET', '/config');
  assert.deepEqual(json, { allowed_strategies: ['okta'], connection_deletion_behavior: 'allow_if_empty' });
});

test('the connection profile says which switches an organization has', async () => {
  const { configure, manage, call } = house;
  const profile = (
    await manage('POST', 'connection-profiles', {
      name: 'Strict',
      organization: { show_as_button: 'required', assign_membership_on_login: 'optional' },
      enabled_features: ['scim', 'universal_logout'],
      strategy_overrides: { oidc: { enabled_features: ['scim'] } },
    })
  ).json;
  await configure({ connection_profile_id: profile.id, allowed_strategies: ['okta', 'oidc', 'google-apps'] });
  const none = { provisioning_methods: [], enabled_features: [] };
  assert.deepEqual((await call('GET', '/config/identity-providers')).json, {
    organization: { can_set_show_as_button: false, can_set_assign_membership_on_login: true },
    strategies: { okta: { ...none, enabled_features: ['universal_logout'] }, oidc: none },
  });
  await manage('DELETE', `connection-profiles/${profile.id}`);
  assert.deepEqual(problemOf(await call('GET', '/config/identity-providers')), MISCONFIGURED);
  await configure({ connection_profile_id: undefined });
  assert.deepEqual(problemOf(await call('GET', '/config/identity-providers')), MISCONFIGURED);
});

test('both addresses of the API; pages of the application may read answers', async () => {
  const bearer = await house.token();
  const { status, headers } = await house.server.get('/my-org/details', {
    bearer,
    headers: { origin: 'https://app.test' },
  });
  assert.deepEqual([status, headers['access-control-allow-origin']], [200, 'https://app.test']);
  const elsewhere = await house.server.get('/my-org/details', { bearer, headers: { origin: 'https://evil.test' } });
  assert.equal(elsewhere.headers['access-control-allow-origin'], undefined);
});

test('a token that is bound to a key is good for its holder alone', async () => {
  const { server, acme, token } = house;
  const [holder, thief] = [createProver(server.clock), createProver(server.clock)];
  const bound = await token(acme, { cnf: { jkt: holder.jkt } });
  const url = `${server.issuer}my-org/v1/details`;
  const look = (authorization: string, who = holder) => {
    const dpop = who.proof(url, { method: 'GET', token: bound });
    return server.get('/my-org/v1/details', { headers: { authorization, dpop } });
  };
  assert.equal((await look(`DPoP ${bound}`)).status, 200);
  for (const refused of [await look(`Bearer ${bound}`), await look(`DPoP ${bound}`, thief)]) {
    assert.deepEqual(problemOf(refused).slice(0, 3), [401, 'A0E-401-0001', 'Invalid Token']);
    assert.match(String(refused.headers['www-authenticate']), /^DPoP /);
  }
});

test('what is not offered says so', async () => {
  const members = await house.call('GET', '/members');
  assert.deepEqual(problemOf(members).slice(0, 3), [404, 'A0E-404-0002', 'Resource Not Found']);
  const { status, json } = await house.call('GET', '/identity-providers/con_x/provisioning');
  assert.deepEqual([status, json.detail], [404, 'Provisioning of users by SCIM is not offered by this server.']);
});
