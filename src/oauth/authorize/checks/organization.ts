import { type Context, oauthError } from '../../../kernel/index.ts';
import { type Connection, connectionsOf } from '../../../resources/connections/index.ts';
import { findInvitation, type Invitation, type Organization } from '../../../resources/organizations/index.ts';
import { usersOf } from '../../../resources/users/index.ts';
import { requestedOrganization } from '../../organization.ts';
import type { Asked, OrganizationRequest } from '../request/request.ts';

const ASKS_LATER = ['pre_login_prompt', 'post_login_prompt'];

/** The organization that the request names, if it may and must name one. WireError 400 invalid_request otherwise. */
async function askedOrganization(ctx: Context, { parameters, client }: Asked): Promise<Organization | undefined> {
  const { organization } = parameters;
  const behavior = client.organization_require_behavior ?? 'no_prompt';
  if (organization === undefined && ASKS_LATER.includes(behavior)) return undefined;
  return requestedOrganization(ctx, client, organization, 400);
}

/** The invitation that the request brings: to this organization, for this application, not used yet. WireError 400 otherwise. */
async function askedInvitation(
  ctx: Context,
  { parameters, client }: Asked,
  organization: Organization | undefined,
): Promise<Invitation | undefined> {
  if (parameters.invitation === undefined) return undefined;
  const found = await findInvitation(ctx, parameters.invitation);
  const isRight = found?.organization_id === organization?.id && found?.client_id === client.client_id;
  if (found && isRight) return found;
  throw oauthError(400, 'invalid_request', 'invitation not found or already used');
}

/** `organization` and `invitation` are given as far as the client's `organization_usage` wants them, and there are such. */
export async function checkOrganization(ctx: Context, asked: Asked): Promise<void> {
  await askedInvitation(ctx, asked, await askedOrganization(ctx, asked));
}

/** What the request says about an organization, resolved. Throws as the check. */
export async function organizationRequest(ctx: Context, asked: Asked): Promise<OrganizationRequest> {
  const organization = await askedOrganization(ctx, asked);
  if (!organization) return {};
  const invitation = await askedInvitation(ctx, asked, organization);
  if (!invitation) return { organization: organization.id };
  const connection = invitation.connection_id ? await connectionsOf(ctx).get(invitation.connection_id) : undefined;
  return {
    organization: organization.id,
    invitation: invitation.id,
    login_hint: invitation.invitee.email,
    screen_hint: await screenFor(ctx, invitation, connection),
    ...(connection ? { connection: connection.name } : {}),
  };
}

/** Whoever has an account logs in, whoever has none signs up: whoever holds the ticket reads the mails of that address. */
async function screenFor(
  ctx: Context,
  { invitee }: Invitation,
  connection: Connection | undefined,
): Promise<'login' | 'signup'> {
  const users = await usersOf(ctx).list({ where: { email: invitee.email.toLowerCase() } });
  const isKnown = users.some(
    ({ identities }) => !connection || identities.some((identity) => identity.connection === connection.name),
  );
  return isKnown ? 'login' : 'signup';
}
