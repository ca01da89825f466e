import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { addPerson, CONNECTION } from '../../../test/fixtures.ts';
import { managementToken } from '../../../test/management.ts';
import { type RequestOptions, type TestServer, testServer } from '../../../test/server.ts';
import { logTypes } from '../../../test/token-fixture.ts';
import { deleteConnection, findConnectionByName } from '../connections/index.ts';
import { addMember, createOrganization, removeMember } from '../organizations/index.ts';
import { createResourceServer } from '../resource-servers/index.ts';
import { deleteUser } from '../users/index.ts';
import { assignRoles, roleAssignmentsOf } from './index.ts';
import { grantedPermissionsOf } from './permissions/granted-permission.store.ts';

const ROLES = '/api/v2/roles';
const NO_ROLE = { statusCode: 404, error: 'Not Found', message: 'The role does not exist.' };
const SCOPES = [
  'create:roles read:roles update:roles delete:roles read:users update:users update:resource_servers',
  'delete:resource_servers create:organization_member_roles read:organization_member_roles',
  'delete:organization_member_roles delete:organizations read:organization_members delete:organization_members',
]
  .join(' ')
  .split(' ');

let server: TestServer;
let bearer: string;
let count = 0;

before(async () => {
  server = await testServer();
  bearer = await managementToken(server, SCOPES);
});
after(() => server.close());

const call = (method: string, path: string, options: RequestOptions = {}) =>
  server.request(method, path, { bearer, ...options });
const create = (json: object) => call('POST', ROLES, { json });
const newRole = async (more: object = {}) => (await create({ name: `Role ${++count}`, ...more })).json;
const newPerson = () => addPerson(server.ctx, `person-${++count}@example.test`);
const newApi = (scopes = ['read:a', 'write:a']) =>
  createResourceServer(server.ctx, {
    identifier: `urn:api:${++count}`,
    name: `API ${count}`,
    scopes: scopes.map((value) => ({ value, description: `May ${value}` })),
  });
const permissionsOf = (api: { identifier: string }, ...names: string[]) => ({
  permissions: names.map((permission_name) => ({ resource_server_identifier: api.identifier, permission_name })),
});
const userPath = (id: string, part: string) => `/api/v2/users/${encodeURIComponent(id)}/${part}`;

