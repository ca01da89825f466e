import {
  anything,
  type Context,
  endpoint,
  Failure,
  json,
  oauthError,
  type Reply,
  Type,
  type WireError,
} from '../../kernel/index.ts';
import { type Connection, databaseRules } from '../../resources/connections/index.ts';
import {
  findRecipientProblem,
  requireDatabaseConnection,
  spendStartAllowance,
  startDatabaseOtp,
} from '../../strategies/index.ts';
import { grantNotAllowed, requireGrant } from '../allowed-grant.ts';
import { endUserAddress } from '../token/end-user-address.ts';
import { authenticateClient } from '../token/index.ts';
import type { TokenBody } from '../token/token-request.ts';
import { tooMany } from '../too-many.ts';
import { GRANT } from '../vocabulary.ts';

type Headers = Readonly<Record<string, string | undefined>>;
type Identifier = 'email' | 'phone_number';

function invalid(field: string, message: string): WireError {
  const extra = { validation_errors: [{ field, message }] };
  return oauthError(400, 'invalid_request', message, { extra });
}

async function challenge(ctx: Context, body: TokenBody, headers: Headers): Promise<Reply> {
  const client = await authenticateClient(ctx, { body, headers });
  requireGrant(client, GRANT.passwordlessOtp);
  if (client.app_type === 'spa') throw grantNotAllowed(GRANT.passwordlessOtp);
  const connection = await readConnection(ctx, readText(body, 'connection'), client);
  const { identifier, recipient } = readRecipient(body);
  if (!databaseRules(connection).otpEnabled[identifier]) throw notUsable();
  const isVoice = readDelivery(body.delivery_method) === 'voice';
  const allow_signup = readFlag(body.allow_signup);
  const ip = endUserAddress(ctx, client, headers);
  const spent = await spendStartAllowance(ctx, connection, recipient, ip);
  if (!spent.allowed) throw tooMany(spent.headers);
  const request = { connection, client, identifier, recipient, allow_signup, isVoice };
  return json(200, { auth_session: await startDatabaseOtp(ctx, request) }, spent.headers);
}

function readText(body: TokenBody, name: string): string {
  const value = body[name];
  if (value === undefined || value === null || value === '') throw invalid(name, `Missing required parameter: ${name}`);
  if (typeof value !== 'string') throw invalid(name, `Parameter ${name} must be of type string`);
  return value;
}

function readRecipient(body: TokenBody): { identifier: Identifier; recipient: string } {
  if (body.email !== undefined && body.phone_number !== undefined)
    throw invalid('email', 'Either email or phone_number must be given, not both');
  const identifier: Identifier = body.phone_number === undefined ? 'email' : 'phone_number';
  const recipient = readText(body, identifier);
  const problem = findRecipientProblem(identifier, recipient);
  if (problem) throw invalid(identifier, problem);
  return { identifier, recipient };
}

function readDelivery(value: unknown = 'text'): 'text' | 'voice' {
  if (value === 'text' || value === 'voice') return value;
  throw invalid('delivery_method', 'Parameter delivery_method must be text or voice');
}

function readFlag(value: unknown = false): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw invalid('allow_signup', 'Parameter allow_signup must be of type boolean');
}

const notUsable = () =>
  oauthError(400, 'invalid_connection', 'The connection does not exist, or does not take one-time codes.');

async function readConnection(ctx: Context, name: string, client: { client_id: string }): Promise<Connection> {
  try {
    return await requireDatabaseConnection(ctx, name, client);
  } catch (error) {
    throw error instanceof Failure ? notUsable() : error;
  }
}

export const otpChallengeEndpoint = endpoint({
  method: 'POST',
  path: '/otp/challenge',
  name: 'challengeWithOtp',
  summary: 'Have a code to log in with sent to a user of a database',
  tag: 'Passwordless',
  surface: 'oauth',
  cors: 'client',
  body: Type.Object({
    client_id: anything('The client.'),
    client_secret: anything('Its secret.'),
    client_assertion: anything('Its assertion, where it has keys in place of a secret.'),
    client_assertion_type: anything('The type of the assertion.'),
    connection: anything('The database.'),
    email: anything('Where to, by mail.'),
    phone_number: anything('Where to, by phone: E.164.'),
    allow_signup: anything('Whether who is not known yet may sign up. Default: false.'),
    delivery_method: anything('To a phone: `text` (the default) or `voice`.'),
  }),
  replies: {
    200: Type.Object({ auth_session: Type.String() }, { description: 'The same, whether or not a code was sent.' }),
    400: 'The request is malformed, or the connection takes no codes.',
    401: 'The client could not be authenticated.',
    403: 'The client may not use the grant.',
    429: 'Asked too often.',
  },
  handle: (ctx, { body, headers }) => challenge(ctx, body as TokenBody, headers),
});
