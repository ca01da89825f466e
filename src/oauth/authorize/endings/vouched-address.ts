import { type Context, oauthError } from '../../../kernel/index.ts';
import { type Connection, findConnectionByName } from '../../../resources/connections/index.ts';
import { discoveryDomainsOf, organizationsOfConnection } from '../../../resources/organizations/index.ts';
import type { User } from '../../../resources/users/index.ts';

/**
 * Other protocols than OAuth do not say to which organization somebody has logged in. What a provider that an organization set up, or
 * Okta for one, says of people counts there only where the organization has proved that the domain of their address is its own: it could name anybody, and have
 * anybody come whose account it is linked to.
 *
 * @param came the connection that the user came by; undefined where any of theirs may do
 * @throws WireError 403 access_denied
 */
export async function requireVouchedAddress(ctx: Context, user: User, came: string | undefined): Promise<void> {
  const primary = user.identities[0]?.connection;
  const isOwn = (await isVouched(ctx, user, primary)) && (came === primary || (await isVouched(ctx, user, came)));
  if (isOwn) return;
  const text = 'The address of the user is not of a verified domain of the organization that vouches for them';
  throw oauthError(403, 'access_denied', text);
}

/** Is whoever stands behind `connection` the one to say who has the address of the user? */
async function isVouched(ctx: Context, { identities, email }: User, name: string | undefined): Promise<boolean> {
  const connection = name === undefined ? undefined : await findConnectionByName(ctx, name);
  const owners = connection && (await ownersOf(ctx, connection));
  if (!owners) return true;
  // Nobody is told of an address then: only of an account, which is its own unless it is linked to it.
  if (email === undefined) return identities[0]?.connection === name;
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  const proved = await discoveryDomainsOf(ctx).list({ where: { domain } });
  return proved.some(({ status, organization_id }) => status === 'verified' && owners.includes(organization_id));
}

/** The organizations that a provider was set up by, or for, by Okta; undefined where the tenant's administrators have done it. */
async function ownersOf(
  ctx: Context,
  { id, belongs_to, set_up_by }: Connection,
): Promise<readonly string[] | undefined> {
  if (belongs_to !== undefined) return [belongs_to];
  return set_up_by === undefined ? undefined : organizationsOfConnection(ctx, id);
}
