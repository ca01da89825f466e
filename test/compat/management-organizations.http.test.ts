/** Every method of Auth0's Node client that has to do with organizations and roles. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addPerson, CONNECTION } from '../fixtures.ts';
import { allOf, type ManagementHouse, methodsOf, refusal, startManagement } from './management-sdk.ts';

let house: ManagementHouse;
let id: string;
let userId: string;

before(async () => {
  house = await startManagement();
  userId = (await addPerson(house.server.ctx, 'member@example.test')).user_id;
  id = (await house.management.organizations.create({ name: 'acme', display_name: 'Acme' })).id ?? '';
});
after(() => house.server.close());

/** What nobody has to do with here: groups, templates, the search, and what a member may do in all. */
const NOT_HERE = [
  'organizations.search',
  'organizations.groups.list',
  'organizations.groups.roles.list',
  'organizations.groups.roles.create',
  'organizations.groups.roles.delete',
  'organizations.members.effectiveRoles.list',
  'organizations.members.effectiveRoles.sources.groups.list',
  'organizations.organizationTemplate.get',
  'organizations.organizationTemplate.assignOrganizationTemplate',
  'organizations.organizationTemplate.unassignOrganizationTemplate',
  'organizations.roles.groups.list',
  'roles.groups.get',
  'roles.groups.create',
  'roles.groups.delete',
];

test('organizations: made, read, found by name, changed, listed either way, deleted', async () => {
  const { organizations } = house.management;
  const made = await organizations.create({ name: 'bare', metadata: { tier: 'gold' } });
  const own = made.id ?? '';
  assert.deepEqual(await organizations.get(own), made);
  assert.deepEqual(await organizations.getByName('bare'), made);
  assert.equal((await organizations.update(own, { display_name: 'Bare' })).display_name, 'Bare');
  const named = (list: readonly { name?: string }[]) => list.map(({ name }) => name).sort();
  assert.deepEqual(named(await allOf(organizations.list({ take: 1 }))), ['acme', 'bare']);
  const page = await organizations.list({ take: 1, from: undefined });
  assert.deepEqual([page.data.length, page.hasNextPage()], [1, true]);
  assert.deepEqual([(await page.getNextPage()).data.length, page.hasNextPage()], [1, false]);
  await organizations.delete(own);
  assert.deepEqual(await refusal(organizations.get(own)), {
    status: 404,
    body: { statusCode: 404, error: 'Not Found', message: 'No organization found by that id or name' },
  });
});

test('members and their roles', async () => {
  const { organizations, roles } = house.management;
  const { members } = organizations;
  await members.create(id, { members: [userId] });
  const listed = await allOf(members.list(id, { take: 1, fields: 'user_id,roles', include_fields: true }));
  assert.deepEqual(listed, [{ user_id: userId, roles: [] }]);
  const role = (await roles.create({ name: 'Editor', description: 'Edits' })).id ?? '';
  await members.roles.assign(id, userId, { roles: [role] });
  const page = await members.roles.list(id, userId, { page: 0, per_page: 1, include_totals: true });
  const { total } = page.response as { total?: number };
  assert.deepEqual([page.data.map(({ name }) => name), total], [['Editor'], 1]);
  const those = await allOf(organizations.roles.members.list(id, role, { take: 1 }));
  assert.deepEqual(
    those.map(({ user_id }) => user_id),
    [userId],
  );
  await members.roles.delete(id, userId, { roles: [role] });
  assert.deepEqual(await allOf(members.roles.list(id, userId)), []);
  await members.delete(id, { members: [userId] });
  assert.deepEqual(await allOf(members.list(id)), []);
});

test('connections of an organization, at their older and their newer path', async () => {
  const { organizations, connections } = house.management;
  const [connection] = (await connections.list({ name: CONNECTION })).data;
  const connection_id = connection?.id ?? '';
  const { enabledConnections } = organizations;
  await enabledConnections.add(id, { connection_id, assign_membership_on_login: true });
  const one = await enabledConnections.get(id, connection_id);
  assert.deepEqual([one.assign_membership_on_login, one.connection?.name], [true, CONNECTION]);
  const changed = await enabledConnections.update(id, connection_id, { is_signup_enabled: true });
  assert.equal(changed.is_signup_enabled, true);
  const page = await enabledConnections.list(id, { page: 0, per_page: 2, include_totals: true });
  assert.deepEqual([page.data.length, page.hasNextPage()], [1, false]);
  await enabledConnections.delete(id, connection_id);
  assert.deepEqual(await allOf(enabledConnections.list(id)), []);

  const { connections: all } = organizations;
  const made = await all.create(id, { connection_id, organization_connection_name: 'staff', is_enabled: true });
  assert.deepEqual([made.organization_connection_name, made.is_enabled], ['staff', true]);
  assert.equal((await all.get(id, connection_id)).organization_connection_name, 'staff');
  assert.equal((await all.update(id, connection_id, { is_enabled: false })).is_enabled, false);
  const enabled = await allOf(all.list(id, { is_enabled: false }));
  assert.deepEqual(
    enabled.map((found) => found.connection_id),
    [connection_id],
  );
  await all.delete(id, connection_id);
  assert.equal((await refusal(all.get(id, connection_id))).status, 404);
});

