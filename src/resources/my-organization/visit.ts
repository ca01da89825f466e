import { type Context, type Principal, problem } from '../../kernel/index.ts';
import { type Client, clientsOf, type StoredClient } from '../clients/index.ts';
import { findOrganization, isMember, type Organization } from '../organizations/index.ts';
import { findUser } from '../users/index.ts';

export type Configuration = NonNullable<Client['my_organization_configuration']>;

/** Who calls the API, for which organization, and what the application lets them set up. */
export interface Visit {
  readonly organization: Organization;
  readonly client: StoredClient;
  readonly configuration: Configuration;
  readonly principal: Principal;
}

/** Auth0: the application lacks something that only the tenant's administrator can give it. */
export const misconfigured = () =>
  problem('configuration', 'Invalid or missing configuration, please contact tenant admin.');

/**
 * What a call is about. Problems: 404 where the organization is gone, 403 where the user is no longer its member or was blocked, 409 where
 * the application has no `my_organization_configuration`.
 */
export async function requireVisit(ctx: Context, principal: Principal): Promise<Visit> {
  const organization = await findOrganization(ctx, principal.organizationId ?? '');
  if (!organization) throw problem('not_found', 'The organization does not exist.');
  if (!(await mayAct(ctx, organization, principal)))
    throw problem('forbidden', 'The user may not act for the organization.');
  const client = await clientsOf(ctx).get(principal.clientId);
  if (!client?.my_organization_configuration) throw misconfigured();
  return { organization, client, configuration: client.my_organization_configuration, principal };
}

/** A token says who belonged to the organization when it was made; clients that act for themselves belong to none. */
async function mayAct(ctx: Context, { id }: Organization, { subject, clientId }: Principal): Promise<boolean> {
  // Not by the ending: what a user is called here ends as their identity provider wants it to.
  if (subject === `${clientId}@clients`) return true;
  if (!(await isMember(ctx, id, subject))) return false;
  return (await findUser(ctx, subject))?.blocked !== true;
}
