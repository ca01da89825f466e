import type { Context } from '../../kernel/index.ts';
import { MessageNotSent } from '../../platform/messages/index.ts';
import { type OutgoingMessage, openMessage, outgoingMessagesOf } from './outgoing-message.store.ts';

const MINUTE_MS = 60_000;
/** Pauses after the first, second … failed attempt; there is one attempt more than there are pauses. */
const BACK_OFF_MS = [MINUTE_MS / 2, 2 * MINUTE_MS, 10 * MINUTE_MS, 60 * MINUTE_MS, 6 * 60 * MINUTE_MS];
const MOST_ATTEMPTS = BACK_OFF_MS.length + 1;
/** Longer than any attempt takes: a sender gives up after some ten seconds, and is asked three times. */
const LEASE_MS = 5 * MINUTE_MS;
const MOST_ERROR_CHARACTERS = 500;

/** Is there nothing more to try? */
export function isSpent({ attempts, expires_at }: OutgoingMessage, now: number): boolean {
  return attempts >= MOST_ATTEMPTS || expires_at <= now;
}

/**
 * Tries to send the message `id`, if it is due, and removes it when it was sent. Does nothing when it is not there or somebody else is
 * trying: of any number of processes at once, one gets it. After a failure it is due again later, or, when it is spent, at once for
 * whoever gives it up.
 */
export async function attemptMessage(ctx: Context, id: string): Promise<void> {
  const claimed = await claim(ctx, id);
  if (!claimed) return;
  try {
    const message = openMessage(ctx, claimed);
    if (!claimed.decoy) await ctx.messenger.deliver(message);
  } catch (error) {
    const { attempts } = claimed;
    ctx.log.warn({ err: error, tenant: ctx.tenant.name, message: id, attempts }, 'a message was not sent');
    await postpone(ctx, claimed, describe(error));
    return;
  }
  await outgoingMessagesOf(ctx).delete(id);
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
async function postpone(ctx: Context, { id, attempts }: OutgoingMessage, last_error: string): Promise<void> {
  const next_attempt_at = ctx.clock.now() + (BACK_OFF_MS[attempts - 1] ?? 0);
  await outgoingMessagesOf(ctx).update(id, (found) =>
    found.attempts === attempts ? { ...found, next_attempt_at, last_error } : undefined,
  );
}

/** For the operator; an error that is not a sender's may hold anything, so only its kind is kept. */
function describe(error: unknown): string {
  if (error instanceof MessageNotSent) return error.detail.slice(0, MOST_ERROR_CHARACTERS);
  return error instanceof Error ? error.name : 'unknown';
}
