import { type Context, isFailure, isoTime, uuid } from '../../kernel/index.ts';
import {
  type FederatedTokenset,
  federatedTokensetsOf,
  openTokenset,
  sealTokens,
  type TokensetTokens,
} from './federated-tokenset.store.ts';

export interface NewTokenset {
  readonly user_id: string;
  readonly connection: string;
  /** `<provider>|<id>` of the identity. */
  readonly identity: string;
  readonly tokens: ProviderTokens;
}

/** As a token endpoint answers them. */
interface ProviderTokens extends TokensetTokens {
  readonly scope?: string;
  /** Seconds. */
  readonly expires_in?: number;
}

/** The tokenset of an identity, or undefined. */
export function findTokenset(ctx: Context, identity: string): Promise<FederatedTokenset | undefined> {
  return federatedTokensetsOf(ctx).find({ identity });
}

/** Keeps what a provider gave out at a login, in place of what there was. */
export async function saveTokenset(ctx: Context, given: NewTokenset): Promise<void> {
  if (await replaceTokenset(ctx, given)) return;
  const { user_id, connection, identity, tokens } = given;
  const id = uuid(ctx.random);
  try {
    await federatedTokensetsOf(ctx).insert({
      id,
      user_id,
      connection,
      identity,
      ...withTokens(ctx, id, undefined, tokens),
    });
  } catch (error) {
    // Another login of the same person made it.
    if (!isFailure(error, 'duplicate') || !(await replaceTokenset(ctx, given))) throw error;
  }
}

async function replaceTokenset(ctx: Context, { user_id, connection, identity, tokens }: NewTokenset): Promise<boolean> {
  const known = await findTokenset(ctx, identity);
  if (!known) return false;
  const replaced = await federatedTokensetsOf(ctx).update(known.id, ({ renewing_until, ...stored }) => ({
    id: stored.id,
    user_id,
    connection,
    identity,
    ...(renewing_until === undefined ? {} : { renewing_until }),
    ...withTokens(ctx, stored.id, stored, tokens),
  }));
  return replaced !== undefined;
}

/** Providers send a refresh token when it changes, some only the first time: the one that is known stays until then. */
function withTokens(ctx: Context, id: string, known: FederatedTokenset | undefined, given: ProviderTokens) {
  const { access_token, expires_in, scope = known?.scope } = given;
  const refresh_token = given.refresh_token ?? (known && openTokenset(ctx, known).refresh_token);
  const now = ctx.clock.now();
  return {
    ...(scope === undefined ? {} : { scope }),
    issued_at: isoTime(now),
    ...(expires_in === undefined ? {} : { expires_at: now + expires_in * 1000 }),
    tokens_sealed: sealTokens(ctx, id, { access_token, ...(refresh_token ? { refresh_token } : {}) }),
  };
}

/** Takes the right to renew a tokenset for `ms`: of all that try, in any process, one gets true. False as well when it changed since. */
export async function reserveRenewal(ctx: Context, seen: FederatedTokenset, ms: number): Promise<boolean> {
  const now = ctx.clock.now();
  let reserved = false;
  await federatedTokensetsOf(ctx).update(seen.id, (stored) => {
    reserved =
      stored.tokens_sealed === seen.tokens_sealed &&
      !(stored.renewing_until !== undefined && stored.renewing_until > now);
    return reserved ? { ...stored, renewing_until: now + ms } : undefined;
  });
  return reserved;
}

/**
 * Ends a renewal: with the tokens that came of it, in one write, or without. Undefined when the tokenset is gone, or a login brought a
 * refresh token of its own meanwhile: its tokens are the newer ones. A login that brought none left the one that was used up here.
 */
export async function replaceTokens(
  ctx: Context,
  seen: FederatedTokenset,
  tokens: ProviderTokens | undefined,
): Promise<FederatedTokenset | undefined> {
  let isOurs = false;
  const used = openTokenset(ctx, seen).refresh_token;
  const stored = await federatedTokensetsOf(ctx).update(seen.id, (current) => {
    isOurs = openTokenset(ctx, current).refresh_token === used;
    if (!isOurs) return undefined;
    const { renewing_until, expires_at, ...rest } = current;
    if (tokens) return { ...rest, ...withTokens(ctx, current.id, current, tokens) };
    return { ...rest, ...(expires_at === undefined ? {} : { expires_at }) };
  });
  return isOurs ? stored : undefined;
}

/** Notes that its access token was handed out. */
export async function noteTokensetUse(ctx: Context, { id }: FederatedTokenset): Promise<void> {
  const last_used_at = isoTime(ctx.clock);
  await federatedTokensetsOf(ctx).update(id, (stored) => ({ ...stored, last_used_at }));
}

/** Deletes all tokensets of a user. */
export function forgetTokensetsOf(ctx: Context, userId: string): Promise<number> {
  return federatedTokensetsOf(ctx).deleteWhere({ user_id: userId });
}
