import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { foreignKey, foreignToken } from '../../../test/foreign-issuer.ts';
import { oidcProvider } from '../../../test/organization-house.ts';
import { detailOf, NOT_FOUND, openProviderHouse, PATH, type ProviderHouse } from '../../../test/provider-house.ts';
import { connectionsOf, findConnectionByName, revealOptions } from '../connections/index.ts';
import { organizationConnectionsOf } from '../organizations/index.ts';
import { federatedIdentitiesOf, usersOf } from '../users/index.ts';

let house: ProviderHouse;

before(async () => {
  house = await openProviderHouse();
});
after(() => house.server.close());
beforeEach(() => house.configure({}));

describe('changing one', () => {
  test('switches, name and options; the secret stays with its provider', async () => {
    const { server } = house;
    const { id, options } = await house.make();
    const patch = (json: object) => house.call('PATCH', `${PATH}/${id}`, json);
    const secret = async () => revealOptions(server.ctx, id, (await house.connectionOf(id)).options).client_secret;
    const changed = await patch({ display_name: 'Renamed', show_as_button: false, is_enabled: false });
    assert.deepEqual(
      [changed.json.display_name, changed.json.show_as_button, changed.json.is_enabled],
      ['Renamed', false, false],
    );
    await patch({ options: { ...options, client_id: 'other' } });
    assert.equal(await secret(), 'our secret there');
    const moved = await patch({ options: { ...options, discovery_url: 'https://other-idp.test/.well-known/x' } });
    assert.equal(moved.status, 200);
    assert.equal(await secret(), undefined);
    assert.deepEqual(moved.json.attributes.length, 2);
    assert.equal((await patch({ strategy: 'okta' })).status, 400);
  });

  test('attributes follow the profile when asked to', async () => {
    const { manage, profiles } = house;
    const { id } = await house.make();
    const path = `user-attribute-profiles/${profiles.user_attribute_profile_id}`;
    const { user_attributes } = (await manage('GET', path)).json;
    const { department: _gone, ...rest } = user_attributes;
    const attribute = { description: 'x', label: 'x', profile_required: false, oidc_mapping: { mapping: 'fixed' } };
    const more = { ...rest, title: { ...attribute, auth0_mapping: 'title' } };
    const inside = { secret: { ...attribute, auth0_mapping: 'app_metadata.admin' } };
    await manage('PATCH', path, { user_attributes: { ...more, ...inside } });
    const seen = async (method: string, suffix = '') => {
      const { json } = await house.call(method, `${PATH}/${id}${suffix}`, method === 'PUT' ? {} : undefined);
      return json.attributes.map((one: Record<string, unknown>) => [one.user_attribute, one.is_extra, one.is_missing]);
    };
    const [email, title] = [
      ['email', false, false],
      ['title', false, true],
    ];
    const secret = ['secret', false, true];
    assert.deepEqual(await seen('GET'), [email, title, secret, ['department', true, false]]);
    const refreshed = await seen('PUT', '/update-attributes');
    assert.deepEqual(refreshed, [email, ['title', false, false], secret]);
    const map = (await house.connectionOf(id)).options.attribute_map as { attributes: object };
    assert.deepEqual(Object.keys(map.attributes), ['email', 'title']);
    await manage('PATCH', path, { user_attributes });
  });

  test('domains are added and removed', async () => {
    const { verified, acme, call } = house;
    const { id } = await house.make();
    await verified(acme, 'branch.test');
    const add = (domain: string) => call('POST', `${PATH}/${id}/domains`, { domain });
    assert.deepEqual(detailOf(await add('bank.test')), [
      400,
      'The domain bank.test is not a verified domain of the organization.',
    ]);
    const added = await add('Branch.test');
    assert.deepEqual([added.status, added.json], [201, { domain: 'branch.test' }]);
    assert.deepEqual(detailOf(await add('branch.test')), [
      409,
      'Domain is already associated with this identity provider',
    ]);
    assert.deepEqual((await call('GET', `${PATH}/${id}`)).json.domains, ['branch.test']);
    assert.equal((await call('DELETE', `${PATH}/${id}/domains/branch.test`)).status, 204);
    assert.deepEqual((await call('GET', `${PATH}/${id}`)).json.domains, []);
    assert.equal(
      revealOptions(house.server.ctx, id, (await house.connectionOf(id)).options).client_secret,
      'our secret there',
    );
  });
});

describe('Universal Logout', () => {
  test('ends sessions where the connection profile allows it to the strategy', async () => {
    const { server, provider, configure } = house;
    const key = foreignKey('revoking');
    provider.answers = { 'GET /jwks': () => ({ status: 200, body: { keys: [key.jwk] } }) };
    const revoke = async (profile: object) => {
      await configure({ connection_profile_id: await house.profileOf(profile) });
      const { name } = await house.connectionOf((await house.make()).id);
      const path = `/oauth/global-token-revocation/connection/${name}`;
      const now = Math.floor(server.clock.now() / 1000);
      const claims = { iss: provider.issuer, aud: server.url + path, sub: 'x', jti: name, iat: now, exp: now + 60 };
      const bearer = await foreignToken(key, claims, 'global-token-revocation+jwt');
      const subject = { format: 'iss_sub', iss: provider.issuer, sub: 'nobody' };
      return (await server.post(path, { bearer, json: { subject } })).status;
    };
    assert.equal(await revoke({}), 401);
    assert.equal(
      await revoke({ enabled_features: ['universal_logout'] }),
      404,
      'it is heard; there is nobody like that',
    );
    const strategy_overrides = { oidc: { enabled_features: [] } };
    assert.equal(await revoke({ enabled_features: ['universal_logout'], strategy_overrides }), 401);
    provider.answers = {};
  });
});

