import type { Context, SetCookie } from '../kernel/index.ts';
import { hashToken, randomToken, safeEqual } from '../platform/crypto/index.ts';
import { type Cookies, ensureDevice, readDevice } from './device-cookie.ts';
import { lostTransaction, originOf, stateOf } from './lost-transaction.ts';
import { transactionsOf } from './transaction.store.ts';
import type { AnyTransaction, EnrollmentTransaction, Refusal, Transaction } from './transaction.ts';

const LIFETIME = 3_600_000;

type Identity = 'id' | 'browser_hash' | 'created_at' | 'expires_at';
export type LoginDraft = Omit<Transaction, Identity>;
export type EnrollmentDraft = Omit<EnrollmentTransaction, Identity>;

export interface StartedTransaction {
  /** The handle that pages carry in `state`. */
  readonly state: string;
  /** To be set on the answer. */
  readonly cookies: readonly SetCookie[];
}

/** Stores a login or enrolment that will take several requests, bound to the browser that sent `cookies`. Lives an hour. */
export async function startTransaction(
  ctx: Context,
  draft: LoginDraft | EnrollmentDraft,
  cookies: Cookies,
): Promise<StartedTransaction> {
  const device = ensureDevice(ctx, cookies);
  const state = stateOf(randomToken(ctx.random), draft.kind === 'login' ? draft.request : {});
  const created_at = ctx.clock.now();
  const identity = { id: hashToken(state), browser_hash: device.hash, created_at, expires_at: created_at + LIFETIME };
  await transactionsOf(ctx).insert({ ...draft, ...identity });
  return { state, cookies: device.cookies };
}

/** The login or ticket enrolment behind `state`, in the browser that began it. WireError (page, 400) otherwise. */
export async function requireAnyTransaction(
  ctx: Context,
  state: string | undefined,
  cookies: Cookies,
): Promise<AnyTransaction> {
  if (!state) throw lostTransaction('no state');
  const found = await transactionsOf(ctx).get(hashToken(state));
  if (!found || found.expires_at <= ctx.clock.now()) throw lostTransaction('unknown or expired state', originOf(state));
  const device = readDevice(cookies);
  if (!device || !safeEqual(device, found.browser_hash))
    throw lostTransaction('state of another browser', originOf(state));
  return found;
}

/** The login behind `state`, in the browser that began it. WireError (page, 400) otherwise. */
export async function requireTransaction(
  ctx: Context,
  state: string | undefined,
  cookies: Cookies,
): Promise<Transaction> {
  const found = await requireAnyTransaction(ctx, state, cookies);
  if (found.kind !== 'login') throw lostTransaction('not a login');
  return found;
}

/** Applies `change` to the stored transaction while nobody else can. WireError as above when it is gone meanwhile. */
export async function advanceTransaction<T extends AnyTransaction>(
  ctx: Context,
  transaction: T,
  change: (stored: T) => T,
): Promise<T> {
  const advanced = await transactionsOf(ctx).update(transaction.id, (stored) =>
    stored.kind === transaction.kind ? change(stored as T) : undefined,
  );
  if (!advanced) throw lostTransaction('finished meanwhile');
  return advanced as T;
}

/**
 * Ends the login behind `state` without a code: its next hop tells the application why, and the log at which connection. WireError as
 * above when it is gone.
 */
export async function refuseTransaction(
  ctx: Context,
  state: string,
  { refusal, connection }: { readonly refusal: Refusal; readonly connection: string | undefined },
): Promise<void> {
  await advanceTransaction(ctx, { id: hashToken(state), kind: 'login' } as Transaction, (stored) => ({
    ...stored,
    refusal,
    connection,
  }));
}

/** Ends a transaction: of all that try, one gets true, the others find it gone. */
export async function finishTransaction(ctx: Context, transaction: AnyTransaction): Promise<boolean> {
  return (await transactionsOf(ctx).take(transaction.id)) !== undefined;
}
