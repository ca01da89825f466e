import { type Context, databaseError, Failure, fail, WireError } from '../../kernel/index.ts';
import { type Connection, databaseRules } from '../../resources/connections/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';
import { createDatabaseUser, findIdentifierProblem, type Identifiers, type User } from '../../resources/users/index.ts';
import { sendVerificationEmail } from './email-verification.ts';

/** Profile members that somebody may bring along. */
export interface SignUp extends Identifiers {
  readonly connection: Connection;
  readonly client?: { readonly client_id: string };
  /** Somebody asked them in: that the public may not sign up is not about them. */
  readonly isInvited?: boolean;
  readonly password: string;
  readonly name?: string;
  readonly given_name?: string;
  readonly family_name?: string;
  readonly nickname?: string;
  readonly picture?: string;
  readonly user_metadata?: Record<string, unknown>;
}

/**
 * Makes an account for somebody who asks for one, and mails a link that verifies the address where the connection wants that. Logged as
 * `ss` or `fs`. Failures signup_disabled, user_exists, username_exists, phone_number_exists, password_*; a database error (400) where
 * identifiers do not fit the connection: `findIdentifierProblem` tells a page beforehand.
 */
export async function signUp(ctx: Context, input: SignUp): Promise<User> {
  const { connection, client, isInvited = false, ...given } = input;
  const event = {
    connection: connection.name,
    user_name: (given.username ?? given.email ?? given.phone_number ?? '').slice(0, 320),
    ...(client ? { client_id: client.client_id } : {}),
  };
  try {
    requireSignUp(connection, given, isInvited);
    const user = await createDatabaseUser(ctx, { connection, ...given });
    ctx.audit({ ...event, type: 'ss', user_id: user.user_id, details: { body: given } });
    if (databaseRules(connection).verifyEmail) await sendVerificationEmail(ctx, user, client ?? {});
    return user;
  } catch (error) {
    if (error instanceof Failure || error instanceof WireError)
      ctx.audit({ ...event, type: 'fs', description: describe(error) });
    throw error;
  }
}

function requireSignUp(connection: Connection, given: Identifiers, isInvited: boolean): void {
  const rules = databaseRules(connection);
  const isClosed = rules.signupDisabled && !isInvited;
  if (isClosed || !rules.passwordEnabled || !rules.passwordSignup) fail('signup_disabled', {});
  const problem = findIdentifierProblem(rules, given, 'signup');
  if (problem) throw databaseError(400, 'bad_request', problem.message, { extra: { error: problem.message } });
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  signup_disabled: 'Public signup is disabled',
  user_exists: 'The user already exists.',
  username_exists: 'The username already exists.',
  phone_number_exists: 'The phone number already exists.',
  password_too_weak: 'Password is too weak',
  password_too_common: 'Password is too common.',
  password_has_user_info: 'Password contains user information',
};

/** May whoever signs up be told that there is such an account? (flag `enable_public_signup_user_exists_error`) */
export async function tellsWhoExists(ctx: Context): Promise<boolean> {
  return (await tenantSettings(ctx)).flags.enable_public_signup_user_exists_error === true;
}

/** For the log, which may say what the answer does not. */
function describe(error: Failure | WireError): string {
  return error instanceof Failure ? (DESCRIPTIONS[error.code] ?? error.code) : error.message;
}