describe('access levels', () => {
  test('what the tenant set up is seen and changed as far as it says', async () => {
    const { server, manage, acme, call } = house;
    const { name: _name, ...body } = oidcProvider(house.provider);
    const connection = await manage('POST', 'connections', { name: 'tenants-own', ...body });
    const id = connection.json.id as string;
    const path = `organizations/${acme.id}/connections`;
    await manage('POST', path, { connection_id: id });
    assert.deepEqual(detailOf(await call('GET', `${PATH}/${id}`)), NOT_FOUND);
    const level = (organization_access_level: string, more: object = {}) =>
      manage('PATCH', `${path}/${id}`, { organization_access_level, ...more });
    const nameless = await level('readonly');
    assert.equal(nameless.status, 400);
    await level('readonly', { organization_connection_name: 'Ours' });
    const seen = (await call('GET', `${PATH}/${id}`)).json;
    assert.deepEqual([seen.name, seen.access_level, 'client_secret' in seen.options], ['Ours', 'readonly', false]);
    const patch = async (json: object) => (await call('PATCH', `${PATH}/${id}`, json)).status;
    assert.equal(await patch({ is_enabled: false }), 403);
    await level('limited');
    assert.equal(await patch({ is_enabled: false }), 200);
    assert.equal(await patch({ display_name: 'x' }), 403);
    assert.equal((await call('DELETE', `${PATH}/${id}`)).status, 403);
    assert.equal((await call('POST', `${PATH}/${id}/detach`)).status, 403);
    await level('full');
    assert.equal(await patch({ display_name: 'x' }), 200);
    await manage('POST', `organizations/${house.globex.id}/connections`, { connection_id: id });
    assert.equal(await patch({ display_name: 'y' }), 403, 'another organization has it, too');
    assert.equal((await call('DELETE', `${PATH}/${id}`)).status, 403);
    assert.equal((await call('POST', `${PATH}/${id}/detach`)).status, 204);
    assert.deepEqual(detailOf(await call('GET', `${PATH}/${id}`)), NOT_FOUND);
    assert.ok(await findConnectionByName(server.ctx, 'tenants-own'));
  });

  test('another organization’s identity provider is not found', async () => {
    const { token, globex, call } = house;
    const { id } = await house.make();
    const bearer = await token(globex);
    const { options } = oidcProvider(house.provider);
    const calls: readonly (readonly [string, string, object?])[] = [
      ['GET', ''],
      ['PATCH', '', { display_name: 'x', options }],
      ['DELETE', ''],
      ['POST', '/detach'],
      ['PUT', '/update-attributes', {}],
      ['POST', '/domains', { domain: 'x.test' }],
      ['DELETE', '/domains/x.test'],
    ];
    for (const [method, suffix, json] of calls)
      assert.deepEqual(
        detailOf(await call(method, `${PATH}/${id}${suffix}`, json, bearer)),
        NOT_FOUND,
        method + suffix,
      );
    const listed = (await call('GET', PATH, undefined, bearer)).json.identity_providers;
    assert.ok(!listed.some((one: { id: string }) => one.id === id));
    assert.equal((await call('GET', `${PATH}/${id}`)).status, 200);
  });
});

describe('deleting one', () => {
  const populated = async () => {
    await house.configure({
      connection_profile_id: await house.profileOf({ organization: { assign_membership_on_login: 'required' } }),
    });
    const { id } = await house.make();
    const { name } = await house.connectionOf(id);
    const sub = house.newName();
    assert.ok((await house.enter(name, sub)).parameters.code);
    return { id, name, sub };
  };
  const people = (connection: string) => federatedIdentitiesOf(house.server.ctx).count({ connection });

  test('allow: the connection goes with its users', async () => {
    const { server, call } = house;
    const { id, name } = await populated();
    const users = await usersOf(server.ctx).count();
    assert.equal((await call('DELETE', `${PATH}/${id}`)).status, 204);
    assert.equal(await connectionsOf(server.ctx).get(id), undefined);
    assert.deepEqual([await people(name), await usersOf(server.ctx).count()], [0, users - 1]);
    assert.equal(await organizationConnectionsOf(server.ctx).count({ connection_id: id }), 0);
    assert.deepEqual(detailOf(await call('DELETE', `${PATH}/${id}`)), NOT_FOUND);
  });

  test('allow_if_empty: only one that has no users', async () => {
    const { server, call, configure } = house;
    const { id, name } = await populated();
    await configure({ connection_deletion_behavior: 'allow_if_empty' });
    const refused = await call('DELETE', `${PATH}/${id}`);
    assert.deepEqual(detailOf(refused), [400, 'The identity provider has users and cannot be deleted.']);
    assert.equal(await people(name), 1);
    assert.ok(await connectionsOf(server.ctx).get(id));
    const empty = await house.make();
    assert.equal((await call('DELETE', `${PATH}/${empty.id}`)).status, 204);
  });
});
