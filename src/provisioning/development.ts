import { type Context, newClientSecret } from '../kernel/index.ts';
import { clientsOf, createClient, revealClientSecret, type StoredClient } from '../resources/clients/index.ts';
import { connectionsOf, findConnectionByName } from '../resources/connections/index.ts';
import { guardianCollection, guardianSettings } from '../resources/guardian/index.ts';
import { createDatabaseUser, usersOf } from '../resources/users/index.ts';
import { ensureManagementClient } from './management-client.ts';
import { DEFAULT_CONNECTION } from './tenant.ts';

const DEMO_USER = { email: 'demo@example.com', password: 'Countersign-demo-1' };
const DEMO_CALLBACK = 'http://localhost:4000/callback';
const MFA = 'http://auth0.com/oauth/grant-type';

async function enableFactors(ctx: Context): Promise<void> {
  const settings = await guardianSettings(ctx);
  const on = { sms: true, otp: true, email: true, 'push-notification': true, 'recovery-code': true };
  await ctx.store
    .collection(guardianCollection)
    .put({ ...settings, factors: { ...settings.factors, ...on }, phone_message_types: ['sms', 'voice'] });
}

async function createDemoApplication(ctx: Context): Promise<StoredClient> {
  const client = await createClient(ctx, {
    name: 'Demo application',
    app_type: 'regular_web',
    token_endpoint_auth_method: 'client_secret_post',
    oidc_conformant: true,
    callbacks: [DEMO_CALLBACK],
    allowed_logout_urls: ['http://localhost:4000/'],
    skip_non_verifiable_callback_uri_confirmation_prompt: true,
    grant_types: [
      'authorization_code',
      'refresh_token',
      'client_credentials',
      'password',
      `${MFA}/password-realm`,
      `${MFA}/mfa-otp`,
      `${MFA}/mfa-oob`,
      `${MFA}/mfa-recovery-code`,
    ],
  });
  const connection = await findConnectionByName(ctx, DEFAULT_CONNECTION);
  if (connection)
    await connectionsOf(ctx).put({ ...connection, enabled_clients: [...connection.enabled_clients, client.client_id] });
  return client;
}

/** An application, a user and a management client to play with, made once. Answers what to print: names and values, a line each. */
export async function seedDevelopment(ctx: Context, url: string): Promise<string[]> {
  const all = await clientsOf(ctx).list();
  let demo = all.find((client) => client.name === 'Demo application');
  let management = all.find((client) => client.name === 'Management');
  if (!demo) {
    await enableFactors(ctx);
    demo = await createDemoApplication(ctx);
    const connection = await findConnectionByName(ctx, DEFAULT_CONNECTION);
    if (connection && (await usersOf(ctx).count({ email: DEMO_USER.email })) === 0)
      await createDatabaseUser(ctx, { connection, ...DEMO_USER, email_verified: true });
  }
  if (!management) {
    const { client_id } = await createClient(ctx, {
      name: 'Management',
      app_type: 'non_interactive',
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['client_credentials'],
    });
    await ensureManagementClient(ctx, client_id, newClientSecret(ctx.random));
    management = await clientsOf(ctx).get(client_id);
  }
  const line = (label: string, value: string) => `  ${label.padEnd(22)}${value}`;
  return [
    line('Issuer', `${url}/`),
    line('Messages and clock', `${url}/_dev`),
    line('Demo application', `${demo.client_id}  ${revealClientSecret(ctx, demo)}`),
    line('  callback', DEMO_CALLBACK),
    line('Demo user', `${DEMO_USER.email}  ${DEMO_USER.password}`),
    ...(management
      ? [line('Management client', `${management.client_id}  ${revealClientSecret(ctx, management)}`)]
      : []),
  ];
}
