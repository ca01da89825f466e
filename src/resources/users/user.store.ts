import { type Collection, type Context, collection } from '../../kernel/index.ts';

export interface Identity {
  readonly connection: string;
  readonly provider: string;
  /** Without the provider: `user_id` is `${provider}|${this}`. */
  readonly user_id: string;
  readonly isSocial: boolean;
  readonly profileData?: Record<string, unknown>;
}

/** A user as `/api/v2/users` shows it; nothing secret is in here. */
export interface User {
  readonly user_id: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly username?: string;
  readonly phone_number?: string;
  readonly phone_verified?: boolean;
  readonly name?: string;
  readonly nickname?: string;
  readonly given_name?: string;
  readonly family_name?: string;
  readonly picture?: string;
  readonly identities: readonly Identity[];
  readonly user_metadata?: Record<string, unknown>;
  readonly app_metadata?: Record<string, unknown>;
  readonly blocked?: boolean;
  readonly last_ip?: string;
  readonly last_login?: string;
  readonly logins_count?: number;
  readonly last_password_reset?: string;
  readonly multifactor?: readonly string[];
}

export const usersCollection = collection<User>({
  name: 'users',
  key: 'user_id',
  index: {
    email: 'text',
    username: 'text',
    phone_number: 'text',
    name: 'text',
    created_at: 'text',
    updated_at: 'text',
    last_login: 'text',
    logins_count: 'number',
  },
});

export function usersOf(ctx: Context): Collection<User> {
  return ctx.store.collection(usersCollection);
}

/** The user `userId`, or undefined. */
export function findUser(ctx: Context, userId: string): Promise<User | undefined> {
  return usersOf(ctx).get(userId);
}
