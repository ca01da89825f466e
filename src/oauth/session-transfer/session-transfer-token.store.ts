import { type Collection, type Context, collection, type OrganizationClaim } from '../../kernel/index.ts';
import type { RevokedAccess } from '../../resources/access-revocation/index.ts';
import type { ProvenMethod } from '../../transactions/index.ts';

/** A login of an application that is handed over to a browser: worth a session there, once, within a minute. */
export interface SessionTransferToken {
  /** SHA-256 of the token. */
  readonly id: string;
  /** The application that asked for it. */
  readonly client_id: string;
  readonly user_id: string;
  /** The family of the refresh token that it was asked for with; absent where somebody else acts for the user. */
  readonly family_id?: string;
  readonly actor?: Readonly<Record<string, unknown>>;
  readonly connection?: string;
  readonly organization?: OrganizationClaim;
  readonly methods: readonly ProvenMethod[];
  /** Seconds: when the user proved who they are. */
  readonly auth_time: number;
  /** The address that asked. */
  readonly ip: string;
  /** ms */
  readonly expires_at: number;
}

export const sessionTransferTokensCollection = collection<SessionTransferToken>({
  name: 'session_transfer_tokens',
  key: 'id',
  index: { user_id: 'text', family_id: 'text' },
  expires: 'expires_at',
});

export function sessionTransferTokensOf(ctx: Context): Collection<SessionTransferToken> {
  return ctx.store.collection(sessionTransferTokensCollection);
}

/** Forgets the tokens of a user who is gone or whose password changed. Answers how many there were. */
export function forgetSessionTransfersOf(ctx: Context, userId: string): Promise<number> {
  return sessionTransferTokensOf(ctx).deleteWhere({ user_id: userId });
}

/** The same when access is revoked. Of one session there are none but those of its refresh tokens, and they go with them. */
export async function forgetTransfersOnRevocation(ctx: Context, { user_id, session_id }: RevokedAccess): Promise<void> {
  if (session_id === undefined) await forgetSessionTransfersOf(ctx, user_id);
}
