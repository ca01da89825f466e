import { type Context, oauthError, type WireError } from '../kernel/index.ts';
import { isMfaApi, mfaAudience } from '../mfa/index.ts';
import { isGrantAllowed, isStrictThirdParty, type StoredClient } from '../resources/clients/index.ts';
import { findResourceServer, managementAudience, type ResourceServer } from '../resources/resource-servers/index.ts';
import { tenantSettings } from '../resources/tenant-settings/index.ts';
import { notAuthorizedFor, type Target, userinfoAudience } from './target.ts';
import { MFA_GRANTS } from './vocabulary.ts';

const DAY = 86_400;
const FRONT_CHANNEL_LIFETIME = 7200;
const MFA_LIFETIME = 600;

/** The token endpoint's answer to an audience that names no API. */
function serviceNotEnabled(audience: string): WireError {
  return oauthError(403, 'access_denied', `Service not enabled within domain: ${audience}`);
}

/** `/authorize`'s answer to an audience that names no API. */
export function serviceNotFound(audience: string): WireError {
  return oauthError(403, 'access_denied', `Service not found: ${audience}`);
}

/**
 * What a token asked for with `audience` is for: an API of the tenant, one of the system's own, or, without an audience and without
 * a default one, `/userinfo` alone. Says nothing yet about what the client may do there: that is `grantScopes`.
 *
 * @param unknown makes the error for an audience that names no API: `serviceNotEnabled` (token endpoint) or `serviceNotFound`
 * @throws WireError what `unknown` makes; 403 access_denied when the client may not use the MFA API
 */
export async function resolveAudience(
  ctx: Context,
  client: StoredClient,
  audience: string | undefined,
  unknown: (audience: string) => WireError = serviceNotEnabled,
): Promise<Target> {
  return targetOfStrict(client, await findTarget(ctx, client, audience, unknown));
}

const STRICT_LIFETIME = 3600;

/** Auth0: a strict third-party client gets no ID token; its lifetime is that of access tokens, as far as the API's own allows. */
function targetOfStrict(client: StoredClient, target: Target): Target {
  if (!isStrictThirdParty(client)) return target;
  const longest = client.jwt_configuration?.lifetime_in_seconds ?? STRICT_LIFETIME;
  return { ...target, lifetimeFor: (flow) => Math.min(target.lifetimeFor(flow), longest) };
}

async function findTarget(
  ctx: Context,
  client: StoredClient,
  audience: string | undefined,
  unknown: (audience: string) => WireError,
): Promise<Target> {
  const wanted = canonicalAudience(ctx, audience || (await tenantSettings(ctx)).default_audience);
  if (!wanted || isUserinfo(ctx, wanted)) return userinfoTarget(ctx);
  if (isMfaApi(ctx, wanted)) return mfaTarget(ctx, client, wanted);
  const resourceServer = await findResourceServer(ctx, wanted);
  if (!resourceServer) throw unknown(wanted);
  return wanted === managementAudience(ctx) ? managementTarget(resourceServer) : apiTarget(resourceServer);
}

/** SDKs name the Management API by the domain that they talk to; it has one identifier, whichever domain that is. */
function canonicalAudience(ctx: Context, audience: string | undefined): string | undefined {
  return audience === `${ctx.issuer}api/v2/` ? managementAudience(ctx) : audience;
}

function isUserinfo(ctx: Context, audience: string): boolean {
  return audience === userinfoAudience(ctx) || audience === `${ctx.issuer}userinfo`;
}

function userinfoTarget(ctx: Context): Target {
  return {
    kind: 'userinfo',
    identifier: userinfoAudience(ctx),
    lifetimeFor: (flow) => (flow === 'implicit' ? FRONT_CHANNEL_LIFETIME : DAY),
  };
}

function mfaTarget(ctx: Context, client: StoredClient, audience: string): Target {
  if (!MFA_GRANTS.some((grant) => isGrantAllowed(client, grant))) throw notAuthorizedFor(client, audience);
  return { kind: 'mfa', identifier: mfaAudience(ctx), lifetimeFor: () => MFA_LIFETIME };
}

function apiTarget(resourceServer: ResourceServer): Target {
  return {
    kind: 'api',
    identifier: resourceServer.identifier,
    resourceServer,
    lifetimeFor: (flow) =>
      flow === 'implicit' ? resourceServer.token_lifetime_for_web : resourceServer.token_lifetime,
  };
}

function managementTarget(resourceServer: ResourceServer): Target {
  return {
    kind: 'management',
    identifier: resourceServer.identifier,
    resourceServer,
    lifetimeFor: (flow) =>
      flow === 'client_credentials' ? resourceServer.token_lifetime : resourceServer.token_lifetime_for_web,
  };
}
