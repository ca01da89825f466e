import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { asPage, authorizeUrl, Browser } from '../../../test/browser.ts';
import { type OrganizationHouse, oidcProvider, openOrganizationHouse } from '../../../test/organization-house.ts';
import { payloadOf } from '../../../test/token-fixture.ts';
import { clientsOf } from '../clients/index.ts';
import { connectionsOf, findConnectionByName, revealOptions } from '../connections/index.ts';
import { isMember, organizationConnectionsOf } from '../organizations/index.ts';
import { federatedIdentitiesOf, findUser, usersOf } from '../users/index.ts';

let house: OrganizationHouse;
let count = 0;

before(async () => {
  house = await openOrganizationHouse('https://idp.test');
});
after(() => house.server.close());
beforeEach(() => house.configure({}));

const PATH = '/identity-providers';
const newName = () => `corp-${++count}`;
const post = (more: object = {}) =>
  house.call('POST', PATH, oidcProvider(house.provider, { name: newName(), ...more }));
async function make(more: object = {}) {
  const answer = await post(more);
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}
const connectionOf = async (id: string) => (await connectionsOf(house.server.ctx).get(id))!;
const detailOf = ({ status, json }: { status: number; json: Record<string, unknown> }) => [status, json.detail];
const NOT_FOUND = [404, 'The IdP does not exist.'];
const MISCONFIGURED = [409, 'Invalid or missing configuration, please contact tenant admin.'];

const profileOf = async (body: object) =>
  (await house.manage('POST', 'connection-profiles', { name: 'Profile', ...body })).json.id as string;

/** Somebody logs in to `acme` with the identity provider, and keeps the browser open. */
async function enterIn(connection: string, sub: string) {
  const browser = new Browser(house.server);
  return { browser, arrival: await enter(connection, sub, house.acme, browser) };
}

/** Somebody logs in to the organization with the identity provider; answers where the browser ends up. */
async function enter(connection: string, sub: string, organization = house.acme, browser = new Browser(house.server)) {
  const { provider, client } = house;
  Object.assign(provider, {
    person: { sub, email: `${sub}@corp.test`, email_verified: true, dept: 'Sales', admin: true },
  });
  const away = await browser.openApp(
    authorizeUrl({
      client_id: client.client_id,
      organization: organization.id,
      connection,
      scope: 'openid profile email',
    }),
  );
  return browser.openApp((await provider.approve(away.url.href)).back);
}

