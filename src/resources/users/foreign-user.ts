import { type Context, isFailure, isoTime } from '../../kernel/index.ts';
import type { Connection } from '../connections/index.ts';
import { derivedProfile } from './create-user.ts';
import { federatedIdentitiesOf } from './federated-identity.store.ts';
import { type User, usersOf } from './user.store.ts';

/** What somebody else says of a person whom they know. */
export interface ForeignProfile {
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
  readonly nickname?: string;
  readonly given_name?: string;
  readonly family_name?: string;
  readonly picture?: string;
}

/** Who it is: `provider` and `user_id` (without it) as they stand in the user's identity. */
export interface ForeignIdentity {
  readonly connection: Connection;
  readonly provider: string;
  readonly user_id: string;
  readonly isSocial: boolean;
}

/** The user of a foreign identity, or undefined; never somebody of another connection who happens to have the same id. */
export async function findForeignUser(ctx: Context, identity: ForeignIdentity): Promise<User | undefined> {
  const { connection, provider, user_id } = identity;
  const user = await usersOf(ctx).get(`${provider}|${user_id}`);
  return user?.identities.some((one) => one.connection === connection.name && one.user_id === user_id)
    ? user
    : undefined;
}

/**
 * The user of a foreign identity, made of `profile` when nobody knows them yet. Who is known stays as they are.
 * Failure duplicate when the id belongs to somebody of another connection.
 */
export async function obtainForeignUser(
  ctx: Context,
  identity: ForeignIdentity,
  profile: ForeignProfile,
): Promise<User> {
  const known = await findForeignUser(ctx, identity);
  if (known) return known;
  try {
    const user = foreignUser(ctx, identity, profile);
    const row = { id: user.user_id, connection: identity.connection.name, user_id: user.user_id };
    await ctx.store.transaction(async () => {
      await usersOf(ctx).insert(user);
      await federatedIdentitiesOf(ctx).insert(row);
    });
    return user;
  } catch (error) {
    // Somebody else's first login of the same person came in between.
    const other = isFailure(error, 'duplicate') ? await findForeignUser(ctx, identity) : undefined;
    if (other) return other;
    throw error;
  }
}

function foreignUser(ctx: Context, { connection, ...identity }: ForeignIdentity, profile: ForeignProfile): User {
  const now = isoTime(ctx.clock);
  const email = profile.email?.toLowerCase();
  const { email_verified, ...rest } = profile;
  return {
    ...derivedProfile(email === undefined ? { username: profile.name ?? identity.user_id } : { email }),
    ...rest,
    ...(email === undefined ? {} : { email, email_verified: email_verified ?? false }),
    identities: [{ connection: connection.name, ...identity }],
    user_id: `${identity.provider}|${identity.user_id}`,
    created_at: now,
    updated_at: now,
  };
}
