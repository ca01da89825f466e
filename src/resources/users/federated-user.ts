import { type Context, isFailure, isoTime } from '../../kernel/index.ts';
import { type Connection, federatedRules, holdConnection } from '../connections/index.ts';
import { derivedProfile } from './create-user.ts';
import { federatedIdentitiesOf, federatedIdentity, type IdentityTokens } from './federated-identity.store.ts';
import { findUser, type Identity, type User, usersOf } from './user.store.ts';

/** Somebody whom an identity provider has just vouched for. */
export interface FederatedArrival {
  readonly connection: Connection;
  /** Their id at the provider. */
  readonly id: string;
  /** Members of a user, as the provider has them. */
  readonly profile: Partial<User>;
  readonly tokens?: IdentityTokens;
}

/** Auth0: what `set_user_root_attributes` is about. */
const ROOT_ATTRIBUTES = ['name', 'nickname', 'given_name', 'family_name', 'picture'];

/** How the identity `id` of `connection` is called in `identities[]`. */
export function identityOf(connection: Connection, id: string): Identity {
  const { name, userId, kind } = federatedRules(connection).strategy;
  const user_id = userId === '<id>' ? id : `${connection.name}|${id}`;
  return { provider: name, user_id, connection: connection.name, isSocial: kind === 'social' };
}

/** `<provider>|<id>`: the `user_id` of whoever comes first with an identity, and its key for good. */
export const identityKey = ({ provider, user_id }: Pick<Identity, 'provider' | 'user_id'>) => `${provider}|${user_id}`;

/**
 * The user of an arrival: found by the provider's id alone, never by an address that somebody claims; made, and brought up to date, as
 * `set_user_root_attributes` has it. Undefined for a stranger where the connection makes no users. A blocked user comes back unchanged.
 */
export async function saveFederatedUser(ctx: Context, arrival: FederatedArrival): Promise<User | undefined> {
  const identity = identityOf(arrival.connection, arrival.id);
  const known = await findOwner(ctx, identity);
  if (known) return known.blocked ? known : updateArrived(ctx, known, identity, arrival);
  if (federatedRules(arrival.connection).rootAttributes === 'never_on_login') return undefined;
  try {
    return await createArrived(ctx, identity, arrival);
  } catch (error) {
    // Two first logins at once: the other one made the user.
    const made = isFailure(error, 'duplicate') ? await findOwner(ctx, identity) : undefined;
    if (!made) throw error;
    return updateArrived(ctx, made, identity, arrival);
  }
}

/** The user whom the provider of `connection` knows as `id`, or undefined. */
export function findFederatedUser(ctx: Context, connection: Connection, id: string): Promise<User | undefined> {
  return findOwner(ctx, identityOf(connection, id));
}

async function findOwner(ctx: Context, identity: Identity): Promise<User | undefined> {
  const found = await federatedIdentitiesOf(ctx).get(identityKey(identity));
  return found && findUser(ctx, found.user_id);
}

async function createArrived(ctx: Context, identity: Identity, arrival: FederatedArrival): Promise<User> {
  const { connection, profile, tokens } = arrival;
  const now = isoTime(ctx.clock);
  const user_id = identityKey(identity);
  const { email } = profile;
  const user: User = {
    ...derivedProfile(email === undefined ? { username: profile.nickname ?? arrival.id } : { email }),
    ...kept(connection, profile),
    identities: [identity],
    user_id,
    created_at: now,
    updated_at: now,
  };
  await ctx.store.transaction(async () => {
    await holdConnection(ctx, connection);
    await usersOf(ctx).insert(user);
    const row = { id: user_id, connection: connection.name, user_id };
    await federatedIdentitiesOf(ctx).insert(federatedIdentity(ctx, row, tokens));
  });
  return user;
}

async function updateArrived(
  ctx: Context,
  { user_id }: User,
  identity: Identity,
  { connection, profile, tokens }: FederatedArrival,
): Promise<User | undefined> {
  const follows = federatedRules(connection).rootAttributes === 'on_each_login';
  const changes = Object.entries(kept(connection, profile)).filter(
    ([name]) => follows || !ROOT_ATTRIBUTES.includes(name),
  );
  const id = identityKey(identity);
  return ctx.store.transaction(async () => {
    const row = { id, connection: connection.name, user_id };
    await federatedIdentitiesOf(ctx).put(federatedIdentity(ctx, row, tokens));
    return usersOf(ctx).update(user_id, (user) => ({
      ...user,
      ...Object.fromEntries(changes),
      identities: user.identities.map((one) => (identityKey(one) === id ? { ...one, ...identity } : one)),
      updated_at: isoTime(ctx.clock),
    }));
  });
}

function kept(connection: Connection, profile: Partial<User>): Partial<User> {
  const { dropped } = federatedRules(connection);
  return Object.fromEntries(Object.entries(profile).filter(([name]) => !dropped.includes(name)));
}
