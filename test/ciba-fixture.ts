/** OpenID CIBA as tests need it: an application that asks, polls, and people to be asked. */
import assert from 'node:assert/strict';
import type { Context } from '../src/kernel/index.ts';
import type { Client } from '../src/resources/clients/index.ts';
import { addApplication, type Credentials, useFactors } from './fixtures.ts';
import { type GuardianApp, guardianApp } from './mfa/guardian-app.ts';
import { mfaClient } from './mfa/mfa-client.ts';
import type { Answer, TestServer, TestTenant } from './server.ts';

export const CIBA_GRANT = 'urn:openid:params:grant-type:ciba';

export function addBackchannelClient(ctx: Context, body: Partial<Client> = {}): Promise<Credentials> {
  return addApplication(ctx, {
    name: 'Call centre',
    grant_types: [CIBA_GRANT, 'refresh_token'],
    async_approval_notification_channels: ['guardian-push', 'email'],
    ...body,
  });
}

export const hintOf = (tenant: TestTenant, sub: string): string =>
  JSON.stringify({ format: 'iss_sub', iss: tenant.issuer, sub });

/** Asks `user_id`; `changes` replace or (undefined) remove parameters. */
export function ask(
  tenant: TestTenant,
  client: Credentials,
  user_id: string,
  changes: Record<string, string | undefined> = {},
): Promise<Answer> {
  const { client_id, client_secret } = client;
  const wish = { scope: 'openid', binding_message: 'TEST-BINDING-MESSAGE', login_hint: hintOf(tenant, user_id) };
  return tenant.post('/bc-authorize', { form: { client_id, client_secret, ...wish, ...changes } });
}

/** `ask`, which must be granted: the `auth_req_id`. */
export async function asked(...wish: Parameters<typeof ask>): Promise<string> {
  const answer = await ask(...wish);
  assert.equal(answer.status, 200, answer.text);
  return answer.json.auth_req_id;
}

export const poll = (tenant: TestTenant, { client_id, client_secret }: Credentials, auth_req_id: string) =>
  tenant.post('/oauth/token', { form: { grant_type: CIBA_GRANT, client_id, client_secret, auth_req_id } });

/** A person with a Guardian app. */
export async function personWithApp(server: TestServer, email: string): Promise<{ app: GuardianApp; user_id: string }> {
  await useFactors(server.ctx, ['otp', 'push-notification'], ['all-applications']);
  const app = guardianApp(server);
  const { user_id } = await app.enroll(await mfaClient(server, { email }));
  await useFactors(server.ctx, ['otp', 'push-notification']);
  return { app, user_id };
}

/** The link of the newest mail to `to`. */
export async function linkTo(server: TestServer, to: string): Promise<URL> {
  const [mail] = await server.messages({ channel: 'email', to });
  return new URL(mail?.link ?? assert.fail(`no mail to ${to}`));
}
