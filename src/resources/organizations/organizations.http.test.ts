import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { addApplication, addPerson, CONNECTION } from '../../../test/fixtures.ts';
import { managementToken } from '../../../test/management.ts';
import {
  ORGANIZATION_SCOPES,
  type OrganizationManagement,
  organizationManagement,
  ORGANIZATIONS as ROOT,
} from '../../../test/organization-management.ts';
import type { TestServer } from '../../../test/server.ts';
import { clientsOf, organizationGrantsOf } from '../clients/index.ts';
import { createConnection, deleteConnection } from '../connections/index.ts';
import { deleteUser } from '../users/index.ts';
import { organizationConnectionsOf } from './connections/organization-connection.store.ts';
import { invitationsOf } from './invitations/invitation.store.ts';
import { membersOf } from './members/member.store.ts';

let server: TestServer;
let call: OrganizationManagement['call'];
let organization: OrganizationManagement['organization'];
let database: OrganizationManagement['database'];

before(async () => {
  ({ server, call, organization, database } = await organizationManagement());
});
after(() => server.close());

/** What every organization says besides. */
const ACCESS = { third_party_client_access: 'block', is_app_entitlement_active: false };
const MISSING = { statusCode: 404, error: 'Not Found', message: 'No organization found by that id or name' };

describe('organizations', () => {
  test('made, read by id and name, changed, deleted', async () => {
    const token_quota = { client_credentials: { enforce: true, per_hour: 10 } };
    const branding = {
      logo_url: 'https://acme.test/logo.svg',
      colors: { primary: '#112233', page_background: '#ffffff' },
    };
    const body = { name: 'acme', display_name: 'Acme Inc.', branding, metadata: { plan: 'gold' }, token_quota };
    const { status, json } = await call('POST', ROOT, { json: body });
    assert.equal(status, 201);
    assert.match(json.id, /^org_[A-Za-z0-9]{16}$/);
    assert.deepEqual(json, { id: json.id, ...body, ...ACCESS });
    assert.deepEqual((await call('GET', `${ROOT}/${json.id}`)).json, json);
    assert.deepEqual((await call('GET', `${ROOT}/name/acme`)).json, json);

    const patch = async (change: object) => (await call('PATCH', `${ROOT}/${json.id}`, { json: change })).json;
    assert.deepEqual(await patch({ name: 'acme2', metadata: {} }), {
      id: json.id,
      name: 'acme2',
      display_name: 'Acme Inc.',
      branding,
      token_quota,
      ...ACCESS,
    });
    assert.equal('token_quota' in (await patch({ token_quota: null })), false);
    assert.deepEqual((await patch({ metadata: { a: '1', b: null } })).metadata, { a: '1' });

    assert.equal((await call('DELETE', `${ROOT}/${json.id}`)).status, 204);
    assert.deepEqual((await call('DELETE', `${ROOT}/${json.id}`)).json, MISSING);
    assert.deepEqual((await call('GET', `${ROOT}/${json.id}`)).json, MISSING);
    assert.deepEqual((await call('GET', `${ROOT}/name/acme2`)).json, MISSING);
  });

  test('names: taken ones and malformed ones', async () => {
    const { name } = await organization();
    const taken = await call('POST', ROOT, { json: { name } });
    assert.deepEqual([taken.status, taken.json.message], [409, 'An organization with this name already exists.']);
    const other = await organization();
    assert.equal((await call('PATCH', `${ROOT}/${other.id}`, { json: { name } })).status, 409);
    for (const bad of ['Acme', '', 'a b', 'org_0123456789abcdef', 'x'.repeat(51), '-'])
      assert.equal((await call('POST', ROOT, { json: { name: bad } })).status, 400, bad);
    assert.equal((await call('POST', ROOT, { json: { name: 'fine', unknown: 1 } })).status, 400);
  });

  test('making one needs a scope, and enabling connections in it another one', async () => {
    const json = { name: 'scoped', enabled_connections: [{ connection_id: (await database()).id }] };
    const make = async (scope: string, changes: object) =>
      server.request('POST', ROOT, { bearer: await managementToken(server, [scope]), json: { ...json, ...changes } });
    const plain = await make('create:organization_connections', { enabled_connections: [] });
    assert.deepEqual([plain.status, plain.json.errorCode], [403, 'insufficient_scope']);
    const enabling = await make('create:organizations', {});
    assert.deepEqual([enabling.status, enabling.json.errorCode], [403, 'insufficient_scope']);
    assert.equal((await call('GET', `${ROOT}/name/scoped`)).status, 404);
    assert.equal((await make('create:organizations', { enabled_connections: [] })).status, 201);
  });

  test('connections that do not exist stop the creation', async () => {
    const json = { name: 'half', enabled_connections: [{ connection_id: 'con_0123456789abcdef' }] };
    assert.equal((await call('POST', ROOT, { json })).status, 404);
    assert.equal((await call('GET', `${ROOT}/name/half`)).status, 404);
  });

  test('lists in pages and by checkpoints, sorted', async () => {
    await organization({ name: 'zz-last' });
    await organization({ name: 'aa-first' });
    const sorted = (await call('GET', `${ROOT}?sort=name:1&per_page=1`)).json;
    assert.equal(sorted[0].name, 'aa-first');
    assert.equal((await call('GET', `${ROOT}?sort=name:-1&per_page=1`)).json[0].name, 'zz-last');
    assert.equal((await call('GET', `${ROOT}?sort=metadata:1`)).status, 400);
    const totals = (await call('GET', `${ROOT}?include_totals=true`)).json;
    assert.equal(totals.total, totals.organizations.length);
    const first = (await call('GET', `${ROOT}?take=1`)).json;
    const second = (await call('GET', `${ROOT}?take=100&from=${first.next}`)).json;
    assert.equal(second.organizations.length, totals.total - 1);
    assert.equal('next' in second, false);
  });

  test('deleting takes everything along that is its own', async () => {
    const { id } = await organization({ enabled_connections: [{ connection_id: (await database()).id }] });
    const user = await addPerson(server.ctx, 'cascade@example.test');
    await call('POST', `${ROOT}/${id}/members`, { json: { members: [user.user_id] } });
    const { client_id } = await addApplication(server.ctx, {
      initiate_login_uri: 'https://app.test/login',
      default_organization: { organization_id: id, flows: ['client_credentials'] },
    });
    const invite = { inviter: { name: 'Ada' }, invitee: { email: 'new@example.test' }, client_id };
    assert.equal((await call('POST', `${ROOT}/${id}/invitations`, { json: invite })).status, 201);
    assert.equal((await call('DELETE', `${ROOT}/${id}`)).status, 204);
    for (const part of [membersOf, organizationConnectionsOf, invitationsOf, organizationGrantsOf])
      assert.equal(await part(server.ctx).count({ organization_id: id }), 0);
    assert.equal((await clientsOf(server.ctx).get(client_id))?.default_organization, undefined);
  });
});

