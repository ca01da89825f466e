import type { Context } from '../kernel/index.ts';
import { type Authenticator, removeAuthenticator } from '../resources/authentication-methods/index.ts';
import type { User } from '../resources/users/index.ts';
import { auditMfa } from './audit.ts';
import { challengesOf } from './challenge.store.ts';

/** Removes an authenticator with its twin and its open challenges. */
export async function unenroll(
  ctx: Context,
  { user, client_id, authenticator }: { user: User; client_id?: string; authenticator: Authenticator },
): Promise<void> {
  await ctx.store.transaction(async () => {
    await challengesOf(ctx).deleteWhere({ authenticator_id: authenticator.id });
    await removeAuthenticator(ctx, authenticator);
  });
  auditMfa(ctx, 'gd_unenroll', { user, client_id, authenticator });
}
