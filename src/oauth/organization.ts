import { type Context, type OrganizationClaim, oauthError, type WireError } from '../kernel/index.ts';
import type { StoredClient } from '../resources/clients/index.ts';
import { findOrganization, findOrganizationByName, type Organization } from '../resources/organizations/index.ts';
import { tenantSettings } from '../resources/tenant-settings/index.ts';
import type { User } from '../resources/users/index.ts';

const ID = /^org_[A-Za-z0-9]{16}$/;

/** Do organizations go by their names too, in requests and in tokens? */
async function haveNames(ctx: Context): Promise<boolean> {
  return (await tenantSettings(ctx)).allow_organization_name_in_authentication_api === true;
}

/** The organization with this id or, where the tenant allows it, of this name. */
export async function findNamedOrganization(ctx: Context, sent: string): Promise<Organization | undefined> {
  if (ID.test(sent)) return findOrganization(ctx, sent);
  return (await haveNames(ctx)) ? findOrganizationByName(ctx, sent.toLowerCase()) : undefined;
}

/**
 * The organization that the parameter `organization` names, by its id or, where the tenant allows it, by its name; undefined when there
 * is none.
 *
 * @throws WireError invalid_request, with `status`, when it is no id and names are not allowed
 */
export async function namedOrganization(ctx: Context, sent: string, status: number): Promise<Organization | undefined> {
  if (ID.test(sent) || (await haveNames(ctx))) return findNamedOrganization(ctx, sent);
  const text = 'authorization request parameter organization must be an organization id';
  throw oauthError(status, 'invalid_request', text);
}

/** The application's users must log in to an organization, and this request names none. */
export function organizationRequired(status: number): WireError {
  return oauthError(status, 'invalid_request', 'parameter organization is required for this client');
}

/** The application's users log in to none, or not with this grant. */
export function organizationNotAllowed(status: number): WireError {
  return oauthError(status, 'invalid_request', 'parameter organization is not allowed for this client');
}

/** There is no such organization. */
export function organizationInvalid(status: number): WireError {
  return oauthError(status, 'invalid_request', 'parameter organization is invalid');
}

/** The user does not belong to the organization. */
export function notPartOf({ user_id }: Pick<User, 'user_id'>, organizationId: string): WireError {
  return oauthError(403, 'access_denied', `user ${user_id} is not part of the ${organizationId} organization`);
}

/** The organization keeps its members from this application. */
export function clientNotAdmitted(organizationId: string): WireError {
  return oauthError(403, 'access_denied', `client is not authorized to access the ${organizationId} organization`);
}

/**
 * The organization that a user is to enter, where the request names one and the client may use organizations.
 *
 * @throws WireError invalid_request, with `status`, when the client must not use one, or must and `sent` is undefined, or there is no such
 */
export async function requestedOrganization(
  ctx: Context,
  client: Pick<StoredClient, 'organization_usage'>,
  sent: string | undefined,
  status: number,
): Promise<Organization | undefined> {
  const usage = client.organization_usage ?? 'deny';
  if (sent === undefined) {
    if (usage === 'require') throw organizationRequired(status);
    return undefined;
  }
  if (usage === 'deny') throw organizationNotAllowed(status);
  const organization = await namedOrganization(ctx, sent, status);
  if (!organization) throw organizationInvalid(status);
  return organization;
}

/** What tokens say of an organization. */
export async function claimOf(ctx: Context, { id, name }: Organization): Promise<OrganizationClaim> {
  return (await haveNames(ctx)) ? { id, name } : { id };
}