describe('members', () => {
  test('added, listed, removed; twice is no mistake', async () => {
    const { id } = await organization();
    const users = await Promise.all(['m1', 'm2', 'm3'].map((name) => addPerson(server.ctx, `${name}@example.test`)));
    const members = users.map(({ user_id }) => user_id);
    const path = `${ROOT}/${id}/members`;
    assert.equal((await call('POST', path, { json: { members } })).status, 204);
    assert.equal((await call('POST', path, { json: { members } })).status, 204);
    const listed = (await call('GET', path)).json;
    assert.equal(listed.length, 3);
    const [ada] = users;
    const shown = listed.find((one: { user_id: string }) => one.user_id === ada?.user_id);
    assert.deepEqual(shown, { user_id: ada?.user_id, email: ada?.email, picture: ada?.picture, name: ada?.name });
    assert.deepEqual(Object.keys((await call('GET', `${path}?fields=user_id&include_fields=true`)).json[0]), [
      'user_id',
    ]);
    assert.equal((await call('GET', `${path}?include_totals=true`)).json.total, 3);
    const page = (await call('GET', `${path}?take=2`)).json;
    const rest = (await call('GET', `${path}?take=2&from=${encodeURIComponent(page.next)}`)).json;
    assert.equal(rest.members.length, 1);
    const end = await call('GET', `${path}?take=2&from=${encodeURIComponent(rest.next)}`);
    assert.deepEqual(end.json, { members: [] });
    const theirs = await call('GET', `/api/v2/users/${encodeURIComponent(members[0] ?? '')}/organizations`);
    assert.deepEqual(
      theirs.json.map((one: { id: string }) => one.id),
      [id],
    );
    assert.equal((await call('DELETE', path, { json: { members: members.slice(0, 1) } })).status, 204);
    assert.equal((await call('DELETE', path, { json: { members: members.slice(0, 1) } })).status, 204);
    await deleteUser(server.ctx, members[1] ?? '');
    assert.equal((await call('GET', path)).json.length, 1);
  });

  test('nobody becomes one when one of them does not exist, is of another tenant, or the organization is', async () => {
    const { id } = await organization();
    const mine = await addPerson(server.ctx, 'mine@example.test');
    const foreign = await addPerson(server.other.ctx, 'foreign@example.test');
    const path = `${ROOT}/${id}/members`;
    for (const stranger of ['auth0|nobody', foreign.user_id]) {
      const answer = await call('POST', path, { json: { members: [mine.user_id, stranger] } });
      assert.deepEqual([answer.status, answer.json.errorCode], [404, 'inexistent_user']);
    }
    assert.deepEqual((await call('GET', path)).json, []);
    const theirs = await managementToken(server.other, ORGANIZATION_SCOPES);
    for (const [method, json] of [
      ['GET'],
      ['POST', { members: [foreign.user_id] }],
      ['DELETE', { members: [foreign.user_id] }],
    ] as const)
      assert.equal(
        (await server.other.request(method, path, { bearer: theirs, ...(json ? { json } : {}) })).status,
        404,
      );
    assert.equal((await server.other.get(`${ROOT}/${id}`, { bearer: theirs })).status, 404);
  });
});

