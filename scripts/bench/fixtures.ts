import { randomBytes } from 'node:crypto';

export const API = 'https://bench.example/';
export const MANAGEMENT = { id: 'benchManagementClient0000000000000', secret: randomBytes(48).toString('base64url') };
const CALLBACK = 'https://app.bench.example/callback';
const PASSWORD = 'Bench-password-1';
const MFA = 'http://auth0.com/oauth/grant-type';

export interface Fixtures {
  readonly managementToken: string;
  readonly app: { readonly id: string; readonly secret: string };
  readonly users: readonly { readonly email: string; readonly secret: string }[];
  readonly password: string;
  readonly callback: string;
}

type Json = Record<string, string>;

async function send(
  url: string,
  method: string,
  path: string,
  token: string | undefined,
  body: unknown,
): Promise<Json> {
  const answer = await fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return (text ? JSON.parse(text) : {}) as Json;
}

/** A token for the Management API. */
export async function managementToken(url: string): Promise<string> {
  const body = {
    grant_type: 'client_credentials',
    client_id: MANAGEMENT.id,
    client_secret: MANAGEMENT.secret,
    audience: `${url}/api/v2/`,
  };
  return (await send(url, 'POST', '/oauth/token', undefined, body)).access_token ?? '';
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const newSecret = () => [...randomBytes(32)].map((byte) => BASE32[byte % 32]).join('');

async function createUsers(url: string, token: string, count: number): Promise<{ email: string; secret: string }[]> {
  const users: { email: string; secret: string }[] = [];
  for (let n = 0; n < count; n++) {
    const email = `user${n}@bench.example`;
    const secret = newSecret();
    const user = await send(url, 'POST', '/api/v2/users', token, {
      connection: 'Username-Password-Authentication',
      email,
      password: PASSWORD,
      email_verified: true,
    });
    await send(url, 'POST', `/api/v2/users/${encodeURIComponent(user.user_id ?? '')}/authentication-methods`, token, {
      type: 'totp',
      name: 'bench',
      totp_secret: secret,
    });
    users.push({ email, secret });
  }
  return users;
}

/** An API, a client and users, made through the Management API. */
export async function prepare(url: string, userCount: number): Promise<Fixtures> {
  const token = await managementToken(url);
  const post = (path: string, body: unknown) => send(url, 'POST', path, token, body);
  await post('/api/v2/resource-servers', {
    identifier: API,
    name: 'Bench',
    allow_offline_access: true,
    skip_consent_for_verifiable_first_party_clients: true,
    scopes: [{ value: 'read', description: 'Read' }],
  });
  await post('/api/v2/client-grants', { client_id: MANAGEMENT.id, audience: API, scope: ['read'] });
  const app = await post('/api/v2/clients', {
    name: 'Bench',
    app_type: 'regular_web',
    token_endpoint_auth_method: 'client_secret_post',
    oidc_conformant: true,
    callbacks: [CALLBACK],
    grant_types: ['authorization_code', 'refresh_token', `${MFA}/password-realm`, `${MFA}/mfa-otp`],
    refresh_token: {
      rotation_type: 'rotating',
      expiration_type: 'expiring',
      leeway: 0,
      token_lifetime: 2592000,
      idle_token_lifetime: 1296000,
      infinite_token_lifetime: false,
      infinite_idle_token_lifetime: false,
    },
  });
  const connections = (await send(url, 'GET', '/api/v2/connections?strategy=auth0', token, undefined)) as unknown as {
    id: string;
  }[];
  await send(url, 'PATCH', `/api/v2/connections/${connections[0]?.id}/clients`, token, [
    { client_id: app.client_id, status: true },
  ]);
  await send(url, 'PUT', '/api/v2/guardian/factors/otp', token, { enabled: true });
  // Asked for of whoever is enrolled, so that the plain user of the session row is left alone.
  await send(url, 'PUT', '/api/v2/guardian/policies', token, ['confidence-score']);
  const users = await createUsers(url, token, userCount);
  return {
    managementToken: token,
    app: { id: app.client_id ?? '', secret: app.client_secret ?? '' },
    users,
    password: PASSWORD,
    callback: CALLBACK,
  };
}
