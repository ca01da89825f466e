import { createHash } from 'node:crypto';
import { type Context, fail, hexId, isFailure, isoTime, managementError } from '../../kernel/index.ts';
import { hashPassword } from '../../platform/crypto/index.ts';
import { type Connection, databaseRules, holdConnection, type Identifier } from '../connections/index.ts';
import { type PasswordCredential, passwordCredentialsOf } from './credential.store.ts';
import { findIdentifierProblem, type Identifiers, normalizeIdentifiers } from './identifiers.ts';
import { requireAcceptablePassword } from './passwords/policy.ts';
import { type User, usersOf } from './user.store.ts';

/** What a new user may be given. `user_id` is without the provider; metadata and profile are stored as they are. */
export interface NewUser extends Identifiers {
  readonly connection: Connection;
  readonly user_id?: string;
  readonly password?: string;
  /** PHC or bcrypt: for users who come with a password that was hashed before. Policy is asked only where `password` is given too. */
  readonly password_hash?: string;
  readonly email_verified?: boolean;
  readonly phone_verified?: boolean;
  readonly name?: string;
  readonly nickname?: string;
  readonly given_name?: string;
  readonly family_name?: string;
  readonly picture?: string;
  readonly user_metadata?: Record<string, unknown>;
  readonly app_metadata?: Record<string, unknown>;
  readonly blocked?: boolean;
}

const DUPLICATES = {
  email: 'user_exists',
  username: 'username_exists',
  phone_number: 'phone_number_exists',
} as const satisfies Record<Identifier, string>;

/** The picture of somebody who brought none: Gravatar's for the address, else two letters. */
export function defaultPicture(identifier: string): string {
  const hash = createHash('md5').update(identifier.toLowerCase()).digest('hex');
  const letters = identifier
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .slice(0, 2);
  const fallback = encodeURIComponent(`https://cdn.auth0.com/avatars/${letters}.png`);
  return `https://s.gravatar.com/avatar/${hash}?s=480&r=pg&d=${fallback}`;
}

/** Profile members that were not given, made of the identifiers as Auth0 makes them. */
export function derivedProfile({ email, username, phone_number }: Identifiers): Partial<User> {
  const identifier = email ?? username ?? phone_number ?? '';
  const nickname = email ? email.slice(0, email.lastIndexOf('@')) : identifier;
  return { name: identifier, nickname, picture: defaultPicture(identifier) };
}

function provided<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Partial<T>;
}

function withoutMembers<T extends object>(value: T, names: readonly string[]): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name))) as Partial<T>;
}

function userFrom(ctx: Context, input: NewUser, identifiers: Identifiers, localId: string, provider: string): User {
  const { connection, user_id, password, password_hash, email_verified, ...profile } = input;
  const now = isoTime(ctx.clock);
  return {
    ...derivedProfile(identifiers),
    ...withoutMembers(provided(profile), databaseRules(connection).dropped),
    ...identifiers,
    ...(identifiers.email === undefined ? {} : { email_verified: email_verified ?? false }),
    ...(identifiers.phone_number === undefined ? {} : { phone_verified: input.phone_verified ?? false }),
    identities: [{ connection: connection.name, user_id: localId, provider, isSocial: false }],
    user_id: `${provider}|${localId}`,
    created_at: now,
    updated_at: now,
  };
}

function credentialFrom(ctx: Context, input: NewUser, user: User, localId: string, hash: string | undefined) {
  const { connection } = input;
  const rules = databaseRules(connection);
  const credential: PasswordCredential = {
    id: credentialId(connection.name, localId),
    connection: connection.name,
    user_id: user.user_id,
    ...lookupIdentifiers(user, rules.identifiers.email.unique),
    ...(hash === undefined ? {} : { password_hash: hash, password_set_at: isoTime(ctx.clock) }),
  };
  return credential;
}

/** Key of the credential of the identity `localId` in the connection called `connection`. */
export function credentialId(connection: string, localId: string): string {
  return `${connection}|${localId}`;
}

