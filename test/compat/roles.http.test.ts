/** Roles through Auth0's own Node client (`auth0`), unmodified, over TLS. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ManagementClient, ManagementError } from 'auth0';
import { addMember, createOrganization } from '../../src/resources/organizations/index.ts';
import { addManagementClient, addPerson } from '../fixtures.ts';
import { type RealServer, startRealServer } from './real-server.ts';

let server: RealServer;
let management: ManagementClient;

before(async () => {
  server = await startRealServer();
  const { client_id, client_secret } = await addManagementClient(server.ctx);
  const { domain } = server;
  management = new ManagementClient({ domain, clientId: client_id, clientSecret: client_secret, maxRetries: 0 });
});
after(() => server.close());

/** All that a paged list of the client holds. */
async function all<T>(pages: PromiseLike<AsyncIterable<T>>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of await pages) found.push(one);
  return found;
}

test('roles, their permissions and their users, page by page', async () => {
  const { roles, resourceServers, users } = management;
  const identifier = 'https://roles.test/';
  await resourceServers.create({ identifier, name: 'API', scopes: [{ value: 'read:a' }, { value: 'write:a' }] });
  const { id = '' } = await roles.create({ name: 'Editor' });
  assert.match(id, /^rol_/);
  const permissions = ['read:a', 'write:a'].map((permission_name) => ({
    permission_name,
    resource_server_identifier: identifier,
  }));
  await roles.permissions.add(id, { permissions });
  const held = await all(roles.permissions.list(id, { per_page: 1 }));
  assert.deepEqual(
    held.map(({ permission_name }) => permission_name),
    ['read:a', 'write:a'],
  );
  const ada = await addPerson(server.ctx, 'ada@example.test');
  const grace = await addPerson(server.ctx, 'grace@example.test');
  await roles.users.assign(id, { users: [ada.user_id] });
  await users.roles.assign(grace.user_id, { roles: [id] });
  const people = await all(roles.users.list(id, { take: 1 }));
  assert.deepEqual(people.map(({ email }) => email).sort(), ['ada@example.test', 'grace@example.test']);
  const [first] = await all(users.permissions.list(ada.user_id));
  assert.equal(first?.permission_name, 'read:a');
  await users.roles.delete(ada.user_id, { roles: [id] });
  assert.deepEqual(await all(users.roles.list(ada.user_id)), []);
  await roles.update(id, { description: 'Edits' });
  assert.equal((await roles.get(id)).description, 'Edits');
  await roles.delete(id);
  await assert.rejects(
    async () => roles.get(id),
    (error) => error instanceof ManagementError && error.statusCode === 404,
  );
});

test('roles of the members of an organization', async () => {
  const { roles, organizations } = management;
  const { id = '' } = await roles.create({ name: 'Owner' });
  const acme = await createOrganization(server.ctx, { name: 'acme' });
  const { user_id } = await addPerson(server.ctx, 'member@example.test');
  await addMember(server.ctx, acme.id, user_id);
  await organizations.members.roles.assign(acme.id, user_id, { roles: [id] });
  const held = await all(organizations.members.roles.list(acme.id, user_id));
  assert.deepEqual(
    held.map(({ name }) => name),
    ['Owner'],
  );
  await organizations.members.roles.delete(acme.id, user_id, { roles: [id] });
  assert.deepEqual(await all(organizations.members.roles.list(acme.id, user_id)), []);
});
