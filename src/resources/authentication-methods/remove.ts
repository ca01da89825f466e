import type { Context } from '../../kernel/index.ts';
import { endSessionsOf, forgetBrowsersOf } from '../sessions/index.ts';
import { usersOf } from '../users/index.ts';
import { type Authenticator, authenticatorsOf, listAuthenticators } from './authenticator.store.ts';

const MARK = 'guardian';

/**
 * Auth0 shows on the user (`multifactor`) whether they have a second factor: brings that up to date. With the last factor goes what
 * was trusted because of it: the browsers that may skip it.
 */
export async function noteSecondFactors(ctx: Context, userId: string): Promise<void> {
  const all = await listAuthenticators(ctx, userId);
  const has = all.some((one) => one.confirmed && one.type !== 'recovery-code');
  if (!has) await forgetBrowsersOf(ctx, userId);
  await usersOf(ctx).update(userId, (user) => {
    const { multifactor = [], ...rest } = user;
    if (multifactor.includes(MARK) === has) return undefined;
    const others = multifactor.filter((one) => one !== MARK);
    if (has) return { ...rest, multifactor: [...others, MARK] };
    return others.length > 0 ? { ...rest, multifactor: others } : rest;
  });
}

/** Whoever logged in with the phone may have been somebody else: with a phone go the sessions (Auth0: `mfa-phone-unenrolled`). */
export async function noteRemoved(ctx: Context, userId: string, removed: readonly Authenticator[]): Promise<void> {
  await noteSecondFactors(ctx, userId);
  if (removed.some(({ type, confirmed }) => type === 'phone' && confirmed))
    await endSessionsOf(ctx, userId, 'mfa-phone-unenrolled');
}

/** Removes one authenticator, and with it its twin: a phone is texted and called under one id, so is the app's push and its codes. */
export async function removeAuthenticator(ctx: Context, authenticator: Authenticator): Promise<void> {
  await ctx.store.transaction(async () => {
    const wasThere = await authenticatorsOf(ctx).delete(authenticator.id);
    await noteRemoved(ctx, authenticator.user_id, wasThere ? [authenticator] : []);
  });
}

/** Removes all second factors of `userId`, recovery codes and unfinished enrolments included. Answers how many. */
export async function forgetAuthenticatorsOf(ctx: Context, userId: string): Promise<number> {
  return ctx.store.transaction(async () => {
    const before = await authenticatorsOf(ctx).list({ where: { user_id: userId } });
    const removed = await authenticatorsOf(ctx).deleteWhere({ user_id: userId });
    await noteRemoved(ctx, userId, before);
    return removed;
  });
}