/** Identifiers in the form in which they are unique: lower-case; an address that several users may share is left out. */
export function lookupIdentifiers(user: Identifiers, emailUnique: boolean): Identifiers {
  return {
    ...(user.email !== undefined && emailUnique ? { email: user.email.toLowerCase() } : {}),
    ...(user.username === undefined ? {} : { username: user.username.toLowerCase() }),
    ...(user.phone_number === undefined ? {} : { phone_number: user.phone_number }),
  };
}

/** Turns a broken unique index of users or credentials into the failure that names the identifier; other errors pass. */
export async function namingDuplicates<R>(work: Promise<R>): Promise<R> {
  try {
    return await work;
  } catch (error) {
    if (!isFailure(error, 'duplicate')) throw error;
    const [fields = ''] = error.params.fields;
    const identifier = (['username', 'phone_number'] as const).find((name) => fields.endsWith(name)) ?? 'email';
    return fail(DUPLICATES[identifier], {});
  }
}

/** A user that is about to be. Nothing is stored until `save`, which may run inside a transaction of the caller. */
export interface DraftUser {
  readonly user: User;
  /** Failures user_exists, username_exists, phone_number_exists. */
  readonly save: () => Promise<void>;
}

function draft(
  ctx: Context,
  { connection }: Pick<NewUser, 'connection'>,
  user: User,
  credential: PasswordCredential,
): DraftUser {
  const insert = async () => {
    await holdConnection(ctx, connection);
    await usersOf(ctx).insert(user);
    await passwordCredentialsOf(ctx).insert(credential);
  };
  return { user, save: () => namingDuplicates(ctx.store.transaction(insert)) };
}

/**
 * Drafts a user of the database connection `input.connection`: policy checked, password hashed. Failures password_too_weak,
 * password_too_common, password_has_user_info; a management error (400) where identifiers do not fit the connection.
 */
export async function draftDatabaseUser(ctx: Context, input: NewUser): Promise<DraftUser> {
  const { connection, password } = input;
  const rules = databaseRules(connection);
  const identifiers = normalizeIdentifiers(input);
  const problem = findIdentifierProblem(rules, identifiers, 'create');
  if (problem) throw managementError(400, problem.message, 'invalid_body');
  if (password !== undefined) requireAcceptablePassword(rules.password, { ...input, ...identifiers }, password);
  const localId = (input.user_id ?? '').replace(/^auth0\|/, '') || hexId(ctx.random);
  const hash = input.password_hash ?? (password === undefined ? undefined : await hashPassword(password, ctx.random));
  const user = userFrom(ctx, input, identifiers, localId, 'auth0');
  return draft(ctx, input, user, credentialFrom(ctx, input, user, localId, hash));
}

/**
 * Makes a user of the database connection `input.connection`, identifiers unique. Failures of draftDatabaseUser, user_exists,
 * username_exists, phone_number_exists. Neither sends mail nor writes to the log.
 */
export async function createDatabaseUser(ctx: Context, input: NewUser): Promise<User> {
  const { user, save } = await draftDatabaseUser(ctx, input);
  await save();
  return user;
}

/** Drafts a user of a passwordless connection: known by an address or a number that a code is sent to. */
export function draftPasswordlessUser(ctx: Context, input: NewUser): DraftUser {
  const identifiers = normalizeIdentifiers(input);
  const localId = input.user_id || hexId(ctx.random);
  const user = userFrom(ctx, input, identifiers, localId, input.connection.strategy);
  const member = input.connection.strategy === 'sms' ? 'phone_number' : 'email';
  const known: PasswordCredential = {
    id: credentialId(input.connection.name, localId),
    connection: input.connection.name,
    user_id: user.user_id,
    [member]: identifiers[member],
  };
  return draft(ctx, input, user, known);
}

/** Makes a user of a passwordless connection. Failure user_exists, phone_number_exists. */
export async function createPasswordlessUser(ctx: Context, input: NewUser): Promise<User> {
  const { user, save } = draftPasswordlessUser(ctx, input);
  await save();
  return user;
}