describe('a role', () => {
  test('made, read, changed, deleted: the recorded answers', async () => {
    const made = await create({ name: 'Admin' });
    assert.equal(made.status, 200);
    const { id } = made.json;
    assert.match(id, /^rol_[A-Za-z0-9]{16}$/);
    assert.deepEqual(made.json, { id, name: 'Admin', description: null, type: 'tenant' });
    const read = await call('GET', `${ROLES}/${id}`);
    assert.deepEqual(read.json, { id, name: 'Admin', description: '', type: 'tenant' });
    const changed = await call('PATCH', `${ROLES}/${id}`, { json: { description: 'All of it' } });
    assert.deepEqual([changed.status, changed.json], [200, { ...read.json, description: 'All of it' }]);
    const deleted = await call('DELETE', `${ROLES}/${id}`);
    assert.deepEqual([deleted.status, deleted.json], [200, {}]);
    for (const method of ['GET', 'DELETE']) assert.deepEqual((await call(method, `${ROLES}/${id}`)).json, NO_ROLE);
    assert.deepEqual((await call('PATCH', `${ROLES}/${id}`, { json: { name: 'x' } })).json, NO_ROLE);
    assert.ok((await logTypes(server)).includes('sapi'));
  });

  test('names are unique, at making and renaming', async () => {
    const { name } = await newRole();
    const other = await newRole();
    const taken = { statusCode: 409, error: 'Conflict', message: 'The role already exists.' };
    assert.deepEqual((await create({ name })).json, taken);
    assert.deepEqual((await call('PATCH', `${ROLES}/${other.id}`, { json: { name } })).json, taken);
    assert.equal((await call('GET', `${ROLES}/${other.id}`)).json.name, other.name);
  });

  test('what is no role is refused', async () => {
    const missing = await create({});
    assert.equal(missing.json.message, "Payload validation error: 'Missing required property: name'.");
    const unknown = await create({ name: 'x', color: 'red' });
    assert.equal(unknown.json.message, "Payload validation error: 'Additional properties not allowed: color'.");
    const fixed = await call('PATCH', `${ROLES}/${(await newRole()).id}`, { json: { type: 'tenant' } });
    assert.equal(fixed.json.errorCode, 'invalid_body');
  });

  test('listed by name, filtered, paged', async () => {
    const names = ['Zeta team', 'Alpha team', 'Mid team'];
    for (const name of names) await create({ name });
    const { json } = await call('GET', `${ROLES}?name_filter=TEAM&include_totals=true&per_page=2`);
    assert.deepEqual([json.start, json.limit, json.total], [0, 2, 3]);
    assert.deepEqual(
      json.roles.map((role: { name: string }) => role.name),
      ['Alpha team', 'Mid team'],
    );
    assert.deepEqual((await call('GET', `${ROLES}?name_filter=nobody`)).json, []);
  });

  test('of an organization: for its members alone, gone with it', async () => {
    const mine = await createOrganization(server.ctx, { name: `org-${++count}` });
    const other = await createOrganization(server.ctx, { name: `org-${++count}` });
    const made = await newRole({ type: 'organization', owner_id: mine.id });
    assert.deepEqual([made.type, made.owner_id], ['organization', mine.id]);
    assert.equal((await create({ name: made.name })).status, 200, 'the name is free among those of the tenant');
    const tenants = (await call('GET', `${ROLES}?type=tenant&include_totals=true&per_page=100`)).json.roles;
    assert.equal(
      tenants.some((role: { id: string }) => role.id === made.id),
      false,
    );
    const owned = async (owner: string) =>
      (await call('GET', `${ROLES}?type=organization&owner_id=${owner}&name_filter=${encodeURIComponent(made.name)}`))
        .json;
    assert.deepEqual(await owned(mine.id), [{ ...made, description: '' }]);
    assert.deepEqual([await owned(other.id), await owned('tenant')], [[], []]);
    const person = await newPerson();
    await addMember(server.ctx, other.id, person.user_id);
    await addMember(server.ctx, mine.id, person.user_id);
    const json = { roles: [made.id] };
    const give = (id: string) =>
      call('POST', `/api/v2/organizations/${id}/members/${encodeURIComponent(person.user_id)}/roles`, { json });
    assert.deepEqual((await give(other.id)).json, NO_ROLE);
    assert.deepEqual((await call('POST', userPath(person.user_id, 'roles'), { json })).json, NO_ROLE);
    assert.equal((await give(mine.id)).status, 204);
    assert.equal((await create({ name: 'x', type: 'organization', owner_id: 'org_0123456789abcdef' })).status, 404);
    assert.equal((await create({ name: 'x', type: 'organization' })).status, 400);
    await call('DELETE', `/api/v2/organizations/${mine.id}`);
    assert.deepEqual((await call('GET', `${ROLES}/${made.id}`)).json, NO_ROLE);
    assert.equal(await roleAssignmentsOf(server.ctx).count({ role_id: made.id }), 0);
  });
});

