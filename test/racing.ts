/** What tests of Management writes do: make things, and look for what is left of them. One server for each file that takes it in. */
import assert from 'node:assert/strict';
import { collections } from '../src/collections.ts';
import type { CollectionDefinition } from '../src/kernel/index.ts';
import { CONNECTION, PASSWORD } from './fixtures.ts';
import { managementEndpoints } from './isolation-attacks.ts';
import { managementToken } from './management.ts';
import { openProviderHouse, type ProviderHouse } from './provider-house.ts';

export let house: ProviderHouse;
let bearer: string;
let count = 0;

/** Opens the house, with a token for every scope. */
export async function openRaces(): Promise<void> {
  house = await openProviderHouse();
  const scopes = managementEndpoints(house.server.app.endpoints).flatMap((endpoint) => endpoint.scopes ?? []);
  bearer = await managementToken(house.server, [...new Set(scopes)]);
}

export const call = (method: string, path: string, json?: object) =>
  house.server.request(method, `/api/v2/${path}`, { bearer, ...(json ? { json } : {}) });
export const post = (path: string, json: object) => call('POST', path, json);

export async function made(path: string, json: object, id = 'id'): Promise<string> {
  const answer = await post(path, json);
  assert.ok(answer.status < 300, `${path}: ${answer.text}`);
  return answer.json[id];
}

export const unique = (word: string) => `${word}-${++count}`;
export const encoded = encodeURIComponent;

const LOGIN = { initiate_login_uri: 'https://app.test/login', grant_types: ['client_credentials'] };
export const NEW = {
  user: (connection = CONNECTION) =>
    made('users', { connection, email: `${unique('p')}@x.test`, password: PASSWORD }, 'user_id'),
  role: () => made('roles', { name: unique('role') }),
  organization: () => made('organizations', { name: unique('org') }),
  client: () => made('clients', { name: unique('client'), ...LOGIN }, 'client_id'),
  connection: () => made('connections', { name: unique('con'), strategy: 'auth0' }),
  async api() {
    const identifier = unique('urn:api');
    await made('resource-servers', { identifier, scopes: [{ value: 'a' }] });
    return identifier;
  },
  grant: async (client_id: string, more: object = {}) =>
    made('client-grants', { client_id, audience: await NEW.api(), scope: [], ...more }),
};

/** Documents outside of the log that name `id`. */
export async function tracesOf(id: string): Promise<string[]> {
  const found: string[] = [];
  for (const declared of collections as readonly CollectionDefinition<object & never>[]) {
    if (declared.name === 'logs') continue;
    const documents = await house.server.ctx.store.collection(declared as CollectionDefinition<object>).list();
    const naming = documents.map((one) => JSON.stringify(one)).filter((text) => text.includes(id));
    found.push(...naming.map((text) => `${declared.name}: ${text}`));
  }
  return found;
}

export const permissions = (resource_server_identifier: string) => ({
  permissions: [{ resource_server_identifier, permission_name: 'a' }],
});

const PEM = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9
q9UU8I5mEovUf86QZ7kOBIjJwqnzD1omageEHWwHdBO6B+dFabmdT9POxg==
-----END PUBLIC KEY-----`;

export const key = () => ({ credential_type: 'public_key', pem: PEM, alg: 'ES256', name: unique('key') });
