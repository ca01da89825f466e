import { type Context, fail, isFailure, oauthError, WireError } from '../../../../kernel/index.ts';
import type { JwtMembers } from '../../../../platform/crypto/index.ts';
import type { StoredClient } from '../../../../resources/clients/index.ts';
import {
  type Connection,
  findConnectionByName,
  isEnabledFor,
  isFederated,
} from '../../../../resources/connections/index.ts';
import type { SubjectTokenVerifier } from '../../../../resources/token-exchange-profiles/index.ts';
import {
  draftDatabaseUser,
  draftFederatedUser,
  type FederatedArrival,
  findFederatedUser,
  findUser,
  isEmail,
  type User,
} from '../../../../resources/users/index.ts';
import { userIsBlocked } from '../../grant-refusal.ts';
import { type CheckedToken, invalidToken } from './subject-token.ts';

/** Whom tokens are for, and the connection that they come from. */
export interface SubjectUser {
  readonly user: User;
  readonly connection: Connection;
  /** Makes the user, where they are new: run in the transaction that saves what is issued. */
  readonly save: () => Promise<void>;
}

const asTheyAre = async () => {};

/**
 * The user that a checked token stands for, as its verifier maps it, in a connection that `client` may use. With
 * `create_if_not_exists` somebody unknown is made known by `save`, of the standard claims of the token.
 *
 * @throws WireError 400 invalid_request when nobody fits, 403 for somebody who is blocked; Failure connection_disabled
 */
export async function userOfToken(
  ctx: Context,
  client: StoredClient,
  verifier: SubjectTokenVerifier,
  { id, claims }: CheckedToken,
): Promise<SubjectUser> {
  const found =
    verifier.connection === undefined
      ? await knownUser(ctx, client, id)
      : await userInConnection(ctx, client, verifier.connection, verifier, id, claims);
  if (found.user.blocked) throw userIsBlocked(found.user.user_id);
  return found;
}

export function unknownUser(): WireError {
  return oauthError(400, 'invalid_request', 'User not found');
}

/** A whole `user_id`; the connection is that of the first identity, as Auth0 has it. */
async function knownUser(ctx: Context, client: StoredClient, userId: string): Promise<SubjectUser> {
  const user = await findUser(ctx, userId);
  const name = user?.identities[0]?.connection;
  if (!user || name === undefined) throw unknownUser();
  return { user, connection: await usableConnection(ctx, client, name), save: asTheyAre };
}

async function usableConnection(ctx: Context, client: StoredClient, name: string): Promise<Connection> {
  const connection = await findConnectionByName(ctx, name);
  if (!connection) return fail('connection_not_found', {});
  return isEnabledFor(connection, client.client_id) ? connection : fail('connection_disabled', {});
}

async function userInConnection(
  ctx: Context,
  client: StoredClient,
  name: string,
  { creation_behavior }: SubjectTokenVerifier,
  id: string,
  claims: JwtMembers,
): Promise<SubjectUser> {
  const connection = await usableConnection(ctx, client, name);
  const user = await findIn(ctx, connection, id);
  if (user) return { user, connection, save: asTheyAre };
  if (creation_behavior === 'none') throw unknownUser();
  return { ...(await newcomer(ctx, connection, id, profileOf(claims))), connection };
}

/** Never somebody of another connection who happens to have the same id. */
async function findIn(ctx: Context, connection: Connection, id: string): Promise<User | undefined> {
  if (isFederated(connection)) return findFederatedUser(ctx, connection, id);
  const user = await findUser(ctx, `${connection.strategy}|${id}`);
  return user?.identities.some((one) => one.connection === connection.name && one.user_id === id) ? user : undefined;
}

/** What can stand in a new `user_id`, whole and visible. */
const ID = /^[\x21-\x7e]{1,255}$/;

async function newcomer(ctx: Context, connection: Connection, id: string, profile: Partial<User>): Promise<Newcomer> {
  if (!ID.test(id)) throw invalidToken('subject_token', 'nobody can have this id');
  if (isFederated(connection)) return newFederatedUser(ctx, { connection, id, profile });
  if (connection.strategy !== 'auth0') return fail('strategy_unsupported', {});
  const { user, save } = await draftDatabaseUser(ctx, { connection, user_id: id, ...profile }).catch((error) => {
    // What the Management API says of a body that does not fit the connection.
    if (error instanceof WireError) throw invalidToken('subject_token', error.message);
    throw error;
  });
  return {
    user,
    save: () =>
      save().catch(async (error: unknown) => {
        // Two first exchanges at once: the other one made the user.
        if (!isFailure(error, 'user_exists') || !(await findIn(ctx, connection, id))) throw error;
      }),
  };
}

type Newcomer = Pick<SubjectUser, 'user' | 'save'>;

async function newFederatedUser(ctx: Context, arrival: FederatedArrival): Promise<Newcomer> {
  const drafted = await draftFederatedUser(ctx, arrival);
  if (!drafted) throw unknownUser();
  const save = async () => {
    if (!(await drafted.save())) throw unknownUser();
  };
  return { user: drafted.user, save };
}

const LONGEST = 300;
const LONGEST_PICTURE = 2048;

/** The standard claims (OpenID Connect Core §5.1) that make a profile. */
function profileOf(claims: JwtMembers): Partial<User> {
  const names = ['name', 'nickname', 'given_name', 'family_name', 'picture'] as const;
  const texts = names.flatMap((name) => {
    const value = claims[name];
    const longest = name === 'picture' ? LONGEST_PICTURE : LONGEST;
    return typeof value === 'string' && value !== '' && value.length <= longest ? [[name, value]] : [];
  });
  return { ...Object.fromEntries(texts), ...emailOf(claims) };
}

function emailOf({ email, email_verified }: JwtMembers): Partial<User> {
  if (typeof email !== 'string' || !isEmail(email.trim())) return {};
  return { email: email.trim().toLowerCase(), email_verified: email_verified === true };
}