test('invitations, clients and client grants of an organization', async () => {
  const { organizations, clients, clientGrants, resourceServers } = house.management;
  const shop = await clients.create({ name: 'Shop', initiate_login_uri: 'https://shop.test/login' });
  const client_id = shop.client_id ?? '';
  const invitee = { email: 'invited@example.test' };
  const { invitations } = organizations;
  const made = await invitations.create(id, { inviter: { name: 'Ada' }, invitee, client_id });
  assert.match(made.invitation_url ?? '', /^https:\/\/shop\.test\/login\?invitation=/);
  const read = await invitations.get(id, made.id ?? '', { fields: 'invitee', include_fields: true });
  assert.deepEqual(read, { invitee });
  const page = await invitations.list(id, { page: 0, per_page: 1, include_totals: true });
  assert.deepEqual(
    page.data.map((one) => one.invitee),
    [invitee],
  );
  await invitations.delete(id, made.id ?? '');
  assert.deepEqual(await allOf(invitations.list(id)), []);

  const { clients: named } = organizations;
  await named.create(id, { clients: [{ client_id, use_for_member_access: true }] });
  assert.equal((await named.get(id, client_id)).use_for_member_access, true);
  assert.equal((await named.update(id, client_id, { use_for_member_access: false })).use_for_member_access, false);
  assert.deepEqual(
    (await allOf(named.list(id, { take: 1 }))).map((one) => one.client_id),
    [client_id],
  );
  await named.delete(id, { clients: [client_id] });
  assert.deepEqual(await allOf(named.list(id)), []);

  await resourceServers.create({ identifier: 'urn:shop', scopes: [{ value: 'read' }] });
  const usage = { organization_usage: 'allow' as const, allow_any_organization: false };
  const grant = await clientGrants.create({ client_id, audience: 'urn:shop', scope: ['read'], ...usage });
  const grant_id = grant.id ?? '';
  await organizations.clientGrants.create(id, { grant_id });
  const granted = await allOf(organizations.clientGrants.list(id, { audience: 'urn:shop' }));
  assert.deepEqual(
    granted.map((one) => one.id),
    [grant_id],
  );
  await organizations.clientGrants.delete(id, grant_id);
  assert.deepEqual(await allOf(organizations.clientGrants.list(id)), []);
});

test('domains that lead to an organization', async () => {
  const { discoveryDomains } = house.management.organizations;
  const made = await discoveryDomains.create(id, { domain: 'acme.test', status: 'pending' });
  const domainId = made.id ?? '';
  assert.equal((await discoveryDomains.get(id, domainId)).domain, 'acme.test');
  assert.equal((await discoveryDomains.getByName(id, 'acme.test')).id, domainId);
  assert.equal((await discoveryDomains.update(id, domainId, { status: 'verified' })).status, 'verified');
  assert.deepEqual(
    (await allOf(discoveryDomains.list(id, { take: 1 }))).map(({ domain }) => domain),
    ['acme.test'],
  );
  await discoveryDomains.delete(id, domainId);
  assert.equal((await refusal(discoveryDomains.get(id, domainId))).status, 404);
});

test('roles: made, read, changed, deleted; what they permit, and whose they are', async () => {
  const { roles, resourceServers } = house.management;
  await resourceServers.create({ identifier: 'urn:things', scopes: [{ value: 'read' }, { value: 'write' }] });
  const made = await roles.create({ name: 'Reader', description: 'Reads' });
  const role = made.id ?? '';
  assert.deepEqual(await roles.get(role), made);
  assert.equal((await roles.update(role, { description: 'Reads things' })).description, 'Reads things');
  const listed = await roles.list({ name_filter: 'read', page: 0, per_page: 1, include_totals: true });
  assert.deepEqual(
    listed.data.map(({ name }) => name),
    ['Reader'],
  );
  const permissions = [{ resource_server_identifier: 'urn:things', permission_name: 'read' }];
  await roles.permissions.add(role, { permissions });
  assert.deepEqual(
    (await allOf(roles.permissions.list(role, { per_page: 1 }))).map((one) => one.permission_name),
    ['read'],
  );
  await roles.permissions.delete(role, { permissions });
  assert.deepEqual(await allOf(roles.permissions.list(role)), []);
  await roles.users.assign(role, { users: [userId] });
  assert.deepEqual(
    (await allOf(roles.users.list(role, { take: 1 }))).map(({ user_id }) => user_id),
    [userId],
  );
  await roles.delete(role);
  assert.equal((await refusal(roles.get(role))).status, 404);
});

test('no method was left out, but those of what is not here', () => {
  const { organizations, roles } = house.management;
  const methods = [...methodsOf(organizations, 'organizations'), ...methodsOf(roles, 'roles')];
  assert.deepEqual(methods.filter((method) => !house.called.has(method)).sort(), NOT_HERE.toSorted());
});
