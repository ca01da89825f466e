import type { Context } from '../kernel/index.ts';
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
