/** A server, and calls of the Management API about its organizations. */
import assert from 'node:assert/strict';
import { type Connection, findConnectionByName } from '../src/resources/connections/index.ts';
import { CONNECTION } from './fixtures.ts';
import { managementToken } from './management.ts';
import { type Answer, type RequestOptions, type TestServer, testServer } from './server.ts';

export const ORGANIZATIONS = '/api/v2/organizations';

const PARTS =
  'organization_connections organization_members organization_invitations organization_client_grants organization_clients';
/** Every scope about organizations, their parts, and what these lead to. */
export const ORGANIZATION_SCOPES =
  `organizations ${PARTS} organization_discovery_domains client_grants clients users connections`
    .split(' ')
    .flatMap((noun) => ['create', 'read', 'update', 'delete'].map((verb) => `${verb}:${noun}`));

export interface OrganizationManagement {
  readonly server: TestServer;
  call(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  /** Makes an organization with a name of its own. */
  organization(body?: object): Promise<{ readonly id: string; readonly name: string }>;
  /** The connection that users log in with. */
  database(): Promise<Connection>;
}

export async function organizationManagement(): Promise<OrganizationManagement> {
  const server = await testServer();
  const bearer = await managementToken(server, ORGANIZATION_SCOPES);
  let count = 0;
  const call: OrganizationManagement['call'] = (method, path, options = {}) =>
    server.request(method, path, { bearer, ...options });
  return {
    server,
    call,
    async organization(body = {}) {
      const { status, json } = await call('POST', ORGANIZATIONS, { json: { name: `org-${++count}`, ...body } });
      assert.equal(status, 201);
      return json;
    },
    async database() {
      const found = await findConnectionByName(server.ctx, CONNECTION);
      assert.ok(found);
      return found;
    },
  };
}