describe('permissions of a role', () => {
  test('given, listed by name, given again, taken', async () => {
    const [role, api] = [await newRole(), await newApi()];
    const path = `${ROLES}/${role.id}/permissions`;
    const given = await call('POST', path, { json: permissionsOf(api, 'write:a', 'read:a') });
    assert.deepEqual([given.status, given.json], [201, {}]);
    assert.equal((await call('POST', path, { json: permissionsOf(api, 'write:a') })).status, 201);
    const { json } = await call('GET', `${path}?include_totals=true&page=0&per_page=100`);
    const common = { resource_server_name: api.name, resource_server_identifier: api.identifier };
    assert.deepEqual(json, {
      start: 0,
      limit: 100,
      total: 2,
      permissions: [
        { permission_name: 'read:a', description: 'May read:a', ...common },
        { permission_name: 'write:a', description: 'May write:a', ...common },
      ],
    });
    assert.equal((await call('DELETE', path, { json: permissionsOf(api, 'read:a', 'nothing') })).status, 204);
    assert.deepEqual((await call('GET', path)).json, [json.permissions[1]]);
  });

  test('those that do not exist are refused, and none is given', async () => {
    const [role, api] = [await newRole(), await newApi()];
    const path = `${ROLES}/${role.id}/permissions`;
    const refused = await call('POST', path, { json: permissionsOf(api, 'read:a', 'fly') });
    assert.deepEqual(refused.json, {
      statusCode: 404,
      error: 'Not Found',
      message: `This permission does not exist: '${api.identifier} - fly'`,
      errorCode: 'inexistent_resource_server_permission',
    });
    assert.deepEqual((await call('GET', path)).json, []);
    const elsewhere = await call('POST', path, { json: permissionsOf({ identifier: 'urn:none' }, 'read:a') });
    assert.equal(elsewhere.status, 404);
    assert.deepEqual((await call('GET', `${ROLES}/rol_0123456789abcdef/permissions`)).json, NO_ROLE);
    assert.equal((await call('POST', path, { json: { permissions: [] } })).status, 400);
  });

  test('go with a scope, and with the API; another of the same name is another', async () => {
    const [role, api, person] = [await newRole(), await newApi(), await newPerson()];
    const both = permissionsOf(api, 'read:a', 'write:a');
    const path = `${ROLES}/${role.id}/permissions`;
    await call('POST', path, { json: both });
    await call('POST', userPath(person.user_id, 'permissions'), { json: both });
    const scopes = (...values: string[]) =>
      call('PATCH', `/api/v2/resource-servers/${api.id}`, { json: { scopes: values.map((value) => ({ value })) } });
    assert.equal((await scopes('read:a')).status, 200);
    assert.equal((await scopes('read:a', 'write:a')).status, 200);
    const names = async (of: string) =>
      (await call('GET', of)).json.map((one: { permission_name: string }) => one.permission_name);
    assert.deepEqual(await names(path), ['read:a']);
    assert.deepEqual(await names(userPath(person.user_id, 'permissions')), ['read:a']);
    assert.equal((await call('DELETE', `/api/v2/resource-servers/${api.id}`)).status, 204);
    const where = { resource_server_identifier: api.identifier };
    assert.equal(await grantedPermissionsOf(server.ctx).count(where), 0);
  });
});

