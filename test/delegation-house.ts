/** A tenant with an application from before OpenID Connect, an API that has add-ons, a user who is logged in, and the services that add-ons call. */
import assert from 'node:assert/strict';
import type { OutboundRequest } from '../src/kernel/index.ts';
import type { GuardedOutbound } from '../src/platform/outbound/index.ts';
import { createClient, type StoredClient } from '../src/resources/clients/index.ts';
import { type User, usersOf } from '../src/resources/users/index.ts';
import { managementToken } from './management.ts';
import { type Answer, type TestServer, testServer } from './server.ts';
import { addDatabase, addUser, EMAIL, PASSWORD } from './token-fixture.ts';

export interface DelegationHouse {
  readonly server: TestServer;
  readonly client: StoredClient;
  readonly api: StoredClient;
  readonly user: User;
  /** What the services answer from now on, and what they were asked since. */
  readonly services: { status: number; body: string; fails?: Error; readonly asked: OutboundRequest[] };
  /** Replaces the API's add-ons through the Management API. */
  setAddons(addons: object | null): Promise<Answer>;
  /** As `setAddons`, which must work; then asks `/delegation` for the first of them, with `form`. */
  ask(addons: object, form: Record<string, string>): Promise<Answer>;
  login(): Promise<{ id_token: string; refresh_token: string }>;
  /** An hour later, with the user as they were made, and services that nobody has asked: answers the ID token of a new login. */
  beginAnew(): Promise<string>;
  delegate(form: Record<string, string | undefined>): Promise<Answer>;
}

export async function delegationHouse(): Promise<DelegationHouse> {
  const services: DelegationHouse['services'] = { status: 200, body: '{}', asked: [] };
  const server = await testServer({ outbound: scripted(services) });
  const client = await createClient(server.ctx, { name: 'Old app' }, { existing: true });
  const api = await createClient(server.ctx, { name: 'API with add-ons' });
  const user = await addUser(server.ctx, await addDatabase(server.ctx, 'db', [client.client_id]));
  const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
  const setAddons = async (addons: object | null) => {
    const bearer = await managementToken(server, ['update:clients', 'read:clients']);
    return server.request('PATCH', `/api/v2/clients/${api.client_id}`, { json: { addons }, bearer });
  };
  const delegate = (form: Record<string, string | undefined>) =>
    server.post('/delegation', { form: { client_id: client.client_id, grant_type, target: api.client_id, ...form } });
  const login = async () => {
    const form = { client_id: client.client_id, connection: 'db', username: EMAIL, password: PASSWORD };
    const answer = await server.post('/oauth/ro', {
      form: { ...form, scope: 'openid offline_access', device: 'phone' },
    });
    assert.equal(answer.status, 200, answer.text);
    return answer.json;
  };
  return {
    server,
    client,
    api,
    user,
    services,
    setAddons,
    delegate,
    login,
    async beginAnew() {
      server.clock.advance(3600);
      await usersOf(server.ctx).put(user);
      services.asked.length = 0;
      return (await login()).id_token;
    },
    async ask(addons, form) {
      const written = await setAddons(addons);
      assert.equal(written.status, 200, written.text);
      assert.deepEqual(written.json.addons, addons);
      return delegate({ api_type: Object.keys(addons)[0] ?? '', ...form });
    },
  };
}

function scripted(services: DelegationHouse['services']): GuardedOutbound {
  return {
    async request(wanted) {
      services.asked.push(wanted);
      if (services.fails) throw services.fails;
      const { status, body } = services;
      return {
        status,
        headers: {},
        body: Buffer.from(body),
        text: () => body,
        json: () => JSON.parse(body) as unknown,
      };
    },
    texts: async () => [],
    resolve: async () => '203.0.113.1',
    close: async () => {},
  };
}

/** The form that a service was asked with. */
export const formOf = (request: OutboundRequest | undefined) =>
  Object.fromEntries(new URLSearchParams(String(request?.body)));
