import type { AuditEvent, Context } from '../../kernel/index.ts';
import { type OutgoingMessage, openContent, outgoingMessagesOf } from './outgoing-message.store.ts';
import { describeFailure, NotDelivered, wayCalled } from './way.ts';

const MINUTE_MS = 60_000;
/** Pauses after the first, second … failed attempt; there is one attempt more than there are pauses. */
const BACK_OFF_MS = [MINUTE_MS / 2, 2 * MINUTE_MS, 10 * MINUTE_MS, 60 * MINUTE_MS, 6 * 60 * MINUTE_MS];
const MOST_ATTEMPTS = BACK_OFF_MS.length + 1;
/** Longer than any attempt takes: a sender gives up after some ten seconds, and is asked three times. */
const LEASE_MS = 5 * MINUTE_MS;

/** Is there nothing more to try? */
export function isSpent({ attempts, expires_at }: OutgoingMessage, now: number): boolean {
  return attempts >= MOST_ATTEMPTS || expires_at <= now;
}

/**
 * Tries to deliver `id`, if it is due, and removes it when that was done, together with the row that its way has for the log. Does nothing when it
 * is not there or somebody else is trying: of any number of processes at once, one gets it. After a failure it is due again later, or,
 * when it is spent, at once for whoever gives it up; what can never be delivered is given up here.
 */
export async function attemptMessage(ctx: Context, id: string): Promise<void> {
  const claimed = await claim(ctx, id);
  if (!claimed) return;
  let event: AuditEvent | undefined;
  try {
    const content = openContent(ctx, claimed);
    if (!claimed.decoy) event = await wayCalled(claimed.way)(ctx, content);
  } catch (error) {
    const { attempts } = claimed;
    ctx.log.warn({ err: error, tenant: ctx.tenant.name, message: id, attempts }, 'a message was not sent');
    await postpone(ctx, claimed, describeFailure(error));
    if (error instanceof NotDelivered && error.isFinal) await giveUp(ctx, claimed);
    return;
  }
  await ctx.store.transaction(async () => {
    if ((await outgoingMessagesOf(ctx).delete(id)) && event) await ctx.record([event]);
  });
}

async function claim(ctx: Context, id: string): Promise<OutgoingMessage | undefined> {
  const now = ctx.clock.now();
  let claimed: OutgoingMessage | undefined;
  await outgoingMessagesOf(ctx).update(id, (found) => {
    const isFree = found.next_attempt_at <= now && !isSpent(found, now);
    claimed = isFree ? { ...found, attempts: found.attempts + 1, next_attempt_at: now + LEASE_MS } : undefined;
    return claimed;
  });
  return claimed;
}

/** Says when it is tried next; leaves it alone when somebody else has taken it over meanwhile. */
async function postpone(
  ctx: Context,
  { id, attempts }: OutgoingMessage,
  last_failure: OutgoingMessage['last_failure'] = {},
): Promise<void> {
  const next_attempt_at = ctx.clock.now() + (BACK_OFF_MS[attempts - 1] ?? 0);
  await outgoingMessagesOf(ctx).update(id, (found) =>
    found.attempts === attempts ? { ...found, next_attempt_at, last_failure } : undefined,
  );
}

/** Removes what is not tried any more and records its failure, together and once. */
export async function giveUp(ctx: Context, { id, attempts }: OutgoingMessage): Promise<void> {
  const isGivenUp = await ctx.store.transaction(async () => {
    const taken = await outgoingMessagesOf(ctx).take(id);
    if (!taken || taken.decoy) return false;
    const last = taken.last_failure ?? { error: 'It could not be tried in time.' };
    await ctx.record([{ ...taken.failure, details: { ...taken.failure.details, ...last } }]);
    return true;
  });
  if (isGivenUp) ctx.log.error({ tenant: ctx.tenant.name, message: id, attempts }, 'a message was given up');
}
