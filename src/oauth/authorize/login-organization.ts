import { type Context, type OrganizationClaim, oauthError } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import {
  acceptInvitation,
  addMember,
  admitsClient,
  entryOf,
  findOrganization,
  type Invitation,
  invitationsOf,
  isMember,
  listEnterable,
  type Organization,
  rolesOfInvitation,
  type Visitor,
} from '../../resources/organizations/index.ts';
import type { User } from '../../resources/users/index.ts';
import type { Facts, LoginDraft, Refusal } from '../../transactions/index.ts';
import {
  claimOf,
  clientNotAdmitted,
  notPartOf,
  organizationInvalid,
  organizationNotAllowed,
  organizationRequired,
} from '../organization.ts';
import { refusalOf } from './respond.ts';

/** Where a login stands with the organization that it is for. */
export interface LoginOrganization {
  readonly ask: Facts['organization'];
  /** The organization, once it is settled; undefined where the login is for none. */
  readonly organization?: Organization;
  /** How the user comes in: as a member, or by becoming one when the login ends. */
  readonly entry?: 'member' | 'assign' | Invitation;
  readonly refusal?: Refusal;
  /** IDs of those that the user may choose from. */
  readonly offered?: readonly string[];
}

type Stored = Pick<LoginDraft, 'request' | 'organization' | 'connection'>;

const SETTLED = { ask: 'settled' } as const;
const refused = (refusal: Refusal): LoginOrganization => ({ ...SETTLED, refusal });

/**
 * Looks at the organization that a login is for: the one asked for, the one that the user chose, or the one that is still to be asked
 * about. Without a user only what is true for all of them.
 */
export async function assessOrganization(
  ctx: Context,
  client: StoredClient,
  stored: Stored,
  user: User | undefined,
): Promise<LoginOrganization> {
  const usage = client.organization_usage ?? 'deny';
  const wanted = stored.request.organization;
  if (wanted === undefined) return usage === 'require' ? demandOrganization(ctx, client, stored, user) : SETTLED;
  if (usage === 'deny') return refused(refusalOf(organizationNotAllowed(400)));
  const organization = await findOrganization(ctx, wanted);
  if (!organization) return refused(refusalOf(organizationInvalid(400)));
  if (!(await admitsClient(ctx, organization, client))) return refused(refusalOf(clientNotAdmitted(wanted)));
  if (!user) return { ...SETTLED, organization };
  if (stored.request.invitation !== undefined) return byInvitation(ctx, stored.request.invitation, organization, user);
  return enter(ctx, organization, visitorOf(client, stored, user));
}

const visitorOf = ({ client_id: clientId }: StoredClient, { connection }: Stored, user: User): Visitor => ({
  user,
  clientId,
  connection,
});

/** The application wants an organization and named none: its settings say who is asked, and when. */
async function demandOrganization(
  ctx: Context,
  client: StoredClient,
  stored: Stored,
  user: User | undefined,
): Promise<LoginOrganization> {
  const behavior = client.organization_require_behavior ?? 'no_prompt';
  if (behavior === 'pre_login_prompt') return { ask: 'ask_before' };
  if (behavior === 'no_prompt') return refused(refusalOf(organizationRequired(400)));
  if (!user) return SETTLED;
  const open = await listEnterable(ctx, visitorOf(client, stored, user));
  const chosen = open.length === 1 ? open[0] : open.find(({ id }) => id === stored.organization);
  if (chosen) return { ...SETTLED, organization: chosen, entry: 'member' };
  return open.length > 0 ? { ask: 'ask_after', offered: open.map(({ id }) => id) } : refused(NOWHERE_A_MEMBER);
}

const NOWHERE_A_MEMBER: Refusal = {
  error: 'access_denied',
  error_description: 'client requires organization membership, but user does not belong to any organization',
};

async function enter(ctx: Context, organization: Organization, visitor: Visitor): Promise<LoginOrganization> {
  const entry = await entryOf(ctx, organization.id, visitor);
  if (entry === 'member' || entry === 'assign') return { ...SETTLED, organization, entry };
  if (entry === 'no_member') return refused(refusalOf(notPartOf(visitor.user, organization.id)));
  return refused({ error: 'access_denied', error_description: 'the connection is not enabled for the organization' });
}

const INVITATION_GONE: Refusal = {
  error: 'invalid_request',
  error_description: 'invitation not found or already used',
};

/** An invitation is for whoever has the address that it was sent to, and lets them in whatever else the organization says. */
async function byInvitation(
  ctx: Context,
  id: string,
  organization: Organization,
  user: User,
): Promise<LoginOrganization> {
  const invitation = await invitationsOf(ctx).get(id);
  const isTheirs = invitation?.invitee.email.toLowerCase() === user.email?.toLowerCase();
  if (!invitation || !isTheirs || invitation.ends_at <= ctx.clock.now()) return refused(INVITATION_GONE);
  return { ...SETTLED, organization, entry: invitation };
}

/** What the rights of the user depend on: the organization, and the roles that they come in with. */
export async function standingOf(
  ctx: Context,
  { organization, entry }: LoginOrganization,
): Promise<{ organization?: Organization; coming_roles?: readonly string[] }> {
  if (!organization) return {};
  if (typeof entry !== 'object') return { organization };
  return { organization, coming_roles: await rolesOfInvitation(ctx, entry) };
}

/** What the tokens of a login say of its organization. */
export async function organizationClaimOf(
  ctx: Context,
  { organization }: LoginOrganization,
): Promise<{ organization?: OrganizationClaim }> {
  return organization ? { organization: await claimOf(ctx, organization) } : {};
}

/**
 * Lets the user in, as part of the transaction that ends the login: whoever was to become a member is one now, and whoever was one
 * still is. WireError 403 access_denied, or 400 invalid_request, when that changed meanwhile.
 */
export async function enterOrganization(
  ctx: Context,
  { organization, entry }: LoginOrganization,
  user: User,
): Promise<void> {
  if (!organization) return;
  if (typeof entry === 'object') {
    if (await acceptInvitation(ctx, entry, user)) return;
    throw oauthError(400, INVITATION_GONE.error, INVITATION_GONE.error_description);
  }
  if (entry === 'assign') await addMember(ctx, organization.id, user.user_id);
  else if (!(await isMember(ctx, organization.id, user.user_id))) throw notPartOf(user, organization.id);
}

/** Who uses the session when the login ends: what its logout may lead to depends on it. */
export function sessionUse(login: { readonly client: StoredClient; readonly organization: LoginOrganization }) {
  return { clientId: login.client.client_id, organizationId: login.organization.organization?.id };
}
