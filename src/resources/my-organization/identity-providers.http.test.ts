import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { asPage, authorizeUrl, Browser } from '../../../test/browser.ts';
import { oidcProvider } from '../../../test/organization-house.ts';
import { detailOf, MISCONFIGURED, openProviderHouse, PATH, type ProviderHouse } from '../../../test/provider-house.ts';
import { payloadOf } from '../../../test/token-fixture.ts';
import { clientsOf } from '../clients/index.ts';
import { connectionsOf, revealOptions } from '../connections/index.ts';
import { isMember } from '../organizations/index.ts';
import { findUser } from '../users/index.ts';

let house: ProviderHouse;

before(async () => {
  house = await openProviderHouse();
});
after(() => house.server.close());
beforeEach(() => house.configure({}));

describe('a new identity provider', () => {
  test('is shown as Auth0 shows it, without its secret; its connection is as the profiles have it', async () => {
    const { client, acme, provider } = house;
    const name = house.newName();
    const made = await house.make({ name, display_name: 'Corporate' });
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
    const connection = await house.connectionOf(made.id);
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
    const required = await house.profileOf({ organization: { assign_membership_on_login: 'required' } });
    await configure({ connection_profile_id: required });
    const { id } = await house.make();
    const { name } = await house.connectionOf(id);
    const { parameters } = await house.enter(name, 'grace');
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
    const elsewhere = await house.enter(name, 'grace', { organization: globex }).catch((error: Error) => error);
    assert.ok(elsewhere instanceof Error || elsewhere.parameters.error, 'another organization does not have it');
  });

  test('vouches for its people to its own organization alone', async () => {
    const { server, configure, client, provider } = house;
    const required = await house.profileOf({ organization: { assign_membership_on_login: 'required' } });
    await configure({ connection_profile_id: required });
    const { name } = await house.connectionOf((await house.make()).id);
    const browser = new Browser(server);
    await house.enter(name, 'mallory', { browser });
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
      await configure({ connection_profile_id: await house.profileOf({ connection_name_prefix_template: template }) });
      return (await house.connectionOf((await house.make({ name })).id)).name;
    };
    assert.equal(await names('x-', 'Größe & Co!'), 'x-Gr-e-Co');
    assert.equal(await names('{org_id}-', 'a'), `${acme.id.replace('_', '-')}-a`);
    assert.equal(await names('', 'shared'), 'shared');
    const theirs = await house.call('POST', PATH, oidcProvider(provider, { name: 'shared' }), await token(globex));
    assert.equal(theirs.status, 201);
    assert.match((await house.connectionOf(theirs.json.id)).name, /^shared-[A-Za-z0-9]{6}$/);
    assert.equal(theirs.json.name, 'shared');
    assert.deepEqual(detailOf(await house.post({ name: 'shared' })), [
      409,
      'An identity provider with this name already exists.',
    ]);
  });

  test('is of a strategy in allowed_strategies that this server has', async () => {
    const before = await connectionsOf(house.server.ctx).count();
    await house.configure({ allowed_strategies: ['okta', 'samlp'] });
    assert.deepEqual(detailOf(await house.post()), [400, 'The strategy oidc is not allowed for this application.']);
    const options = { metadataUrl: 'https://idp.test/metadata' };
    assert.deepEqual(detailOf(await house.post({ strategy: 'samlp', options })), [
      400,
      'The strategy samlp is not supported by this server.',
    ]);
    assert.equal((await house.post({ strategy: 'auth0' })).status, 400);
    assert.equal(await connectionsOf(house.server.ctx).count(), before);
    const okta = await house.make({
      strategy: 'okta',
      options: { domain: 'idp.test', client_id: 'x', client_secret: 'y' },
    });
    assert.deepEqual(okta.options, { domain: 'idp.test', client_id: 'x' });
    const [, department] = okta.attributes;
    assert.match(department.sso_field[0], /context\.tokenset\.okta_dept/);
    await house.configure({ allowed_strategies: ['oidc'] });
    assert.equal((await house.make()).strategy, 'oidc');
  });

  test('needs both profiles', async () => {
    const before = await connectionsOf(house.server.ctx).count();
    await house.configure({ connection_profile_id: undefined });
    assert.deepEqual(detailOf(await house.post()), MISCONFIGURED);
    await house.configure({ user_attribute_profile_id: undefined });
    assert.deepEqual(detailOf(await house.post()), MISCONFIGURED);
    const attribute = { description: 'x', label: 'x', profile_required: false, auth0_mapping: 'email' };
    const byEmail = await house.manage('POST', 'user-attribute-profiles', {
      name: 'By address',
      user_id: { strategy_overrides: { oidc: { oidc_mapping: 'email' } } },
      user_attributes: { email: attribute },
    });
    await house.configure({ user_attribute_profile_id: byEmail.json.id });
    assert.deepEqual(detailOf(await house.post()), MISCONFIGURED);
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
      const { status, json } = await house.post({ options: sent });
      assert.deepEqual([status, json.validation_errors?.[0]?.pointer], [400, pointer], JSON.stringify(json));
    }
    assert.equal((await house.post({ options: { ...options, discovery_url: 'ftp://idp.test' } })).status, 400);
    assert.equal((await house.post({ enabled_clients: ['x'] })).status, 400);
  });

  test('keeps to what the connection profile decides about its switches', async () => {
    const { configure } = house;
    const organization = { show_as_button: 'none', assign_membership_on_login: 'required' };
    await configure({ connection_profile_id: await house.profileOf({ organization }) });
    const made = await house.make();
    assert.deepEqual([made.show_as_button, made.assign_membership_on_login], [false, true]);
    const text = 'show_as_button is always false for this application.';
    assert.deepEqual(detailOf(await house.post({ show_as_button: true })), [400, text]);
    const patched = await house.call('PATCH', `${PATH}/${made.id}`, { assign_membership_on_login: false });
    assert.deepEqual(detailOf(patched), [400, 'assign_membership_on_login is always true for this application.']);
    await configure({ connection_profile_id: await house.profileOf({}) });
    const free = await house.make({ show_as_button: false, assign_membership_on_login: true, is_enabled: false });
    assert.deepEqual([free.show_as_button, free.assign_membership_on_login, free.is_enabled], [false, true, false]);
  });

  test('speaks only for domains that the organization has proved', async () => {
    const { verified, acme, globex } = house;
    await verified(globex, 'globex-corp.test');
    const text = 'The domain globex-corp.test is not a verified domain of the organization.';
    assert.deepEqual(detailOf(await house.post({ domains: ['globex-corp.test'] })), [400, text]);
    await verified(acme, 'acme-corp.test');
    const made = await house.make({ domains: ['ACME-corp.test'] });
    assert.deepEqual(made.domains, ['acme-corp.test']);
  });
});
