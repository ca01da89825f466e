import { type Context, oauthError } from '../../../kernel/index.ts';
import { type ClientGrant, findClientGrant } from '../../../resources/client-grants/index.ts';
import { organizationGrantKey, organizationGrantsOf, type StoredClient } from '../../../resources/clients/index.ts';
import type { Organization } from '../../../resources/organizations/index.ts';
import {
  namedOrganization,
  organizationInvalid,
  organizationNotAllowed,
  organizationRequired,
} from '../../organization.ts';

const STATUS = 403;

/**
 * The organization that a client acts for at an API: the one asked for or, where its grant demands one, its default. Undefined where it
 * acts for none. Whether the client has a grant at all is not looked at here.
 *
 * @throws WireError 403 invalid_request when the grant forbids, lacks or does not know it; 403 access_denied when it is not the client's
 */
export async function clientOrganization(
  ctx: Context,
  client: StoredClient,
  audience: string,
  sent: string | undefined,
): Promise<Organization | undefined> {
  const grant = await findClientGrant(ctx, client.client_id, audience, 'client');
  if (!grant) return undefined;
  const usage = grant.organization_usage ?? 'deny';
  const wanted = sent ?? (usage === 'require' ? defaultOf(client) : undefined);
  if (wanted === undefined) {
    if (usage === 'require') throw organizationRequired(STATUS);
    return undefined;
  }
  if (usage === 'deny') throw organizationNotAllowed(STATUS);
  return requireAssociated(ctx, client, grant, wanted);
}

function defaultOf({ default_organization: preset }: StoredClient): string | undefined {
  return preset?.flows.includes('client_credentials') ? preset.organization_id : undefined;
}

/** Auth0: third-party clients reach only the organizations that their grant was added to, whatever it says. */
const reachesAny = (client: StoredClient, grant: ClientGrant) =>
  grant.allow_any_organization === true && client.is_first_party !== false;

async function requireAssociated(
  ctx: Context,
  client: StoredClient,
  grant: ClientGrant,
  wanted: string,
): Promise<Organization> {
  const organization = await namedOrganization(ctx, wanted, STATUS);
  if (reachesAny(client, grant)) {
    if (!organization) throw organizationInvalid(STATUS);
    return organization;
  }
  // The same words whether or not there is such an organization: clients must not learn whose customers there are.
  const isAssociated =
    organization && (await organizationGrantsOf(ctx).get(organizationGrantKey(organization.id, grant.id)));
  if (organization && isAssociated) return organization;
  throw oauthError(
    403,
    'access_denied',
    `Client is not authorized to access resource server "${grant.audience}" using organization "${wanted}".`,
  );
}
