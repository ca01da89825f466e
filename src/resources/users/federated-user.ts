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

/** The user of an arrival as they will be. Nothing is stored until `save`, which may run inside a transaction of the caller. */
export interface DraftArrival {
  readonly user: User;
  /** Answers the user as stored; undefined when they are gone meanwhile. */
  readonly save: () => Promise<User | undefined>;
}

/**
 * The user of an arrival: found by the provider's id alone, never by an address that somebody claims; new, or brought up to date, as
 * `set_user_root_attributes` has it. Undefined for a stranger where the connection makes no users. A blocked user stays unchanged.
 */
export async function draftFederatedUser(ctx: Context, arrival: FederatedArrival): Promise<DraftArrival | undefined> {
  const identity = identityOf(arrival.connection, arrival.id);
  const known = await findOwner(ctx, identity);
  if (known?.blocked) return { user: known, save: async () => known };
  if (known) {
    const save = () => updateArrived(ctx, known.user_id, identity, arrival);
    return { user: arrivedAs(ctx, known, identity, arrival), save };
  }
  if (federatedRules(arrival.connection).rootAttributes === 'never_on_login') return undefined;
  const user = newcomer(ctx, identity, arrival);
  return { user, save: () => saveNewcomer(ctx, user, identity, arrival) };
}

/** As `draftFederatedUser`, saved at once. */
export async function saveFederatedUser(ctx: Context, arrival: FederatedArrival): Promise<User | undefined> {
  return (await draftFederatedUser(ctx, arrival))?.save();
}

async function saveNewcomer(
  ctx: Context,
  user: User,
  identity: Identity,
  arrival: FederatedArrival,
): Promise<User | undefined> {
  try {
    return await insertNewcomer(ctx, user, arrival);
  } catch (error) {
    // Two first logins at once: the other one made the user.
    const made = isFailure(error, 'duplicate') ? await findOwner(ctx, identity) : undefined;
    if (!made) throw error;
    return updateArrived(ctx, made.user_id, identity, arrival);
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

function newcomer(ctx: Context, identity: Identity, { id, connection, profile }: FederatedArrival): User {
  const now = isoTime(ctx.clock);
  const { email } = profile;
  return {
    ...derivedProfile(email === undefined ? { username: profile.nickname ?? id } : { email }),
    ...kept(connection, profile),
    identities: [identity],
    user_id: identityKey(identity),
    created_at: now,
    updated_at: now,
  };
}

async function insertNewcomer(ctx: Context, user: User, { connection, tokens }: FederatedArrival): Promise<User> {
  const { user_id } = user;
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
  user_id: string,
  identity: Identity,
  arrival: FederatedArrival,
): Promise<User | undefined> {
  const { connection, tokens } = arrival;
  return ctx.store.transaction(async () => {
    const row = { id: identityKey(identity), connection: connection.name, user_id };
    await federatedIdentitiesOf(ctx).put(federatedIdentity(ctx, row, tokens));
    return usersOf(ctx).update(user_id, (user) => arrivedAs(ctx, user, identity, arrival));
  });
}

/** What the arrival makes of a user who is known. */
function arrivedAs(ctx: Context, user: User, identity: Identity, { connection, profile }: FederatedArrival): User {
  const follows = federatedRules(connection).rootAttributes === 'on_each_login';
  const changes = Object.entries(kept(connection, profile)).filter(
    ([name]) => follows || !ROOT_ATTRIBUTES.includes(name),
  );
  const id = identityKey(identity);
  return {
    ...user,
    ...Object.fromEntries(changes),
    identities: user.identities.map((one) => (identityKey(one) === id ? { ...one, ...identity } : one)),
    updated_at: isoTime(ctx.clock),
  };
}

function kept(connection: Connection, profile: Partial<User>): Partial<User> {
  const { dropped } = federatedRules(connection);
  return Object.fromEntries(Object.entries(profile).filter(([name]) => !dropped.includes(name)));
}