describe('a new identity provider', () => {
  test('is shown as Auth0 shows it, without its secret; its connection is as the profiles have it', async () => {
    const { client, acme, provider } = house;
    const name = newName();
    const made = await make({ name, display_name: 'Corporate' });
    assert.match(made.id, /^con_[A-Za-z0-9]{16}$/);
    const discovery_url = `${provider.issuer}/.well-known/openid-configuration`;
    assert.deepEqual(made, {
      id: made.id,
      name,
      strategy: 'oidc',
      domains: [],
      display_name: 'Corporate',
      show_as_button: true,
      assign_membership_on_login: false,
      is_enabled: true,
      access_level: 'full',
      options: { type: 'back_channel', client_id: 'us', discovery_url },
      attributes: [
        {
          sso_field: ['email'],
          user_attribute: 'email',
          description: 'Address',
          label: 'E-mail',
          is_required: true,
          is_extra: false,
          is_missing: false,
        },
        {
          sso_field: ['dept'],
          user_attribute: 'department',
          description: 'Department',
          label: 'Department',
          is_required: false,
          is_extra: false,
          is_missing: false,
        },
      ],
    });
    const connection = await connectionOf(made.id);
    assert.equal(connection.name, `con-acme-${name}`);
    assert.deepEqual(connection.enabled_clients, [client.client_id]);
    assert.notEqual(connection.options.client_secret, 'our secret there');
    assert.equal(revealOptions(house.server.ctx, made.id, connection.options).client_secret, 'our secret there');
    const row = (await house.manage('GET', `organizations/${acme.id}/connections/${made.id}`)).json;
    assert.deepEqual(
      [row.organization_connection_name, row.organization_access_level, row.is_enabled],
      [name, 'full', true],
    );
    assert.deepEqual((await house.call('GET', `${PATH}/${made.id}`)).json, made);
    const { identity_providers } = (await house.call('GET', PATH)).json;
    assert.ok(identity_providers.some(({ id }: { id: string }) => id === made.id));
  });

  test('lets people in, by the mapping of the user attribute profile, and makes members as the profile wants', async () => {
    const { server, configure, acme, globex, client } = house;
    const required = await profileOf({ organization: { assign_membership_on_login: 'required' } });
    await configure({ connection_profile_id: required });
    const { id } = await make();
    const { name } = await connectionOf(id);
    const { parameters } = await enter(name, 'grace');
    const form = {
      grant_type: 'authorization_code',
      ...client,
      code: parameters.code,
      redirect_uri: 'https://app.test/callback',
    };
    const { json } = await server.post('/oauth/token', { form });
    const claims = payloadOf(json.id_token);
    assert.deepEqual([claims.org_id, claims.email], [acme.id, 'grace@corp.test']);
    const user = (await findUser(server.ctx, String(claims.sub))) as unknown as Record<string, unknown>;
    assert.deepEqual([user.department, user.admin], ['Sales', undefined]);
    assert.ok(await isMember(server.ctx, acme.id, String(claims.sub)));
    const elsewhere = await enter(name, 'grace', globex).catch((error: Error) => error);
    assert.ok(elsewhere instanceof Error || elsewhere.parameters.error, 'another organization does not have it');
  });

  test('vouches for its people to its own organization alone', async () => {
    const { server, configure, client, provider } = house;
    const required = await profileOf({ organization: { assign_membership_on_login: 'required' } });
    await configure({ connection_profile_id: required });
    const { name } = await connectionOf((await make()).id);
    const { browser } = await enterIn(name, 'mallory');
    const alone = { client_id: client.client_id, scope: 'openid' };
    const refused = await new Browser(server).openApp(authorizeUrl({ ...alone, connection: name }));
    assert.deepEqual(
      [refused.parameters.error, refused.parameters.error_description],
      ['invalid_request', 'the connection was disabled'],
    );
    const page = asPage(await browser.open(authorizeUrl(alone)));
    assert.match(page.path, /^\/u\/login/, 'the session does not serve without the organization');
    const usage = (organization_usage: 'allow' | 'require') =>
      clientsOf(server.ctx).update(client.client_id, (stored) => ({ ...stored, organization_usage }));
    await usage('require');
    const behavior = { organization_require_behavior: 'post_login_prompt' as const };
    await clientsOf(server.ctx).update(client.client_id, (stored) => ({ ...stored, ...behavior }));
    const led = await new Browser(server).openApp(authorizeUrl({ ...alone, connection: name }));
    assert.equal(led.url.origin, new URL(provider.issuer).origin, 'every login ends in an organization');
    await usage('allow');
  });

  test('has the name that the profile’s prefix gives it; nobody learns what names others have', async () => {
    const { configure, token, globex, acme, provider } = house;
    const names = async (template: string, name: string) => {
      await configure({ connection_profile_id: await profileOf({ connection_name_prefix_template: template }) });
      return (await connectionOf((await make({ name })).id)).name;
    };
    assert.equal(await names('x-', 'Größe & Co!'), 'x-Gr-e-Co');
    assert.equal(await names('{org_id}-', 'a'), `${acme.id.replace('_', '-')}-a`);
    assert.equal(await names('', 'shared'), 'shared');
    const theirs = await house.call('POST', PATH, oidcProvider(provider, { name: 'shared' }), await token(globex));
    assert.equal(theirs.status, 201);
    assert.match((await connectionOf(theirs.json.id)).name, /^shared-[A-Za-z0-9]{6}$/);
    assert.equal(theirs.json.name, 'shared');
    assert.deepEqual(detailOf(await post({ name: 'shared' })), [
      409,
      'An identity provider with this name already exists.',
    ]);
  });

  test('is of a strategy in allowed_strategies that this server has', async () => {
    const before = await connectionsOf(house.server.ctx).count();
    await house.configure({ allowed_strategies: ['okta', 'samlp'] });
    assert.deepEqual(detailOf(await post()), [400, 'The strategy oidc is not allowed for this application.']);
    const options = { metadataUrl: 'https://idp.test/metadata' };
    assert.deepEqual(detailOf(await post({ strategy: 'samlp', options })), [
      400,
      'The strategy samlp is not supported by this server.',
    ]);
    assert.equal((await post({ strategy: 'auth0' })).status, 400);
    assert.equal(await connectionsOf(house.server.ctx).count(), before);
    const okta = await make({ strategy: 'okta', options: { domain: 'idp.test', client_id: 'x', client_secret: 'y' } });
    assert.deepEqual(okta.options, { domain: 'idp.test', client_id: 'x' });
    const [, department] = okta.attributes;
    assert.match(department.sso_field[0], /context\.tokenset\.okta_dept/);
  });

  test('needs both profiles', async () => {
    const before = await connectionsOf(house.server.ctx).count();
    await house.configure({ connection_profile_id: undefined });
    assert.deepEqual(detailOf(await post()), MISCONFIGURED);
    await house.configure({ user_attribute_profile_id: undefined });
    assert.deepEqual(detailOf(await post()), MISCONFIGURED);
    const attribute = { description: 'x', label: 'x', profile_required: false, auth0_mapping: 'email' };
    const byEmail = await house.manage('POST', 'user-attribute-profiles', {
      name: 'By address',
      user_id: { strategy_overrides: { oidc: { oidc_mapping: 'email' } } },
      user_attributes: { email: attribute },
    });
    await house.configure({ user_attribute_profile_id: byEmail.json.id });
    assert.deepEqual(detailOf(await post()), MISCONFIGURED);
    assert.equal(await connectionsOf(house.server.ctx).count(), before);
  });

  test('has only options that organizations may set', async () => {
    const { options } = oidcProvider(house.provider);
    const refused: readonly (readonly [object, string])[] = [
      [{ ...options, discovery_url: undefined }, '/options/discovery_url'],
      [{ ...options, attribute_map: { mapping_mode: 'bind_all' } }, '/options/attribute_map'],
      [{ ...options, domain_aliases: ['bank.test'] }, '/options/domain_aliases'],
      [{ ...options, type: 'sideways' }, '/options/type'],
      [{ ...options, client_id: 1 }, '/options/client_id'],
    ];
    for (const [sent, pointer] of refused) {
      const { status, json } = await post({ options: sent });
      assert.deepEqual([status, json.validation_errors?.[0]?.pointer], [400, pointer], JSON.stringify(json));
    }
    assert.equal((await post({ options: { ...options, discovery_url: 'ftp://idp.test' } })).status, 400);
    assert.equal((await post({ enabled_clients: ['x'] })).status, 400);
  });

  test('keeps to what the connection profile decides about its switches', async () => {
    const { configure } = house;
    const organization = { show_as_button: 'none', assign_membership_on_login: 'required' };
    await configure({ connection_profile_id: await profileOf({ organization }) });
    const made = await make();
    assert.deepEqual([made.show_as_button, made.assign_membership_on_login], [false, true]);
    const text = 'show_as_button is always false for this application.';
    assert.deepEqual(detailOf(await post({ show_as_button: true })), [400, text]);
    const patched = await house.call('PATCH', `${PATH}/${made.id}`, { assign_membership_on_login: false });
    assert.deepEqual(detailOf(patched), [400, 'assign_membership_on_login is always true for this application.']);
    await configure({ connection_profile_id: await profileOf({}) });
    const free = await make({ show_as_button: false, assign_membership_on_login: true, is_enabled: false });
    assert.deepEqual([free.show_as_button, free.assign_membership_on_login, free.is_enabled], [false, true, false]);
  });

  test('speaks only for domains that the organization has proved', async () => {
    const { verified, acme, globex } = house;
    await verified(globex, 'globex-corp.test');
    const text = 'The domain globex-corp.test is not a verified domain of the organization.';
    assert.deepEqual(detailOf(await post({ domains: ['globex-corp.test'] })), [400, text]);
    await verified(acme, 'acme-corp.test');
    const made = await make({ domains: ['ACME-corp.test'] });
    assert.deepEqual(made.domains, ['acme-corp.test']);
  });
});

describe('changing one', () => {
  test('switches, name and options; the secret stays with its provider', async () => {
    const { server } = house;
    const { id, options } = await make();
    const patch = (json: object) => house.call('PATCH', `${PATH}/${id}`, json);
    const secret = async () => revealOptions(server.ctx, id, (await connectionOf(id)).options).client_secret;
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
    const { id } = await make();
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
    const map = (await connectionOf(id)).options.attribute_map as { attributes: object };
    assert.deepEqual(Object.keys(map.attributes), ['email', 'title']);
    await manage('PATCH', path, { user_attributes });
  });

  test('domains are added and removed', async () => {
    const { verified, acme, call } = house;
    const { id } = await make();
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
      revealOptions(house.server.ctx, id, (await connectionOf(id)).options).client_secret,
      'our secret there',
    );
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
    const { id } = await make();
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
      connection_profile_id: await profileOf({ organization: { assign_membership_on_login: 'required' } }),
    });
    const { id } = await make();
    const { name } = await connectionOf(id);
    const sub = `user-${++count}`;
    assert.ok((await enter(name, sub)).parameters.code);
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
    const empty = await make();
    assert.equal((await call('DELETE', `${PATH}/${empty.id}`)).status, 204);
  });
});
