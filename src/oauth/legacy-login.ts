import type { Context, WireError } from '../kernel/index.ts';
import type { StoredClient } from '../resources/clients/index.ts';
import { tenantSettings } from '../resources/tenant-settings/index.ts';
import { resolveAudience } from './audience.ts';
import { complianceOf } from './compliance.ts';
import { type LegacyTerms, type Target, userinfoAudience } from './target.ts';

/**
 * May logins of this client be those of before OpenID Connect? Not of other people's applications, whose users would be asked for
 * nothing (docs/decisions/0039), nor of those that know organizations or keep a compliance level: both came with the standard.
 */
export function isLegacyClient(client: StoredClient): boolean {
  const { oidc_conformant, is_first_party, organization_usage = 'deny' } = client;
  return !oidc_conformant && is_first_party !== false && organization_usage === 'deny' && !complianceOf(client);
}

/** Auth0: a login is as older applications know it where the client is not conformant and nothing names an API, not even `/userinfo`. */
export async function isLegacyLogin(
  ctx: Context,
  client: StoredClient,
  audience: string | undefined,
): Promise<boolean> {
  return !audience && isLegacyClient(client) && !(await tenantSettings(ctx)).default_audience;
}

/** As `resolveAudience`, for logins in a browser and what their codes are exchanged for: those of older applications are marked. */
export async function resolveLogin(
  ctx: Context,
  client: StoredClient,
  audience: string | undefined,
  unknown?: (audience: string) => WireError,
): Promise<Target> {
  const target = await resolveAudience(ctx, client, audience, unknown);
  if (!(await isLegacyLogin(ctx, client, audience))) return target;
  return { ...target, legacy: await legacyTerms(ctx, client) };
}

/** What tokens of the older endpoints are for. Says nothing of whether the client may come there. */
export async function legacyTarget(ctx: Context, client: StoredClient): Promise<Target> {
  return { ...(await resolveAudience(ctx, client, userinfoAudience(ctx))), legacy: await legacyTerms(ctx, client) };
}

async function legacyTerms(ctx: Context, client: StoredClient): Promise<LegacyTerms> {
  const { flags } = await tenantSettings(ctx);
  return { wholeProfile: flags.enable_legacy_profile === true && isLegacyClient(client) };
}

/** The token came of such a login, and neither the tenant nor the client has left those behind since. */
export async function mayHaveWholeProfile(ctx: Context, client: StoredClient, legacy: unknown): Promise<boolean> {
  return legacy === true && (await legacyTerms(ctx, client)).wholeProfile;
}
