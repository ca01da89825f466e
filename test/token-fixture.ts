/** What tests of the token endpoint need in a tenant: an API, clients, a database with a user, codes, and a look into the log. */
import assert from 'node:assert/strict';
import type { Context } from '../src/kernel/index.ts';
import { type AuthorizationCode, authorizationCodesOf } from '../src/oauth/authorization-code.store.ts';
import { decodeJwt, hashToken, randomToken } from '../src/platform/crypto/index.ts';
import { clientGrantsOf } from '../src/resources/client-grants/index.ts';
import {
  type Client,
  clientsOf,
  createClient,
  revealClientSecret,
  type StoredClient,
} from '../src/resources/clients/index.ts';
import { type Connection, connectionsOf } from '../src/resources/connections/index.ts';
import { logsOf } from '../src/resources/logs/index.ts';
import { refreshTokensOf } from '../src/resources/refresh-tokens/index.ts';
import { createResourceServer, type ResourceServer } from '../src/resources/resource-servers/index.ts';
import { tenantSettingsCollection } from '../src/resources/tenant-settings/index.ts';
import { createDatabaseUser, type User } from '../src/resources/users/index.ts';
import type { Answer, TestTenant } from './server.ts';

export const API = 'https://api.test/';
export const PASSWORD = 'Correct-horse-1';
export const EMAIL = 'ada@example.test';
export const CALLBACK = 'https://app.test/callback';

const ALL_GRANTS = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'password',
  'http://auth0.com/oauth/grant-type/password-realm',
  'http://auth0.com/oauth/grant-type/mfa-otp',
];

// A type, not an interface: only then may it be spread into a form.
export type Credentials = {
  readonly client_id: string;
  readonly client_secret: string;
};

/**
 * A confidential first-party client that may use every grant. `body` is stored as it is, past the rules between properties: what the
 * endpoint does with a client must not depend on them.
 */
export async function addClient(ctx: Context, body: Partial<Client> = {}): Promise<Credentials> {
  const created = await createClient(ctx, {
    name: 'App',
    app_type: 'regular_web',
    oidc_conformant: true,
    token_endpoint_auth_method: 'client_secret_post',
    grant_types: ALL_GRANTS,
    callbacks: [CALLBACK],
  });
  await clientsOf(ctx).put({ ...created, ...body } as StoredClient);
  return { client_id: created.client_id, client_secret: revealClientSecret(ctx, created) };
}

export function addApi(
  ctx: Context,
  body: Partial<ResourceServer> & { signing_secret?: string } = {},
): Promise<ResourceServer> {
  return createResourceServer(ctx, {
    identifier: API,
    name: 'API',
    allow_offline_access: true,
    scopes: [{ value: 'read:things' }, { value: 'write:things' }],
    ...body,
  } as Parameters<typeof createResourceServer>[1]);
}

export async function addClientGrant(
  ctx: Context,
  clientId: string,
  scope: readonly string[],
  subjectType: 'client' | 'user' = 'client',
  audience = API,
): Promise<void> {
  const id = `cgr_${randomToken(ctx.random, 12)}`;
  await clientGrantsOf(ctx).insert({ id, client_id: clientId, audience, scope, subject_type: subjectType });
}

/** A database connection that `clientIds` may use, and is the tenant's default directory. */
export async function addDatabase(ctx: Context, name: string, clientIds: readonly string[]): Promise<Connection> {
  const connection: Connection = {
    id: `con_${randomToken(ctx.random, 12)}`,
    name,
    strategy: 'auth0',
    options: {},
    enabled_clients: clientIds,
    realms: [name, `${name}-realm`],
    is_domain_connection: false,
    created_at: new Date(ctx.clock.now()).toISOString(),
  };
  await connectionsOf(ctx).insert(connection);
  await changeSettings(ctx, { default_directory: name });
  return connection;
}

export async function changeSettings(ctx: Context, changes: Record<string, unknown>): Promise<void> {
  await ctx.store.collection(tenantSettingsCollection).update('settings', (settings) => ({ ...settings, ...changes }));
}

export function addUser(ctx: Context, connection: Connection, email = EMAIL): Promise<User> {
  return createDatabaseUser(ctx, { connection, email, password: PASSWORD, email_verified: true });
}

/** An authorization code as a finished login would leave it. Answers what the browser would carry. */
export async function addCode(
  ctx: Context,
  code: Partial<AuthorizationCode> & Pick<AuthorizationCode, 'client_id' | 'user_id'>,
): Promise<string> {
  const value = randomToken(ctx.random);
  const now = ctx.clock.now();
  const scope = code.scope ?? ['openid', 'profile', 'email', 'offline_access'];
  await authorizationCodesOf(ctx).insert({
    id: hashToken(value),
    redirect_uri: CALLBACK,
    redirect_uri_given: true,
    scope,
    requested_scope: scope,
    session_id: 'session-of-the-test',
    auth_time: Math.floor(now / 1000) - 5,
    auth_time_requested: false,
    methods: [{ name: 'pwd', timestamp: new Date(now).toISOString() }],
    created_at: now,
    expires_at: now + 60_000,
    ...code,
  });
  return value;
}

export function payloadOf(token: string): Record<string, unknown> {
  const decoded = decodeJwt(token);
  assert.ok(decoded, 'a JWT');
  return decoded.payload;
}

/** `{status, error, description}`: what a refusal comes down to. */
export function refusalOf(answer: Answer): readonly [number, string, string] {
  return [answer.status, answer.json.error, answer.json.error_description];
}

/** Types of the tenant's log rows, oldest first. */
export async function logTypes(tenant: TestTenant): Promise<string[]> {
  return (await logsOf(tenant.ctx).list()).map(({ type }) => type);
}

export function countRefreshTokens(ctx: Context): Promise<number> {
  return refreshTokensOf(ctx).count();
}
