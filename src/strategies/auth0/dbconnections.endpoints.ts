import {
  type Context,
  closed,
  databaseError,
  type Endpoint,
  endpoint,
  fail,
  isFailure,
  json,
  type Static,
  Type,
} from '../../kernel/index.ts';
import { findClient, isStrictThirdParty, type StoredClient } from '../../resources/clients/index.ts';
import { type Connection, findConnectionByName } from '../../resources/connections/index.ts';
import type { User } from '../../resources/users/index.ts';
import { requireDatabaseConnection } from './connection.ts';
import { spendResetAllowance, startPasswordReset } from './password-reset.ts';
import { signUp, tellsWhoExists } from './sign-up.ts';

const short = (maxLength: number) => Type.Optional(Type.String({ minLength: 1, maxLength }));

const clientMember = Type.Optional(Type.String({ minLength: 1, maxLength: 64 }));
/** Classic login pages send along which login they are of: there is nothing to look up in it. */
const state = short(1024);
const identifierMembers = {
  email: Type.Optional(Type.String({ format: 'email' })),
  username: short(128),
  phone_number: Type.Optional(Type.String({ pattern: '^\\+[0-9]{1,15}$' })),
};

const signUpBody = closed({
  client_id: clientMember,
  connection: Type.String({ minLength: 1, maxLength: 128 }),
  state,
  ...identifierMembers,
  password: Type.String({ minLength: 1, maxLength: 4096 }),
  name: short(300),
  given_name: short(150),
  family_name: short(150),
  nickname: short(300),
  picture: Type.Optional(Type.String({ format: 'strict-uri', maxLength: 2048 })),
  user_metadata: Type.Optional(
    Type.Record(Type.String(), Type.String({ maxLength: 500 }), {
      maxProperties: 10,
      propertyNames: { maxLength: 100 },
    }),
  ),
});

const resetBody = closed({
  client_id: clientMember,
  state,
  connection: Type.String({ minLength: 1, maxLength: 128 }),
  ...identifierMembers,
});

async function readClient(ctx: Context, clientId: string | undefined): Promise<StoredClient | undefined> {
  if (clientId === undefined) return undefined;
  const client = await findClient(ctx, clientId);
  if (!client) throw databaseError(400, 'invalid_request', 'The client does not exist.');
  // Auth0: strict third-party applications have people log in on the tenant's pages alone.
  if (isStrictThirdParty(client))
    throw databaseError(403, 'unauthorized_client', 'The client may not use this endpoint.');
  return client;
}

/** Without a client the request is the tenant's own, which may use every database connection. */
async function readConnection(ctx: Context, name: string, client: StoredClient | undefined): Promise<Connection> {
  if (client) return requireDatabaseConnection(ctx, name, client);
  const found = await findConnectionByName(ctx, name);
  if (!found) fail('connection_not_found', {});
  if (found.strategy !== 'auth0') fail('strategy_unsupported', {});
  return found;
}

/** A new account as its owner sees it: `_id` is the id without the provider. */
function presentSignUp(user: User, given: Static<typeof signUpBody>): Record<string, unknown> {
  const { connection, client_id, password, state: _state, ...echoed } = given;
  return {
    _id: user.identities[0]?.user_id,
    ...echoed,
    ...(user.email === undefined ? {} : { email: user.email, email_verified: user.email_verified ?? false }),
    ...(user.phone_number === undefined ? {} : { phone_verified: user.phone_verified ?? false }),
  };
}

/** Auth0: a tenant may want people told that they have an account; others hear that something is wrong. */
async function orExists(ctx: Context, signedUp: Promise<User>): Promise<User> {
  try {
    return await signedUp;
  } catch (error) {
    if (!isFailure(error, 'user_exists') || !(await tellsWhoExists(ctx))) throw error;
    throw databaseError(400, 'user_exists', 'The user already exists.');
  }
}

const signup = endpoint({
  method: 'POST',
  path: '/dbconnections/signup',
  name: 'signUp',
  summary: 'Create an account in a database connection',
  tag: 'database connections',
  surface: 'database',
  cors: 'client',
  accepts: ['json', 'form'],
  body: signUpBody,
  replies: {
    200: Type.Object({ _id: Type.String() }, { description: 'The new account.', additionalProperties: true }),
    400: 'Why there is none.',
  },
  async handle(ctx, { body }) {
    const { client_id, connection: name, state: _state, ...given } = body;
    const client = await readClient(ctx, client_id);
    const connection = await readConnection(ctx, name, client);
    const user = await orExists(ctx, signUp(ctx, { connection, ...given, ...(client ? { client } : {}) }));
    return json(200, presentSignUp(user, body));
  },
});

const SENT = "We've just sent you an email to reset your password.";

const changePassword = endpoint({
  method: 'POST',
  path: '/dbconnections/change_password',
  name: 'requestPasswordReset',
  summary: 'Have a link for a new password mailed to a user',
  tag: 'database connections',
  surface: 'database',
  cors: 'client',
  accepts: ['json', 'form'],
  body: resetBody,
  replies: { 200: 'The same text whether or not there is such a user.', 429: 'Asked too often.' },
  async handle(ctx, { body }) {
    const identifier = body.email ?? body.username ?? body.phone_number;
    if (identifier === undefined) {
      const text = 'Missing required property: email';
      throw databaseError(400, 'bad_request', text, { extra: { error: text } });
    }
    const client = await readClient(ctx, body.client_id);
    const connection = await readConnection(ctx, body.connection, client);
    const { allowed, headers } = await spendResetAllowance(ctx, connection, identifier);
    if (!allowed) {
      const options = { name: 'TooManyRequestsError', headers };
      throw databaseError(429, 'too_many_requests', 'Too many requests. Try again in a minute.', options);
    }
    await startPasswordReset(ctx, { connection, identifier, ...(client ? { client } : {}) });
    return { status: 200, type: 'html', body: SENT, headers };
  },
});

/** `/dbconnections/*` */
export const databaseEndpoints: Endpoint[] = [signup, changePassword];
