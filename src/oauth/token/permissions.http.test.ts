import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { asArrival, asPage, authorizeUrl, Browser } from '../../../test/browser.ts';
import { addApplication, addPerson, CONNECTION, type Credentials, PASSWORD } from '../../../test/fixtures.ts';
import { managementToken } from '../../../test/management.ts';
import { type TestServer, testServer } from '../../../test/server.ts';
import { changeSettings, payloadOf } from '../../../test/token-fixture.ts';
import { createClientGrant } from '../../resources/client-grants/index.ts';
import { findConnectionByName } from '../../resources/connections/index.ts';
import {
  addMember,
  addOrganizationConnection,
  createInvitation,
  createOrganization,
  isMember,
  type Organization,
  ticketOf,
} from '../../resources/organizations/index.ts';
import {
  createResourceServer,
  type ResourceServer,
  resourceServersOf,
} from '../../resources/resource-servers/index.ts';
import { assignRoles, createRole, grantPermissions, rolesIn, TENANT } from '../../resources/roles/index.ts';
import type { User } from '../../resources/users/index.ts';

const AUDIENCE = 'https://rbac.test/';
const ALL = 'openid offline_access read:a write:a delete:a';

let server: TestServer;
let api: ResourceServer;
let client: Credentials;
let acme: Organization;
let ada: User;
let count = 0;

before(async () => {
  server = await testServer();
  await changeSettings(server.ctx, { default_directory: CONNECTION });
  api = await createResourceServer(server.ctx, {
    identifier: AUDIENCE,
    name: 'RBAC',
    allow_offline_access: true,
    skip_consent_for_verifiable_first_party_clients: true,
    scopes: ['read:a', 'write:a', 'delete:a'].map((value) => ({ value })),
    enforce_policies: true,
    token_dialect: 'access_token_authz',
  });
  acme = await createOrganization(server.ctx, { name: 'acme' });
  const connection = await findConnectionByName(server.ctx, CONNECTION);
  await addOrganizationConnection(server.ctx, acme.id, { connection_id: connection!.id });
});
after(() => server.close());
beforeEach(async () => {
  await set({ enforce_policies: true, token_dialect: 'access_token_authz' });
  client = await addApplication(server.ctx, {
    organization_usage: 'allow',
    initiate_login_uri: 'https://app.test/login',
    grant_types: ['authorization_code', 'implicit', 'refresh_token', 'password', 'client_credentials'],
  });
  ada = await addPerson(server.ctx, `ada-${++count}@example.test`);
});

const set = async (change: Partial<ResourceServer>) => {
  await resourceServersOf(server.ctx).update(api.id, (stored) => ({ ...stored, ...change }));
};
const permit = (holder: string, ...names: string[]) =>
  grantPermissions(
    server.ctx,
    holder,
    names.map((permission_name) => ({ resource_server_identifier: AUDIENCE, permission_name })),
  );
async function role(...names: string[]): Promise<string> {
  const { id } = await createRole(server.ctx, { name: `Role ${++count}` });
  await permit(id, ...names);
  return id;
}
const ask = (form: Record<string, string | undefined>) => server.post('/oauth/token', { form: { ...client, ...form } });
const byPassword = (scope: string | undefined = ALL) =>
  ask({ grant_type: 'password', username: ada.email ?? '', password: PASSWORD, audience: AUDIENCE, scope });
const rightsIn = (token: string) => {
  const { scope, permissions } = payloadOf(token);
  return { scope, permissions };
};

async function logIn(parameters: Record<string, string> = {}) {
  const browser = new Browser(server);
  const { client_id } = client;
  const url = authorizeUrl({ client_id, audience: AUDIENCE, scope: ALL, nonce: 'n', ...parameters });
  const page = asPage(await browser.open(url));
  const { url: reached } = asArrival(await browser.submit(page, { username: ada.email ?? '', password: PASSWORD }));
  return Object.fromEntries(new URLSearchParams(reached.hash ? reached.hash.slice(1) : reached.search));
}
async function byCode(parameters: Record<string, string> = {}) {
  const { code } = await logIn(parameters);
  return ask({ grant_type: 'authorization_code', code, redirect_uri: 'https://app.test/callback' });
}

