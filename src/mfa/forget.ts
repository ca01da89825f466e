import type { Context } from '../kernel/index.ts';
import type { RevokedAccess } from '../resources/access-revocation/index.ts';
import { forgetAuthenticatorsOf } from '../resources/authentication-methods/index.ts';
import { challengesOf } from './challenge.store.ts';
import { mfaTokensOf } from './mfa-token.store.ts';

/** Removes everything about second factors of a user who is no more: authenticators, open challenges, tokens. */
export async function forgetSecondFactorsOf(ctx: Context, userId: string): Promise<void> {
  await ctx.store.transaction(async () => {
    await challengesOf(ctx).deleteWhere({ user_id: userId });
    await mfaTokensOf(ctx).deleteWhere({ user_id: userId });
    await forgetAuthenticatorsOf(ctx, userId);
  });
}

/** Voids the `mfa_token`s of a user: what they proved for them (a password) is no longer so. Answers how many. */
export function forgetMfaTokensOf(ctx: Context, userId: string): Promise<number> {
  return mfaTokensOf(ctx).deleteWhere({ user_id: userId });
}

/** Voids the `mfa_token`s of whoever's access is revoked: those of the session alone, where one is named. */
export async function forgetPendingLogins(ctx: Context, { user_id, session_id }: RevokedAccess): Promise<void> {
  for (const { id, request } of await mfaTokensOf(ctx).list({ where: { user_id } }))
    if (session_id === undefined || request.session_id === session_id) await mfaTokensOf(ctx).delete(id);
}
