/** What tests arrange in a tenant before they knock at its front door: applications, people, second factors, a management client. */
import { type Context, newClientId, newClientSecret } from '../src/kernel/index.ts';
import { ensureManagementClient } from '../src/provisioning/index.ts';
import { type Client, createClient, revealClientSecret } from '../src/resources/clients/index.ts';
import { connectionsOf, findConnectionByName } from '../src/resources/connections/index.ts';
import { type FactorName, guardianCollection, type MfaPolicy } from '../src/resources/guardian/index.ts';
import { createDatabaseUser, type User } from '../src/resources/users/index.ts';

export const CONNECTION = 'Username-Password-Authentication';
export const PASSWORD = 'Correct-horse-1';

const MFA = 'http://auth0.com/oauth/grant-type';
export const MFA_OTP = `${MFA}/mfa-otp`;
export const MFA_OOB = `${MFA}/mfa-oob`;
export const MFA_RECOVERY_CODE = `${MFA}/mfa-recovery-code`;
export const PASSWORD_REALM = `${MFA}/password-realm`;
export const ALL_GRANTS = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'password',
  PASSWORD_REALM,
  MFA_OTP,
  MFA_OOB,
  MFA_RECOVERY_CODE,
];

export interface Credentials {
  readonly client_id: string;
  readonly client_secret: string;
}

/** A confidential first-party application on the tenant's database, with every grant unless `body` says otherwise. */
export async function addApplication(ctx: Context, body: Partial<Client> = {}): Promise<Credentials> {
  const stored = await createClient(ctx, {
    name: 'Application',
    app_type: 'regular_web',
    oidc_conformant: true,
    token_endpoint_auth_method: 'client_secret_post',
    skip_non_verifiable_callback_uri_confirmation_prompt: true,
    grant_types: ALL_GRANTS,
    callbacks: ['https://app.test/callback'],
    ...body,
  });
  await enableConnection(ctx, stored.client_id);
  return { client_id: stored.client_id, client_secret: revealClientSecret(ctx, stored) };
}

/** A public application: no secret, and none of the grants that want one. */
export function addPublicApplication(ctx: Context, body: Partial<Client> = {}): Promise<Credentials> {
  return addApplication(ctx, {
    app_type: 'spa',
    token_endpoint_auth_method: 'none',
    grant_types: ALL_GRANTS.filter((grant) => grant !== 'client_credentials'),
    ...body,
  });
}

async function enableConnection(ctx: Context, clientId: string): Promise<void> {
  const connection = await findConnectionByName(ctx, CONNECTION);
  if (!connection) throw new Error(`the tenant has no connection ${CONNECTION}`);
  const enabled_clients = [...new Set([...(connection.enabled_clients ?? []), clientId])];
  await connectionsOf(ctx).put({ ...connection, enabled_clients });
}

/** A person in the tenant's database. */
export async function addPerson(ctx: Context, email = 'ada@example.test', password = PASSWORD): Promise<User> {
  const connection = await findConnectionByName(ctx, CONNECTION);
  if (!connection) throw new Error(`the tenant has no connection ${CONNECTION}`);
  return createDatabaseUser(ctx, { connection, email, password, email_verified: true });
}

/** A machine-to-machine application that may do everything on the Management API. */
export async function addManagementClient(ctx: Context): Promise<Credentials> {
  const credentials = { client_id: newClientId(ctx.random), client_secret: newClientSecret(ctx.random) };
  await ensureManagementClient(ctx, credentials.client_id, credentials.client_secret);
  return credentials;
}

/** Turns second factors on, all others off; `policies` says who is asked for one. */
export async function useFactors(
  ctx: Context,
  names: readonly FactorName[],
  policies: readonly MfaPolicy[] = [],
): Promise<void> {
  await ctx.store.collection(guardianCollection).update('guardian', (settings) => ({
    ...settings,
    factors: Object.fromEntries(
      Object.keys(settings.factors).map((name) => [name, names.includes(name as FactorName)]),
    ) as Record<FactorName, boolean>,
    phone_message_types: ['sms', 'voice'],
    policies,
  }));
}
