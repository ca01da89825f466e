import { type Context, isoTime } from '../kernel/index.ts';
import type { ProvenMethod } from '../resources/sessions/index.ts';
import { advanceTransaction } from './progress.ts';
import type { Transaction } from './transaction.ts';

/** Writes into the login that `userId` has proved their password. */
export function provePassword(
  ctx: Context,
  transaction: Transaction,
  userId: string,
  connection: string,
  passkeyOffer?: Transaction['passkey_offer'],
): Promise<void> {
  return proveFirstFactor(ctx, transaction, { userId, connection, name: 'pwd', interactive: true, passkeyOffer });
}

/** Who proved their first factor, where and how. */
export interface FirstProof {
  readonly userId: string;
  readonly connection: string;
  readonly name: ProvenMethod['name'];
  /** Was a page of ours shown for it? */
  readonly interactive: boolean;
  /** Is a passkey to be offered when all is proved? */
  readonly passkeyOffer?: Transaction['passkey_offer'] | undefined;
  /** When, ISO 8601: now unless it was before. */
  readonly timestamp?: string;
}

/** Writes into the login that `userId` has proved their first factor. Whatever an earlier user of this login proved counts no more. */
export async function proveFirstFactor(
  ctx: Context,
  transaction: Transaction,
  { userId, connection, name, interactive, passkeyOffer, timestamp = isoTime(ctx.clock) }: FirstProof,
): Promise<void> {
  await advanceTransaction(ctx, transaction, (stored) => ({
    ...stored,
    user_id: userId,
    connection,
    methods: [{ name, timestamp }],
    interactive: stored.interactive || interactive,
    passkey_offer: passkeyOffer,
    session_id: undefined,
    session_opened: undefined,
    second_factor: undefined,
    mfa_expires_at: undefined,
    consent_request: undefined,
    consented: undefined,
    offered_organizations: undefined,
    callback_confirmed: undefined,
  }));
}
