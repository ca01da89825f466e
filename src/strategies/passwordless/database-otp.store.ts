import { type Collection, type Context, collection } from '../../kernel/index.ts';

/** A code that was sent to a user of a database, or was not: what the `auth_session` of `/otp/challenge` stands for. */
export interface DatabaseOtp {
  /** SHA-256 of the `auth_session`. */
  readonly id: string;
  readonly client_id: string;
  /** Id of the connection. */
  readonly connection_id: string;
  readonly identifier: 'email' | 'phone_number';
  /** In lower case. */
  readonly recipient: string;
  /** Keyed digest of the code. */
  readonly code_digest: string;
  /** May it sign somebody up? */
  readonly allow_signup: boolean;
  /** Guesses so far. */
  readonly attempts: number;
  /** ms */
  readonly expires_at: number;
}

export const databaseOtpsCollection = collection<DatabaseOtp>({
  name: 'database_otps',
  key: 'id',
  expires: 'expires_at',
});

export function databaseOtpsOf(ctx: Context): Collection<DatabaseOtp> {
  return ctx.store.collection(databaseOtpsCollection);
}