describe('users and their roles', () => {
  test('given from both sides, listed both ways, taken', async () => {
    const role = await newRole({ description: 'Some' });
    const people = [await newPerson(), await newPerson(), await newPerson()];
    const users = people.slice(0, 2).map(({ user_id }) => user_id);
    const given = await call('POST', `${ROLES}/${role.id}/users`, { json: { users } });
    assert.deepEqual([given.status, given.json], [200, {}]);
    server.clock.advance(1);
    const third = userPath(people[2]!.user_id, 'roles');
    for (const _time of [1, 2]) assert.equal((await call('POST', third, { json: { roles: [role.id] } })).status, 204);
    const shown = { id: role.id, name: role.name, description: 'Some', type: 'tenant' };
    assert.deepEqual((await call('GET', third)).json, [shown]);
    assert.deepEqual((await call('GET', `${third}?include_totals=true`)).json, {
      start: 0,
      limit: 50,
      total: 1,
      roles: [shown],
    });
    const first = (await call('GET', `${ROLES}/${role.id}/users?take=2&include_totals=true`)).json;
    assert.deepEqual(Object.keys(first).sort(), ['next', 'users']);
    const rest = (await call('GET', `${ROLES}/${role.id}/users?take=2&from=${encodeURIComponent(first.next)}`)).json;
    assert.equal('next' in rest, false);
    const found = [...first.users, ...rest.users];
    assert.deepEqual(found.map(({ email }) => email).sort(), people.map(({ email }) => email).sort());
    assert.equal(found[2].email, people[2]!.email, 'who was given it last comes last');
    assert.deepEqual(Object.keys(found[0]).sort(), ['email', 'name', 'picture', 'user_id']);
    const totals = (await call('GET', `${ROLES}/${role.id}/users?include_totals=true&per_page=1&page=1`)).json;
    assert.deepEqual([totals.start, totals.limit, totals.total, totals.users.length], [1, 1, 3, 1]);
    assert.equal((await call('DELETE', third, { json: { roles: [role.id] } })).status, 204);
    assert.deepEqual((await call('GET', third)).json, []);
  });

  test('nobody gets a role that there is not, and no role goes to nobody', async () => {
    const role = await newRole();
    const person = await newPerson();
    const path = userPath(person.user_id, 'roles');
    const mixed = await call('POST', path, { json: { roles: [role.id, 'rol_0123456789abcdef'] } });
    assert.deepEqual(mixed.json, NO_ROLE);
    assert.deepEqual((await call('GET', path)).json, []);
    const nobody = await call('POST', userPath('auth0|nobody', 'roles'), { json: { roles: [role.id] } });
    assert.deepEqual([nobody.status, nobody.json.errorCode], [404, 'inexistent_user']);
    const users = await call('POST', `${ROLES}/${role.id}/users`, {
      json: { users: [person.user_id, 'auth0|nobody'] },
    });
    assert.deepEqual([users.status, users.json.errorCode], [404, 'inexistent_user']);
    assert.deepEqual((await call('GET', `${ROLES}/${role.id}/users`)).json, []);
    assert.equal((await call('POST', path, { json: { roles: [] } })).status, 400);
  });

  test('permissions of a user say where they come from', async () => {
    const [role, api, person] = [await newRole(), await newApi(), await newPerson()];
    const path = userPath(person.user_id, 'permissions');
    assert.deepEqual((await call('POST', path, { json: permissionsOf(api, 'read:a') })).json, {});
    await call('POST', `${ROLES}/${role.id}/permissions`, { json: permissionsOf(api, 'read:a', 'write:a') });
    await call('POST', userPath(person.user_id, 'roles'), { json: { roles: [role.id] } });
    const { json } = await call('GET', `${path}?include_totals=true`);
    const byRole = { source_id: role.id, source_name: role.name, source_type: 'ROLE' };
    const direct = { source_id: '', source_name: '', source_type: 'DIRECT' };
    const sources = json.permissions.map((one: { permission_name: string; sources: object[] }) => [
      one.permission_name,
      one.sources.length,
    ]);
    assert.deepEqual(sources, [
      ['read:a', 2],
      ['write:a', 1],
    ]);
    assert.deepEqual(json.permissions[1].sources, [byRole]);
    for (const source of [byRole, direct])
      assert.ok(json.permissions[0].sources.some((one: object) => JSON.stringify(one) === JSON.stringify(source)));
    assert.equal((await call('DELETE', path, { json: permissionsOf(api, 'read:a') })).status, 204);
    assert.equal((await call('GET', path)).json[0].sources.length, 1);
    const fly = await call('POST', path, { json: permissionsOf(api, 'fly') });
    assert.equal(fly.json.errorCode, 'inexistent_resource_server_permission');
    assert.equal((await call('GET', userPath('auth0|nobody', 'permissions'))).json.errorCode, 'inexistent_user');
  });

  test('of members: in their organization alone, and only for members', async () => {
    const role = await newRole();
    const [acme, other] = [
      await createOrganization(server.ctx, { name: `org-${++count}` }),
      await createOrganization(server.ctx, { name: `org-${++count}` }),
    ];
    const person = await newPerson();
    const member = (id: string) => `/api/v2/organizations/${id}/members/${encodeURIComponent(person.user_id)}/roles`;
    const json = { roles: [role.id] };
    const early = await call('POST', member(acme.id), { json });
    assert.deepEqual([early.status, early.json.message], [404, 'No member found by that id']);
    for (const { id } of [acme, other]) await addMember(server.ctx, id, person.user_id);
    assert.equal((await call('POST', member(acme.id), { json })).status, 204);
    assert.deepEqual((await call('GET', member(acme.id))).json[0].id, role.id);
    assert.deepEqual((await call('GET', member(other.id))).json, []);
    assert.deepEqual((await call('GET', userPath(person.user_id, 'roles'))).json, []);
    const members = `/api/v2/organizations/${acme.id}/members`;
    const told = { user_id: person.user_id, roles: [{ id: role.id, name: role.name }] };
    assert.deepEqual((await call('GET', `${members}?fields=user_id,roles`)).json, [told]);
    assert.equal('roles' in (await call('GET', members)).json[0], false);
    const ofRole = await call('GET', `/api/v2/organizations/${acme.id}/roles/${role.id}/members?take=50`);
    assert.deepEqual(
      ofRole.json.members.map(({ user_id }: { user_id: string }) => user_id),
      [person.user_id],
    );
    assert.equal((await call('DELETE', member(acme.id), { json })).status, 204);
    assert.deepEqual((await call('GET', member(acme.id))).json, []);
    assert.equal((await call('GET', member('org_0123456789abcdef'))).status, 404);
  });

  test('all goes with the user, the role, the membership', async () => {
    const role = await newRole();
    const api = await newApi();
    const [acme, gone, leaver] = [
      await createOrganization(server.ctx, { name: `org-${++count}` }),
      await newPerson(),
      await newPerson(),
    ];
    for (const { user_id } of [gone, leaver]) {
      await addMember(server.ctx, acme.id, user_id);
      await call('POST', userPath(user_id, 'roles'), { json: { roles: [role.id] } });
      await call('POST', userPath(user_id, 'permissions'), { json: permissionsOf(api, 'read:a') });
      const path = `/api/v2/organizations/${acme.id}/members/${encodeURIComponent(user_id)}/roles`;
      await call('POST', path, { json: { roles: [role.id] } });
    }
    const assigned = (user_id: string) => roleAssignmentsOf(server.ctx).count({ user_id });
    await deleteUser(server.ctx, gone.user_id);
    assert.equal(await assigned(gone.user_id), 0);
    assert.equal(await grantedPermissionsOf(server.ctx).count({ holder: gone.user_id }), 0);
    assert.equal(await assigned(leaver.user_id), 2);
    await removeMember(server.ctx, acme.id, leaver.user_id);
    assert.equal(await assigned(leaver.user_id), 1);
    await assignRoles(server.ctx, leaver.user_id, acme.id, [role.id]);
    await addMember(server.ctx, acme.id, leaver.user_id);
    assert.equal(await assigned(leaver.user_id), 1, 'who comes back begins without roles');
    await call('DELETE', `${ROLES}/${role.id}`);
    assert.equal(await assigned(leaver.user_id), 0);
  });

  test('a user of another tenant is nobody here, and so is its role', async () => {
    const stranger = await addPerson(server.other.ctx, 'stranger@example.test');
    const role = await newRole();
    const foreign = await server.other.post(ROLES, {
      bearer: await managementToken(server.other, ['create:roles']),
      json: { name: 'Foreign' },
    });
    const person = await newPerson();
    const given = await call('POST', userPath(person.user_id, 'roles'), { json: { roles: [foreign.json.id] } });
    assert.deepEqual(given.json, NO_ROLE);
    const taken = await call('POST', `${ROLES}/${role.id}/users`, { json: { users: [stranger.user_id] } });
    assert.equal(taken.status, 404);
  });

  test('users go with their connection, and their roles with them', async () => {
    const role = await newRole();
    const person = await newPerson();
    await call('POST', userPath(person.user_id, 'roles'), { json: { roles: [role.id] } });
    const connection = await findConnectionByName(server.ctx, CONNECTION);
    await deleteConnection(server.ctx, connection!);
    assert.equal(await roleAssignmentsOf(server.ctx).count({ user_id: person.user_id }), 0);
  });
});

test('every call wants its scope', async () => {
  const none = await managementToken(server, ['read:clients']);
  const role = await newRole();
  const calls = [
    ['GET', ROLES],
    ['POST', ROLES],
    ['GET', `${ROLES}/${role.id}`],
    ['DELETE', `${ROLES}/${role.id}`],
    ['GET', `${ROLES}/${role.id}/permissions`],
    ['GET', `${ROLES}/${role.id}/users`],
    ['GET', userPath('auth0|x', 'roles')],
    ['GET', userPath('auth0|x', 'permissions')],
  ] as const;
  for (const [method, path] of calls) {
    const refused = await call(method, path, { bearer: none });
    assert.deepEqual([refused.status, refused.json.errorCode], [403, 'insufficient_scope'], `${method} ${path}`);
  }
});
