import { type Context, fail, managementError } from '../../kernel/index.ts';
import { type Connection, databaseRules, findConnectionByName, isFederated } from '../connections/index.ts';
import { createDatabaseUser, createPasswordlessUser } from './create-user.ts';
import type { UserBody } from './user.schema.ts';
import type { User } from './user.store.ts';

const missing = (name: string) =>
  managementError(400, `Payload validation error: 'Missing required property: ${name}'.`, 'invalid_body');

/** The rules for users that an operator makes. WireErrors 400. */
function requireFitting(connection: Connection, body: UserBody): void {
  if (isFederated(connection)) {
    const text =
      'Connection does not support user creation through the API. It must either be a database or passwordless connection.';
    throw managementError(400, text, 'operation_not_supported');
  }
  if (connection.strategy === 'auth0') {
    const rules = databaseRules(connection);
    if (body.password === undefined && rules.passwordEnabled && !rules.passwordOptional) throw missing('password');
    return;
  }
  const member = connection.strategy === 'sms' ? 'phone_number' : 'email';
  if (body[member] === undefined) throw missing(member);
  if (body.password !== undefined || body.username !== undefined) {
    const text = `Users of ${connection.strategy} connections have neither a password nor a username.`;
    throw managementError(400, text, 'operation_not_supported');
  }
}

/**
 * Makes the user that `POST /api/v2/users` asks for, in a database or a passwordless connection. Failures connection_not_found, those of
 * createDatabaseUser; WireErrors 400 for members that do not fit the connection. Sends no mail.
 */
export async function createManagedUser(ctx: Context, body: UserBody): Promise<User> {
  const { connection: name, verify_email, ...given } = body;
  const connection = await findConnectionByName(ctx, name);
  if (!connection) fail('connection_not_found', {});
  requireFitting(connection, body);
  const create = connection.strategy === 'auth0' ? createDatabaseUser : createPasswordlessUser;
  return create(ctx, { connection, ...given });
}
