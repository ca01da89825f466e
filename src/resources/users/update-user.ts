import { type Context, isoTime, managementError } from '../../kernel/index.ts';
import {
  type Connection,
  databaseRules,
  federatedRules,
  findConnectionByName,
  isFederated,
} from '../connections/index.ts';
import { type PreparedPassword, preparePassword, storePassword } from './change-password.ts';
import { credentialId, lookupIdentifiers, namingDuplicates } from './create-user.ts';
import { passwordCredentialsOf } from './credential.store.ts';
import { follow } from './followers.ts';
import { findIdentifierProblem, type Identifiers, normalizeIdentifiers } from './identifiers.ts';
import type { UserChange } from './user.schema.ts';
import { type Identity, type User, usersOf } from './user.store.ts';

const unsupported = (message: string) => managementError(400, message, 'operation_not_supported');

/** Auth0 refuses to change both at once. */
const PAIRS = [
  ['username', 'password'],
  ['username', 'email_verified'],
  ['password', 'email_verified'],
] as const;

type Metadata = Readonly<Record<string, unknown>>;

/** Metadata after a change: first level merged, null removes a member, `{}` clears all. */
function mergeMetadata(before: Metadata | undefined, change: Metadata): Metadata {
  if (Object.keys(change).length === 0) return {};
  return Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== null));
}

function metadataAfter(user: User, { user_metadata, app_metadata }: UserChange): Partial<User> {
  const appMetadata = app_metadata && mergeMetadata(user.app_metadata, app_metadata);
  return {
    ...(user_metadata ? { user_metadata: mergeMetadata(user.user_metadata, user_metadata) } : {}),
    // Recorded: emptied, the one stays as `{}` and the other disappears.
    ...(appMetadata ? { app_metadata: Object.keys(appMetadata).length > 0 ? appMetadata : undefined } : {}),
  } as Partial<User>;
}

function requireCompatible(change: UserChange): void {
  for (const [one, other] of PAIRS) {
    if (change[one] !== undefined && change[other] !== undefined)
      throw unsupported(`Cannot update ${one} and ${other} simultaneously`);
  }
  if (change.client_id !== undefined && change.email === undefined)
    throw unsupported('client_id is only valid when updating email');
}

/** The connection whose identity the change is about: the one named, else that of the primary identity. */
async function targetOf(
  ctx: Context,
  user: User,
  change: UserChange,
): Promise<{ connection: Connection; identity: Identity }> {
  const identity = user.identities.find(
    ({ connection }) => change.connection === undefined || connection === change.connection,
  );
  const connection = identity && (await findConnectionByName(ctx, identity.connection));
  if (!identity || !connection)
    throw managementError(400, 'The user has no identity in this connection.', 'invalid_body');
  return { connection, identity };
}

/** What the identity provider says is not anybody else's to change; Auth0's words. */
const PROVIDERS_OWN = ['email', 'email_verified', 'phone_number', 'phone_verified', 'username', 'password'] as const;
const FOLLOWING = ['name', 'nickname', 'given_name', 'family_name', 'picture'] as const;

function requireOwnMembers(connection: Connection, change: UserChange): void {
  const follows = federatedRules(connection).rootAttributes === 'on_each_login';
  const own = [...PROVIDERS_OWN, ...(follows ? FOLLOWING : [])].filter((name) => change[name] !== undefined);
  if (own.length === 0) return;
  throw unsupported(
    `The following user attributes cannot be updated: ${own.join(', ')}. The connection (${connection.name}) should either be a database connection (using the Auth0 store), a passwordless connection (email or sms) or has disabled 'Sync user profile attributes at each login'. For more information, see https://auth0.com/docs/dashboard/guides/connections/configure-connection-sync`,
  );
}

