import { type Context, fail, isFailure, oauthError, type WireError } from '../../../../kernel/index.ts';
import type { JwtMembers } from '../../../../platform/crypto/index.ts';
import type { StoredClient } from '../../../../resources/clients/index.ts';
import { type Connection, findConnectionByName, isEnabledFor } from '../../../../resources/connections/index.ts';
import type { SubjectTokenVerifier } from '../../../../resources/token-exchange-profiles/index.ts';
import {
  createDatabaseUser,
  type ForeignIdentity,
  type ForeignProfile,
  findForeignUser,
  findUser,
  obtainForeignUser,
  type User,
} from '../../../../resources/users/index.ts';
import { userIsBlocked } from '../../grant-refusal.ts';
import type { CheckedToken } from './subject-token.ts';

/** Whom tokens are for, and the connection that they come from. */
export interface SubjectUser {
  readonly user: User;
  readonly connection: Connection;
}

/**
 * The user that a checked token stands for, as its verifier maps it, in a connection that `client` may use. With
 * `create_if_not_exists` somebody unknown is made known, of the standard claims of the token.
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
  return { user, connection: await usableConnection(ctx, client, name) };
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
  const identity = identityIn(connection, id);
  const user = await findForeignUser(ctx, identity);
  if (user) return { user, connection };
  if (creation_behavior === 'none') throw unknownUser();
  return { user: await create(ctx, identity, profileOf(claims)), connection };
}

/** Database users are `auth0|<id>`; those of others carry the connection's name, as several may know people by the same ids. */
function identityIn(connection: Connection, id: string): ForeignIdentity {
  const { strategy, name } = connection;
  const isDatabase = strategy === 'auth0';
  return { connection, provider: strategy, user_id: isDatabase ? id : `${name}|${id}`, isSocial: false };
}

async function create(ctx: Context, identity: ForeignIdentity, profile: ForeignProfile): Promise<User> {
  try {
    if (identity.provider !== 'auth0') return await obtainForeignUser(ctx, identity, profile);
    const { connection, user_id } = identity;
    return await createDatabaseUser(ctx, { connection, user_id, ...profile });
  } catch (error) {
    const other = isFailure(error, 'user_exists') ? await findForeignUser(ctx, identity) : undefined;
    if (other) return other;
    throw error;
  }
}

/** The standard claims (OpenID Connect Core §5.1) that make a profile. */
function profileOf(claims: JwtMembers): ForeignProfile {
  const names = ['email', 'name', 'nickname', 'given_name', 'family_name', 'picture'] as const;
  const texts = names.flatMap((name) => (typeof claims[name] === 'string' ? [[name, claims[name]]] : []));
  return { ...Object.fromEntries(texts), ...(claims.email_verified === true ? { email_verified: true } : {}) };
}
