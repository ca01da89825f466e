import { type Collection, type Context, collection } from '../kernel/index.ts';

/** Wrong passwords in a row from one address at one account, or at a name that nobody has. */
export interface LoginAttempts {
  /** Hash of connection, account and address. */
  readonly id: string;
  readonly connection: string;
  /** As it was typed last, lower-case. */
  readonly identifier: string;
  readonly ip: string;
  /** Absent when nobody is known by `identifier`. */
  readonly user_id?: string;
  readonly failures: number;
  /** ms */
  readonly expires_at: number;
}

export const loginAttemptsCollection = collection<LoginAttempts>({
  name: 'login_attempts',
  key: 'id',
  index: { identifier: 'text', user_id: 'text' },
  expires: 'expires_at',
});

export function loginAttemptsOf(ctx: Context): Collection<LoginAttempts> {
  return ctx.store.collection(loginAttemptsCollection);
}
