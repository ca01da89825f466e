import type { Context } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { type Session, sessionsOf } from '../../resources/sessions/index.ts';
import { findUser, type User } from '../../resources/users/index.ts';
import { resolveAudience } from '../audience.ts';
import type { Authorization } from '../token/authorization.ts';
import { type GrantRefusal, userIsBlocked } from '../token/grant-refusal.ts';
import type { Flow } from '../vocabulary.ts';
import { type Approval, type DeferredAuthorization, deferredAuthorizationsOf } from './deferred.store.ts';

export interface Redemption {
  readonly client: StoredClient;
  readonly deferred: DeferredAuthorization;
  readonly approval: Approval;
  readonly flow: Flow;
  /** What a request that is worth nothing any more is refused with. */
  readonly refusal: (detail: string) => GrantRefusal;
}

/** What an approved request entitles to: tokens of the user who approved it, once. */
export async function authorizeDeferred(ctx: Context, redemption: Redemption): Promise<Authorization> {
  const { client, deferred, approval, flow, refusal } = redemption;
  const user = await requireUser(ctx, redemption);
  const { session_id, transferred_from, connection, auth_time, methods, organization_id } = approval;
  const session = await findSessionOf(ctx, approval);
  // What was handed over ends with its session, and that ends with what it was handed over from.
  if (transferred_from !== undefined && !session) throw refusal('the session was ended since');
  return {
    client,
    user,
    target: await resolveAudience(ctx, client, deferred.audience),
    flow,
    requested: approval.scope,
    auth_time,
    methods,
    ...(session_id === undefined ? {} : { session_id }),
    ...(transferred_from === undefined ? {} : { transferred_from }),
    ...(session ? { session_methods: session.methods } : {}),
    ...(connection === undefined ? {} : { connection }),
    ...(organization_id === undefined ? {} : { organization: { id: organization_id } }),
    ...(deferred.authorization_details ? { authorization_details: deferred.authorization_details } : {}),
    consume: async () => {
      if (!(await deferredAuthorizationsOf(ctx).take(deferred.id))) throw refusal('redeemed by somebody else');
    },
  };
}

/** The session that the login ended in, unless it went or became somebody else's. */
async function findSessionOf(ctx: Context, { session_id, user_id }: Approval): Promise<Session | undefined> {
  const session = session_id === undefined ? undefined : await sessionsOf(ctx).get(session_id);
  return session?.user_id === user_id ? session : undefined;
}

async function requireUser(ctx: Context, { approval, refusal }: Redemption): Promise<User> {
  const user = await findUser(ctx, approval.user_id);
  if (!user) throw refusal('the user is gone');
  if (user.blocked) throw userIsBlocked(user.user_id);
  // A new password ends what was begun with the old one.
  const changed = user.last_password_reset;
  if (changed !== undefined && approval.approved_at < Date.parse(changed))
    throw refusal('the password was changed since');
  return user;
}