describe('without an organization', () => {
  test('a user gets the scopes that they hold; permissions are all that they hold', async () => {
    await assignRoles(server.ctx, ada.user_id, TENANT, [await role('read:a', 'write:a')]);
    await permit(ada.user_id, 'delete:a');
    const some = await byPassword('openid read:a unknown');
    assert.equal(some.json.scope, 'openid read:a');
    assert.deepEqual(rightsIn(some.json.access_token), {
      scope: 'openid read:a',
      permissions: ['delete:a', 'read:a', 'write:a'],
    });
  });

  test('who holds nothing gets nothing of the API, and OpenID Connect all the same', async () => {
    const { json } = await byPassword();
    assert.equal(json.scope, 'openid offline_access');
    assert.deepEqual(rightsIn(json.access_token).permissions, []);
  });

  test('without a scope, all that the user holds', async () => {
    await permit(ada.user_id, 'read:a');
    const scope: string = (
      await ask({
        grant_type: 'password',
        username: ada.email ?? '',
        password: PASSWORD,
        audience: AUDIENCE,
      })
    ).json.scope;
    assert.deepEqual(
      scope.split(' ').filter((name) => name.endsWith(':a')),
      ['read:a'],
    );
  });

  test('permissions are for one API', async () => {
    await createResourceServer(server.ctx, { identifier: `urn:other:${++count}`, scopes: [{ value: 'read:a' }] });
    const elsewhere = [{ resource_server_identifier: `urn:other:${count}`, permission_name: 'read:a' }];
    await grantPermissions(server.ctx, ada.user_id, elsewhere);
    assert.equal((await byPassword()).json.scope, 'openid offline_access');
  });

  test('the code flow, and a refresh that sees what changed since', async () => {
    const reader = await role('read:a', 'write:a');
    await assignRoles(server.ctx, ada.user_id, TENANT, [reader]);
    const first = await byCode();
    assert.equal(first.json.scope, 'openid offline_access read:a write:a');
    const bearer = await managementToken(server, ['update:roles']);
    const json = { permissions: [{ resource_server_identifier: AUDIENCE, permission_name: 'write:a' }] };
    await server.request('DELETE', `/api/v2/roles/${reader}/permissions`, { bearer, json });
    const next = await ask({ grant_type: 'refresh_token', refresh_token: first.json.refresh_token });
    assert.deepEqual(rightsIn(next.json.access_token), {
      scope: 'openid offline_access read:a',
      permissions: ['read:a'],
    });
  });

  test('the implicit flow', async () => {
    await permit(ada.user_id, 'read:a');
    const { access_token, scope } = await logIn({ response_type: 'token' });
    assert.equal(scope, 'openid read:a');
    assert.deepEqual(rightsIn(access_token ?? '').permissions, ['read:a']);
  });

  test('the client grant still limits what applications get of users', async () => {
    await set({
      subject_type_authorization: { ...api.subject_type_authorization, user: { policy: 'require_client_grant' } },
    });
    const { client_id } = client;
    const grant = { client_id, audience: AUDIENCE, scope: ['read:a'], subject_type: 'user' } as const;
    await createClientGrant(server.ctx, grant);
    await permit(ada.user_id, 'read:a', 'write:a');
    assert.equal((await byPassword()).json.scope, 'openid offline_access read:a');
    await set({ subject_type_authorization: api.subject_type_authorization });
  });
});

