import { alphanumeric, type Context, isoTime, managementError, prefixedId } from '../../../kernel/index.ts';
import { hashToken } from '../../../platform/crypto/index.ts';
import { requireClient, type StoredClient } from '../../clients/index.ts';
import { enqueueMessage } from '../../outgoing-messages/index.ts';
import { assignRoles, requireRoles, rolesStillThere } from '../../roles/index.ts';
import { invitationEmail } from '../../tickets/index.ts';
import { lockUser, type User, usersOf } from '../../users/index.ts';
import { organizationConnectionKey, organizationConnectionsOf } from '../connections/organization-connection.store.ts';
import { missingConnection } from '../connections/organization-connections.ts';
import { type LoginOrigin, loginRoute } from '../login-route.ts';
import { addMember } from '../members/member.store.ts';
import { findOrganization, type Organization } from '../organization.store.ts';
import { type Invitation, invitationsOf } from './invitation.store.ts';

/** A week. */
const DEFAULT_TTL_SECONDS = 604_800;
const DAY_SECONDS = 86_400;

/** What a caller sends to invite somebody. */
export interface InvitationBody {
  readonly inviter: { readonly name: string };
  readonly invitee: { readonly email: string };
  readonly client_id: string;
  readonly connection_id?: string;
  readonly app_metadata?: Readonly<Record<string, unknown>>;
  readonly user_metadata?: Readonly<Record<string, unknown>>;
  readonly ttl_sec?: number;
  readonly roles?: readonly string[];
  readonly send_invitation_email?: boolean;
}

/**
 * Invites somebody to an organization, by mail unless the caller wants to do that. WireErrors: 404 when client, connection or a role do
 * not exist or are not the organization's, 400 when neither the client nor the tenant has an address that logins begin at.
 */
export async function createInvitation(
  ctx: Context,
  organization: Organization,
  body: InvitationBody,
): Promise<Invitation> {
  const { ttl_sec, send_invitation_email = true, ...given } = body;
  await requireRoles(ctx, given.roles ?? [], organization.id);
  const client = await requireClient(ctx, given.client_id);
  await requireLoginRoute(ctx, { client_id: client.client_id, organization: organization.id });
  await requireOrganizationConnection(ctx, organization, given.connection_id);
  const id = prefixedId(ctx.random, 'uinv_');
  const ticket = alphanumeric(ctx.random, 32);
  const lifetime = ttl_sec || DEFAULT_TTL_SECONDS;
  const ends_at = ctx.clock.now() + lifetime * 1000;
  const invitation: Invitation = {
    id,
    organization_id: organization.id,
    ...given,
    ticket_hash: hashToken(ticket),
    ticket_sealed: ctx.sealer.seal(ticket, contextOf(ctx, id)),
    created_at: isoTime(ctx.clock),
    expires_at: isoTime(ends_at),
    ends_at,
  };
  return ctx.store.transaction(async () => {
    await invitationsOf(ctx).insert(invitation);
    if (send_invitation_email) await mailInvitation(ctx, { organization, client, invitation, lifetime });
    return invitation;
  });
}

const contextOf = (ctx: Context, id: string) => `${ctx.tenant.id}:organization_invitations:${id}:ticket`;

async function requireLoginRoute(ctx: Context, origin: LoginOrigin): Promise<void> {
  if (await loginRoute(ctx, origin)) return;
  const text =
    'A default login route is required to generate the invitation url. For more information, see https://auth0.com/docs/universal-login/configure-default-login-routes';
  throw managementError(400, text);
}

async function requireOrganizationConnection(
  ctx: Context,
  { id }: Organization,
  connectionId: string | undefined,
): Promise<void> {
  if (connectionId === undefined) return;
  const row = await organizationConnectionsOf(ctx).get(organizationConnectionKey(id, connectionId));
  if (!row?.is_enabled) throw missingConnection();
}

interface Mailing {
  readonly organization: Organization;
  readonly client: StoredClient;
  readonly invitation: Invitation;
  /** Seconds. */
  readonly lifetime: number;
}

async function mailInvitation(ctx: Context, { organization, client, invitation, lifetime }: Mailing): Promise<void> {
  const link = await invitationUrl(ctx, invitation);
  const { email: to } = invitation.invitee;
  const names = {
    inviter: invitation.inviter.name,
    organization: organization.display_name ?? organization.name,
    service: client.name,
  };
  const details = { email_type: 'user_invitation', notification_type: 'user_invitation', to };
  const about = { client_id: client.client_id, client_name: client.name };
  await enqueueMessage(ctx, invitationEmail(to, link, names, Math.ceil(lifetime / DAY_SECONDS)), {
    failure: { ...about, type: 'fn', description: `To: ${to}`, details },
    expires_at: invitation.ends_at,
  });
}

/** The ticket of an invitation, in clear. */
export function ticketOf(ctx: Context, { id, ticket_sealed }: Invitation): string {
  return ctx.sealer.open(ticket_sealed, contextOf(ctx, id));
}

/** The link of an invitation: to the application, which begins a login with what it finds in it. */
export async function invitationUrl(ctx: Context, invitation: Invitation): Promise<string> {
  const organization = await findOrganization(ctx, invitation.organization_id);
  const name = organization?.name ?? '';
  const { client_id, organization_id } = invitation;
  const url = new URL((await loginRoute(ctx, { client_id, organization: organization_id })) ?? ctx.issuer);
  url.searchParams.set('invitation', ticketOf(ctx, invitation));
  url.searchParams.set('organization', invitation.organization_id);
  url.searchParams.set('organization_name', name);
  return url.href;
}

/** The invitation behind `ticket`, if it can be accepted now. */
export async function findInvitation(ctx: Context, ticket: string): Promise<Invitation | undefined> {
  const found = await invitationsOf(ctx).find({ ticket_hash: hashToken(ticket) });
  return found && found.ends_at > ctx.clock.now() ? found : undefined;
}

/** The roles that an invitation gives to whoever accepts it now. */
export function rolesOf(ctx: Context, { roles = [], organization_id }: Invitation): Promise<string[]> {
  return rolesStillThere(ctx, roles, organization_id);
}

/**
 * Makes `user` a member by an invitation and gives them the roles and metadata that came with it. Of all that try at once, one gets true; the
 * invitation is gone for the others. To be called in the transaction that ends the login.
 */
export async function acceptInvitation(ctx: Context, { id }: Pick<Invitation, 'id'>, user: User): Promise<boolean> {
  const invitation = await invitationsOf(ctx).take(id);
  if (!invitation || invitation.ends_at <= ctx.clock.now()) return false;
  if (!(await lockUser(ctx, user.user_id))) return false;
  await addMember(ctx, invitation.organization_id, user.user_id);
  await assignRoles(ctx, user.user_id, invitation.organization_id, await rolesOf(ctx, invitation));
  const { app_metadata, user_metadata } = invitation;
  if (!app_metadata && !user_metadata) return true;
  await usersOf(ctx).update(user.user_id, (current) => ({
    ...current,
    ...(app_metadata ? { app_metadata: { ...current.app_metadata, ...app_metadata } } : {}),
    ...(user_metadata ? { user_metadata: { ...current.user_metadata, ...user_metadata } } : {}),
    updated_at: isoTime(ctx.clock),
  }));
  return true;
}
