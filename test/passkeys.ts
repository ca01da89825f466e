/** Passkeys in a test tenant: what may use them, and the calls of signing up and logging in. */

import assert from 'node:assert/strict';
import type { Client } from '../src/resources/clients/index.ts';
import { type Connection, connectionsOf } from '../src/resources/connections/index.ts';
import type { Authenticator, Behaviour } from './authenticator.ts';
import type { Answer, TestTenant } from './server.ts';
import { addClient, addDatabase, type Credentials } from './token-fixture.ts';

export const PASSKEY = 'urn:okta:params:oauth:grant-type:webauthn';
export const EMAIL = 'ada@example.test';
export const INVALID = [403, 'invalid_grant', 'Invalid passkey assertion.'];
export const NO_SESSION = [403, 'invalid_grant', 'Invalid or expired auth_session.'];

export const addPasskeyClient = (tenant: TestTenant, body: Partial<Client> = {}) =>
  addClient(tenant.ctx, { grant_types: ['authorization_code', 'refresh_token', PASSKEY], ...body });

export async function addPasskeyDatabase(tenant: TestTenant, name: string, clientId: string): Promise<Connection> {
  const made = await addDatabase(tenant.ctx, name, [clientId]);
  return setOptions(tenant, made, { authentication_methods: { passkey: { enabled: true } } });
}

export async function setOptions(tenant: TestTenant, { id }: Connection, options: object): Promise<Connection> {
  const changed = await connectionsOf(tenant.ctx).update(id, (one) => ({
    ...one,
    options: { ...one.options, ...options },
  }));
  assert.ok(changed);
  return changed;
}

/** Calls of the tenant and client that `now` answers when they are made, in the connection `db` unless they say otherwise. */
export function passkeyCalls(now: () => { readonly server: TestTenant; readonly client: Credentials }) {
  const register = (json: object = {}, tenant = now().server, who: Partial<Credentials> = now().client) =>
    tenant.post('/passkey/register', { json: { ...who, realm: 'db', user_profile: { email: EMAIL }, ...json } });
  const challenge = (json: object = {}, tenant = now().server, who: Partial<Credentials> = now().client) =>
    tenant.post('/passkey/challenge', { json: { ...who, realm: 'db', ...json } });
  const exchange = (auth_session: string, authn_response: unknown, more: object = {}, tenant = now().server) => {
    const request = { grant_type: PASSKEY, ...now().client, realm: 'db', scope: 'openid email' };
    return tenant.post('/oauth/token', { json: { ...request, auth_session, authn_response, ...more } });
  };
  async function signUp(key: Authenticator, email = EMAIL): Promise<Answer> {
    const { json } = await register({ user_profile: { email } });
    return exchange(json.auth_session, key.create(json.authn_params_public_key));
  }
  async function logIn(key: Authenticator, behaviour: Behaviour = {}): Promise<Answer> {
    const { json } = await challenge();
    return exchange(json.auth_session, key.get(json.authn_params_public_key, behaviour));
  }
  return { register, challenge, exchange, signUp, logIn };
}