describe('connections', () => {
  test('as enabled_connections', async () => {
    const { id } = await organization();
    const { id: connection_id } = await database();
    const path = `${ROOT}/${id}/enabled_connections`;
    const json = { connection_id, assign_membership_on_login: true };
    const shown = {
      ...json,
      show_as_button: true,
      is_signup_enabled: false,
      connection: { name: CONNECTION, strategy: 'auth0' },
    };
    const added = await call('POST', path, { json });
    assert.deepEqual([added.status, added.json], [201, shown]);
    const again = await call('POST', path, { json });
    assert.deepEqual([again.status, again.json.message], [409, 'The organization connection already exists.']);
    assert.deepEqual((await call('GET', `${path}/${connection_id}`)).json, shown);
    assert.deepEqual((await call('GET', path)).json, [shown]);
    const signup = await call('PATCH', `${path}/${connection_id}`, { json: { is_signup_enabled: true } });
    assert.equal(signup.json.is_signup_enabled, true);
    const broken = await call('PATCH', `${path}/${connection_id}`, { json: { assign_membership_on_login: false } });
    assert.deepEqual(
      [broken.status, broken.json.errorCode, broken.json.message],
      [
        400,
        'invalid_body',
        'Only database connections with assign_membership_on_login = true support is_signup_enabled = true.',
      ],
    );
    assert.equal((await call('GET', `${path}/${connection_id}`)).json.assign_membership_on_login, true);
    assert.equal((await call('DELETE', `${path}/${connection_id}`)).status, 204);
    const gone = await call('GET', `${path}/${connection_id}`);
    assert.deepEqual(gone.json, { statusCode: 404, error: 'Not Found', message: 'No connection found by that id' });
  });

  test('as connections, which may be off', async () => {
    const { id } = await organization();
    const connection = await createConnection(server.ctx, { name: 'mail', strategy: 'email' });
    const path = `${ROOT}/${id}/connections`;
    const added = await call('POST', path, { json: { connection_id: connection.id, is_enabled: false } });
    assert.deepEqual(added.json, {
      connection_id: connection.id,
      assign_membership_on_login: false,
      show_as_button: true,
      is_enabled: false,
      organization_access_level: 'none',
      connection: { name: 'mail', strategy: 'email' },
    });
    assert.deepEqual((await call('GET', `${path}?is_enabled=true&include_totals=true`)).json, {
      start: 0,
      limit: 50,
      total: 0,
      connections: [],
    });
    assert.deepEqual((await call('GET', `${ROOT}/${id}/enabled_connections`)).json, []);
    assert.equal(
      (await call('PATCH', `${path}/${connection.id}`, { json: { is_enabled: true } })).json.is_enabled,
      true,
    );
    const access = await call('PATCH', `${path}/${connection.id}`, { json: { organization_access_level: 'full' } });
    assert.deepEqual([access.status, access.json.errorCode], [400, 'invalid_body'], 'it has no name there yet');
    await deleteConnection(server.ctx, connection);
    assert.deepEqual((await call('GET', path)).json, []);
  });
});
