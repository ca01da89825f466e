import type { Context } from '../../kernel/index.ts';
import {
  addMember,
  admitsClient,
  type Entry,
  entryOf,
  findOrganization,
  isMember,
  type Organization,
} from '../../resources/organizations/index.ts';
import type { User } from '../../resources/users/index.ts';
import { claimOf, clientNotAdmitted, notPartOf, organizationInvalid, organizationRequired } from '../organization.ts';
import type { Flow } from '../vocabulary.ts';
import type { Authorization } from './authorization.ts';
import { invalidGrant } from './grant-refusal.ts';

const STATUS = 403;
/** Flows whose login ended before, as does one without a connection: nobody becomes a member by them any more. */
const AFTERWARDS: readonly Flow[] = ['authorization_code', 'refresh_token', 'device_code', 'ciba'];

/**
 * An authorization with its organization as it is now: it exists, and the user belongs to it or, where they log in by this very
 * request with a connection that makes members, does when the tokens are issued. A client that wants organizations gets no tokens
 * of users without one, by whatever grant; the MFA API belongs to the user alone. An API that acts for its caller's user is no
 * application that the user logs in to.
 *
 * @throws WireError 403: invalid_request without an organization, access_denied or (afterwards) invalid_grant where they do not belong to it
 */
export async function settleOrganization(ctx: Context, authorization: Authorization): Promise<Authorization> {
  const { client, user, target, organization: named } = authorization;
  if (!user || target.kind === 'mfa') return authorization;
  if (!named) {
    const receiver = authorization.id_token_for ?? client;
    if (receiver.organization_usage === 'require') throw organizationRequired(STATUS);
    return authorization;
  }
  const organization = await findOrganization(ctx, named.id);
  const isMiddleman = authorization.actor !== undefined && !logsIn(authorization);
  if (organization && !isMiddleman && !(await admitsClient(ctx, organization, client)))
    throw clientNotAdmitted(named.id);
  if (!logsIn(authorization)) {
    await requireMember(ctx, user, named.id);
    return organization ? { ...authorization, organization: await claimOf(ctx, organization) } : authorization;
  }
  if (!organization) throw organizationInvalid(STATUS);
  return joining(ctx, authorization, user, organization);
}

/** Does the user prove who they are by this very request? */
function logsIn({ flow, methods = [], connection }: Authorization): boolean {
  return methods.length > 0 && connection !== undefined && !AFTERWARDS.includes(flow);
}

/** Does `user`, who logged in to the organization before, still belong to it? Throws WireError 403 invalid_grant. */
export async function requireMember(ctx: Context, user: User, organizationId: string): Promise<void> {
  if (await isMember(ctx, organizationId, user.user_id)) return;
  throw invalidGrant(notPartOf(user, organizationId).message, { log: { user_id: user.user_id } });
}

async function joining(
  ctx: Context,
  authorization: Authorization,
  user: User,
  organization: Organization,
): Promise<Authorization> {
  const { client, connection, consume } = authorization;
  const entry: Entry = await entryOf(ctx, organization.id, { user, clientId: client.client_id, connection });
  if (entry !== 'member' && entry !== 'assign') throw notPartOf(user, organization.id);
  const settled = { ...authorization, organization: await claimOf(ctx, organization) };
  if (entry === 'member') return settled;
  return {
    ...settled,
    async consume(produced) {
      // Somebody new is a user only once this has run.
      await consume?.(produced);
      await addMember(ctx, organization.id, user.user_id);
    },
  };
}
