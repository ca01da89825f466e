import type { Context } from '../../kernel/index.ts';
import { hashToken } from '../../platform/crypto/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { type Approval, type DeferredAuthorization, deferredAuthorizationsOf } from './deferred.store.ts';

/** How long a request that has expired is remembered, for a client that has not asked since. */
const REMEMBERED_MS = 3_600_000;

type Asked = Omit<
  DeferredAuthorization,
  'polled_at' | 'approval' | 'denial' | 'created_at' | 'expires_at' | 'forgotten_at'
>;

/** The document of a new request that lives for `lifetimeMs`; nothing is stored yet. */
export function draftDeferred(ctx: Context, asked: Asked, lifetimeMs: number): DeferredAuthorization {
  const created_at = ctx.clock.now();
  const expires_at = created_at + lifetimeMs;
  return { ...asked, created_at, expires_at, forgotten_at: expires_at + REMEMBERED_MS };
}

/** The request behind `handle`, if it is of this kind and this client. */
export async function findDeferred(
  ctx: Context,
  kind: DeferredAuthorization['kind'],
  client: StoredClient,
  handle: string,
): Promise<DeferredAuthorization | undefined> {
  const found = await deferredAuthorizationsOf(ctx).get(hashToken(handle));
  return found?.kind === kind && found.client_id === client.client_id ? found : undefined;
}

/** Can somebody still decide on it? */
export function isUndecided({ approval, denial, expires_at }: DeferredAuthorization, now: number): boolean {
  return approval === undefined && denial === undefined && expires_at > now;
}

/** The approval of a user; false when there is nothing left to decide, or it is not theirs to. Of several at once, one counts. */
export function approveDeferred(ctx: Context, id: string, approval: Approval): Promise<boolean> {
  const { user_id } = approval;
  return decide(ctx, id, (stored) =>
    stored.user_id === undefined || stored.user_id === user_id ? { ...stored, user_id, approval } : undefined,
  );
}

/** The refusal of a user; false when there is nothing left to decide. */
export function denyDeferred(ctx: Context, id: string, denial: string): Promise<boolean> {
  return decide(ctx, id, (stored) => ({ ...stored, denial }));
}

async function decide(
  ctx: Context,
  id: string,
  change: (stored: DeferredAuthorization) => DeferredAuthorization | undefined,
): Promise<boolean> {
  const now = ctx.clock.now();
  let decided: DeferredAuthorization | undefined;
  await deferredAuthorizationsOf(ctx).update(id, (stored) => {
    decided = isUndecided(stored, now) ? change(stored) : undefined;
    return decided;
  });
  return decided !== undefined;
}

/** RFC 8628 §3.5: whoever asks too often must wait five seconds longer, from then on. */
const LONGER = 5;
/** Auth0 says no limit; without one, a client that never slows down would lock itself out for the rest of the request's life. */
const LONGEST = 60;

/** What a client's question came to. */
interface Poll {
  /** The request was redeemed since it was read. */
  readonly isGone: boolean;
  /** The interval that the client did not keep, and the one that it must keep now (seconds). The first question may come at once. */
  readonly tooSoon?: { readonly missed: number; readonly interval: number };
}

/** Notes that the client asks, with nothing decided yet. */
export async function notePoll(ctx: Context, { id }: DeferredAuthorization): Promise<Poll> {
  const now = ctx.clock.now();
  let tooSoon: Poll['tooSoon'];
  const noted = await deferredAuthorizationsOf(ctx).update(id, (stored) => {
    const { polled_at, interval: missed } = stored;
    const isTooSoon = polled_at !== undefined && now < polled_at + missed * 1000;
    const interval = isTooSoon ? Math.min(missed + LONGER, LONGEST) : missed;
    tooSoon = isTooSoon ? { missed, interval } : undefined;
    return { ...stored, polled_at: now, interval };
  });
  return { isGone: noted === undefined, ...(tooSoon ? { tooSoon } : {}) };
}