describe('what the API says', () => {
  test('no permissions claim in the other dialects; the scopes are limited all the same', async () => {
    await permit(ada.user_id, 'read:a');
    for (const token_dialect of ['access_token', 'rfc9068_profile'] as const) {
      await set({ token_dialect });
      const { json } = await byPassword();
      assert.deepEqual(rightsIn(json.access_token), { scope: 'openid offline_access read:a', permissions: undefined });
    }
    await set({ token_dialect: 'rfc9068_profile_authz' });
    assert.deepEqual(rightsIn((await byPassword()).json.access_token).permissions, ['read:a']);
  });

  test('without RBAC every scope is had, and no permissions are told', async () => {
    await set({ enforce_policies: false });
    const { json } = await byPassword();
    assert.deepEqual(rightsIn(json.access_token), { scope: ALL, permissions: undefined });
  });

  test('a client that acts for itself has the scopes of its grant', async () => {
    const { client_id } = client;
    await createClientGrant(server.ctx, { client_id, audience: AUDIENCE, scope: ['read:a'] });
    const { json } = await ask({ grant_type: 'client_credentials', audience: AUDIENCE });
    assert.deepEqual(rightsIn(json.access_token), { scope: 'read:a', permissions: ['read:a'] });
  });
});

describe('in an organization', () => {
  test('the roles of the member count, and nothing that the user has elsewhere', async () => {
    await addMember(server.ctx, acme.id, ada.user_id);
    await assignRoles(server.ctx, ada.user_id, TENANT, [await role('delete:a')]);
    await permit(ada.user_id, 'write:a');
    await assignRoles(server.ctx, ada.user_id, acme.id, [await role('read:a')]);
    const there = await byCode({ organization: acme.id });
    assert.deepEqual(rightsIn(there.json.access_token), {
      scope: 'openid offline_access read:a',
      permissions: ['read:a'],
    });
    const next = await ask({ grant_type: 'refresh_token', refresh_token: there.json.refresh_token });
    assert.deepEqual(rightsIn(next.json.access_token).permissions, ['read:a']);
    const elsewhere = await byCode();
    assert.deepEqual(rightsIn(elsewhere.json.access_token).permissions, ['delete:a', 'write:a']);
  });

  for (const response_type of ['code', 'token'])
    test(`an invitation brings its roles along: ${response_type}`, async () => {
      const kept = await role('read:a');
      const gone = await role('write:a');
      const { client_id } = client;
      const invitation = await createInvitation(server.ctx, acme, {
        inviter: { name: 'Grace' },
        invitee: { email: ada.email ?? '' },
        client_id,
        roles: [kept, gone],
        send_invitation_email: false,
      });
      const bearer = await managementToken(server, ['delete:roles']);
      await server.request('DELETE', `/api/v2/roles/${gone}`, { bearer });
      const link = { invitation: ticketOf(server.ctx, invitation), organization: acme.id };
      const token =
        response_type === 'code'
          ? (await byCode(link)).json.access_token
          : (await logIn({ ...link, response_type })).access_token;
      assert.deepEqual(rightsIn(token).permissions, ['read:a']);
      assert.equal(await isMember(server.ctx, acme.id, ada.user_id), true);
      const roles = await rolesIn(server.ctx, ada.user_id, acme.id);
      assert.deepEqual(
        roles.map(({ id }) => id),
        [kept],
      );
      assert.deepEqual(await rolesIn(server.ctx, ada.user_id, TENANT), []);
    });

  test('nobody is invited to a role that there is not', async () => {
    const bearer = await managementToken(server, ['create:organization_invitations', 'read:organization_invitations']);
    const path = `/api/v2/organizations/${acme.id}/invitations`;
    const json = {
      inviter: { name: 'Grace' },
      invitee: { email: 'somebody@example.test' },
      client_id: client.client_id,
      send_invitation_email: false,
    };
    const refused = await server.post(path, { bearer, json: { ...json, roles: ['rol_0123456789abcdef'] } });
    assert.deepEqual([refused.status, refused.json.message], [404, 'The role does not exist.']);
    const roles = [await role('read:a')];
    const made = await server.post(path, { bearer, json: { ...json, roles } });
    assert.deepEqual([made.status, made.json.roles], [201, roles]);
    assert.deepEqual((await server.get(`${path}/${made.json.id}?fields=roles`, { bearer })).json, { roles });
  });
});