function requireIdentifiers(connection: Connection, change: UserChange): void {
  if (isFederated(connection)) {
    requireOwnMembers(connection, change);
    return;
  }
  if (connection.strategy !== 'auth0') {
    if (change.password || change.username) {
      const text = `Users of ${connection.strategy} connections have neither a password nor a username.`;
      throw unsupported(text);
    }
    return;
  }
  const rules = databaseRules(connection);
  const present = Object.entries(change).filter(([, value]) => value !== null && value !== undefined);
  const given: Identifiers = normalizeIdentifiers(Object.fromEntries(present));
  const problem = findIdentifierProblem(rules, given, 'change');
  if (problem) throw managementError(400, problem.message, 'invalid_body');
  for (const name of ['email', 'username', 'phone_number'] as const) {
    if (change[name] === null && rules.identifiers[name].required)
      throw managementError(400, `Cannot remove ${name}: the connection requires it.`, 'invalid_body');
  }
}

/** The user after the change; members set to null are gone. */
function changed(ctx: Context, user: User, change: UserChange): User {
  const { user_metadata, app_metadata, password, connection, client_id, verify_email, ...root } = change;
  const email = typeof root.email === 'string' ? root.email.trim().toLowerCase() : root.email;
  const emailChanged = email !== undefined && email !== user.email;
  const phoneChanged = root.phone_number !== undefined && root.phone_number !== user.phone_number;
  const next = {
    ...user,
    ...root,
    ...(email === undefined ? {} : { email }),
    // A new address is nobody's until it is proved again, unless the caller vouches for it.
    ...(emailChanged ? { email_verified: email === null ? null : (root.email_verified ?? false) } : {}),
    ...(phoneChanged ? { phone_verified: root.phone_number === null ? null : (root.phone_verified ?? false) } : {}),
    ...metadataAfter(user, change),
    updated_at: isoTime(ctx.clock),
  };
  const kept = Object.entries(next).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(kept) as unknown as User;
}

async function writeUser(
  ctx: Context,
  userId: string,
  change: UserChange,
  target: Awaited<ReturnType<typeof targetOf>>,
) {
  const { connection, identity } = target;
  let before: User | undefined;
  const updated = await usersOf(ctx).update(userId, (current) => {
    before = current;
    return changed(ctx, current, change);
  });
  if (!updated || !before) return undefined;
  // Auth0: an address that is no longer proved counts as another one.
  const isDoubted = before.email_verified === true && updated.email_verified === false;
  if (updated.email !== before.email || isDoubted) await follow(ctx, 'email_changed', userId);
  if (updated.blocked && !before.blocked) await follow(ctx, 'blocked', userId);
  const { strategy } = connection;
  const unique = strategy === 'auth0' ? databaseRules(connection).identifiers.email.unique : strategy === 'email';
  await passwordCredentialsOf(ctx).update(credentialId(connection.name, identity.user_id), (credential) => {
    const { email, username, phone_number, ...rest } = credential;
    return { ...rest, ...lookupIdentifiers(updated, unique) };
  });
  return updated;
}

/**
 * Changes a user as `PATCH /api/v2/users/{id}` does: metadata merged on its first level, other members replaced, null unset. WireErrors
 * 400 for what may not go together or does not fit the connection; failures user_exists, username_exists, phone_number_exists and
 * password_*. Nothing is changed when it is refused. Undefined when the user is gone.
 */
export async function updateUser(ctx: Context, user: User, change: UserChange): Promise<User | undefined> {
  requireCompatible(change);
  const target = await targetOf(ctx, user, change);
  requireIdentifiers(target.connection, change);
  if (change.password === null) throw managementError(400, 'A password cannot be removed.', 'invalid_body');
  let password: PreparedPassword | undefined;
  if (change.password !== undefined)
    password = await preparePassword(ctx, changed(ctx, user, change), change.password, target.connection.name);
  return namingDuplicates(
    ctx.store.transaction(async () => {
      const updated = await writeUser(ctx, user.user_id, change, target);
      if (!updated || !password) return updated;
      await storePassword(ctx, password);
      return usersOf(ctx).get(user.user_id);
    }),
  );
}
