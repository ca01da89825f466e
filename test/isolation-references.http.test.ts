/** Two tenants on one server: what one has is to the other like something that does not exist, wherever in a body it is named. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CONNECTION, PASSWORD } from './fixtures.ts';
import { managementEndpoints, referencesIn, resembling } from './isolation-attacks.ts';
import { managementToken } from './management.ts';
import { type TestServer, type TestTenant, testServer } from './server.ts';

type Ids = Readonly<
  Record<'client' | 'user' | 'organization' | 'connection' | 'role' | 'api' | 'grant' | 'profile', string>
>;

let server: TestServer;

before(async () => {
  server = await testServer();
});
after(() => server.close());

const callOf = async (tenant: TestTenant) => {
  const scopes = managementEndpoints(server.app.endpoints).flatMap((endpoint) => endpoint.scopes ?? []);
  const bearer = await managementToken(tenant, [...new Set(scopes)]);
  return (method: string, path: string, json: unknown) => tenant.request(method, path, { bearer, json });
};

/** One of each, named after `word`. */
async function furnish(tenant: TestTenant, word: string): Promise<Ids> {
  const call = await callOf(tenant);
  const made = async (path: string, json: object, id = 'id'): Promise<string> => {
    const answer = await call('POST', `/api/v2/${path}`, json);
    assert.ok(answer.status < 300, answer.text);
    return answer.json[id];
  };
  const login = { initiate_login_uri: 'https://app.test/login', grant_types: ['client_credentials'] };
  const client = await made('clients', { name: word, ...login }, 'client_id');
  const api = await made('resource-servers', { identifier: `urn:${word}`, scopes: [{ value: 'a' }] }, 'identifier');
  return {
    client,
    api,
    user: await made('users', { connection: CONNECTION, email: `${word}@x.test`, password: PASSWORD }, 'user_id'),
    organization: await made('organizations', { name: word }),
    connection: await made('connections', { name: word, strategy: 'auth0' }),
    role: await made('roles', { name: word }),
    grant: await made('client-grants', { client_id: client, audience: api, organization_usage: 'allow' }),
    profile: await made('connection-profiles', { name: word }),
  };
}

/** What a tenant's own ids are called in paths. */
const SEGMENTS: Readonly<Record<string, keyof Ids>> = {
  clients: 'client',
  users: 'user',
  organizations: 'organization',
  connections: 'connection',
  roles: 'role',
  'client-grants': 'grant',
  'resource-servers': 'api',
  members: 'user',
};

const placed = (path: string, own: Ids) =>
  path.replace(/([^/]+)\/:\w+/g, (_all, segment: string) => {
    const kind = SEGMENTS[segment];
    return `${segment}/${kind ? encodeURIComponent(own[kind]) : 'x'}`;
  });

/** What is right for members that a body must have, so that the one that is wrong is looked at. */
const rightFor = (own: Ids) => ({
  client_id: own.client,
  user_id: own.user,
  connection_id: own.connection,
  organization_id: own.organization,
  audience: own.api,
  resource_server_identifier: own.api,
  permission_name: 'a',
  inviter: { name: 'x' },
  invitee: { email: 'x@x.test' },
  connection: CONNECTION,
  flows: ['client_credentials'],
  email: 'new@x.test',
});

test('wherever a body names it', async () => {
  const [theirs, own] = [await furnish(server, 'theirs'), await furnish(server.other, 'own')];
  const call = await callOf(server.other);
  const gist = async (method: string, path: string, body: unknown, id: string) => {
    const { status, text } = await call(method, path, body);
    assert.ok(status < 500, `${method} ${path}: ${text}`);
    return status < 300 ? String(status) : `${status} ${text.replaceAll(id, '…')}`;
  };
  let refused = 0;
  for (const { method, path, body } of managementEndpoints(server.app.endpoints).filter((one) => one.body)) {
    for (const { place, body: naming } of referencesIn(body, rightFor(own))) {
      for (const id of Object.values(theirs)) {
        const unknown = resembling(id);
        const control = await gist(method, placed(path, own), naming(unknown), unknown);
        const answer = await gist(method, placed(path, own), naming(id), id);
        assert.equal(answer, control, `${method} ${path} ${place}`);
        if (answer.startsWith('404')) refused += 1;
      }
    }
  }
  // Otherwise nobody looked for any of them.
  assert.ok(refused > 50, `${refused} were looked for`);
});
