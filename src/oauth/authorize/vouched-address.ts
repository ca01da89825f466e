import { type Context, oauthError } from '../../kernel/index.ts';
import { findConnectionByName } from '../../resources/connections/index.ts';
import { discoveryDomainsOf } from '../../resources/organizations/index.ts';
import type { User } from '../../resources/users/index.ts';

/**
 * Other protocols than OAuth do not say to which organization somebody has logged in. What a provider that an organization set up says of
 * addresses counts there only where the organization has proved that their domain is its own: it could name anybody's.
 *
 * @throws WireError 403 access_denied
 */
export async function requireVouchedAddress(ctx: Context, { identities, email }: User): Promise<void> {
  const [primary] = identities;
  const connection = primary && (await findConnectionByName(ctx, primary.connection));
  const organization_id = connection?.belongs_to;
  if (organization_id === undefined || email === undefined) return;
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  const own = await discoveryDomainsOf(ctx).list({ where: { organization_id, domain } });
  if (own.some(({ status }) => status === 'verified')) return;
  const text = 'The address of the user is not of a verified domain of the organization that vouches for them';
  throw oauthError(403, 'access_denied', text);
}
