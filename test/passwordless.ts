/** Passwordless connections, and codes that were sent, for tests. */
import assert from 'node:assert/strict';
import type { Context } from '../src/kernel/index.ts';
import { type Connection, connectionsOf, createConnection } from '../src/resources/connections/index.ts';
import type { Answer, TestServer, TestTenant } from './server.ts';
import { addClient, type Credentials } from './token-fixture.ts';

export const PASSWORDLESS_OTP = 'http://auth0.com/oauth/grant-type/passwordless/otp';
export const PERSON = 'ada@example.test';
export const PHONE = '+15551234567';

/** A connection of `strategy`, called by it, that `clientIds` may use. */
export function addPasswordless(
  ctx: Context,
  strategy: 'email' | 'sms',
  clientIds: readonly string[],
  options: Record<string, unknown> = {},
): Promise<Connection> {
  return createConnection(ctx, { name: strategy, strategy, options, enabled_clients: clientIds });
}

/** Changes the options of a connection past the Management API. */
export async function changeOptions(ctx: Context, { id }: Connection, options: Record<string, unknown>): Promise<void> {
  await connectionsOf(ctx).update(id, (stored) => ({ ...stored, options: { ...stored.options, ...options } }));
}

/** A client that may exchange codes, and use what is needed beside. */
export function addPasswordlessClient(
  ctx: Context,
  body: Parameters<typeof addClient>[1] = {},
): ReturnType<typeof addClient> {
  const grant_types = ['authorization_code', 'implicit', 'refresh_token', PASSWORDLESS_OTP];
  const mfa = ['mfa-otp', 'mfa-oob'].map((name) => `http://auth0.com/oauth/grant-type/${name}`);
  return addClient(ctx, { grant_types: [...grant_types, ...mfa], ...body });
}

/** Asks for a code by mail, or what `json` says instead. */
export function start(tenant: TestTenant, client: Partial<Credentials>, json: Record<string, unknown> = {}) {
  return tenant.post('/passwordless/start', {
    json: { ...client, connection: 'email', email: PERSON, send: 'code', ...json },
  });
}

/** The code of the last message to `to`. */
export async function codeFor(server: TestServer, to = PERSON): Promise<string> {
  const [last] = await server.messages({ to });
  assert.ok(last, `a message to ${to}`);
  return last.code ?? '';
}

/** A code that is not `code`. */
export const otherThan = (code: string): string => code.replace(/.$/, (last) => String((Number(last) + 1) % 10));

/** Exchanges a code. */
export function redeem(
  tenant: TestTenant,
  client: Partial<Credentials>,
  otp: string,
  form: Record<string, string> = {},
): Promise<Answer> {
  return tenant.post('/oauth/token', {
    form: { grant_type: PASSWORDLESS_OTP, ...client, username: PERSON, otp, realm: 'email', scope: 'openid', ...form },
  });
}
