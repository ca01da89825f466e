import {
  type Context,
  type Endpoint,
  json,
  managementError,
  managementWrite,
  shapes,
  Type,
} from '../../kernel/index.ts';
import { findClient } from '../../resources/clients/index.ts';
import { connectionsOf } from '../../resources/connections/index.ts';
import { issueTicket, type Ticket, ticketLink } from '../../resources/tickets/index.ts';
import { findPasswordCredential, findUser, missingUser, requireUser, type User } from '../../resources/users/index.ts';

const { body, choice, flag, integer, record, text } = shapes;

interface TicketBody {
  readonly user_id?: string;
  readonly connection_id?: string;
  readonly email?: string;
  readonly client_id?: string;
  readonly organization_id?: string;
  readonly result_url?: string;
  readonly ttl_sec?: number;
  readonly mark_email_as_verified?: boolean;
  readonly includeEmailInRedirect?: boolean;
  readonly identity?: { readonly user_id: string; readonly provider: string; readonly connection_id?: string };
}

const CONNECTION_ID = { pattern: '^con_[A-Za-z0-9]{16}$' };

const shared = {
  user_id: text('user_id of for whom the ticket should be created.', { format: 'user-id' }),
  result_url: text('URL the user will be redirected to once the ticket is used.', { format: 'url' }),
  client_id: text('ID of the client (application).', { format: 'client-id' }),
  organization_id: text('ID of the Organization.', { format: 'organization-id' }),
  ttl_sec: integer('Number of seconds for which the ticket is valid before expiration.', { minimum: 0 }),
  includeEmailInRedirect: flag('Whether the address is added to result_url.'),
  identity: record(
    {
      user_id: text('user_id of the identity.'),
      provider: choice(['auth0', 'email'], 'Identity provider name of the identity.'),
      connection_id: text('connection_id of the identity.', CONNECTION_ID),
    },
    "The user's identity.",
    { required: ['user_id', 'provider'] },
  ),
};

const passwordBody = body<TicketBody>({
  ...shared,
  connection_id: text('ID of the connection.', CONNECTION_ID),
  email: text('Email address of the user for whom the tickets should be created.', { format: 'email' }),
  mark_email_as_verified: flag('Whether using the ticket verifies the address.'),
});
const verificationBody = body<TicketBody>(shared, { required: ['user_id'] });
const reply = Type.Object({ ticket: Type.String({ description: 'URL of the ticket.' }) });

const invalid = (message: string) => managementError(400, message, 'invalid_body');

async function requireSound(ctx: Context, given: TicketBody): Promise<void> {
  if (given.organization_id !== undefined)
    throw managementError(
      400,
      'Tickets for organizations are not supported by this server.',
      'operation_not_supported',
    );
  if (given.result_url !== undefined && given.client_id !== undefined)
    throw invalid('result_url cannot be specified when using client_id');
  if (given.includeEmailInRedirect && given.result_url === undefined)
    throw invalid('includeEmailInRedirect requires result_url');
  if (given.client_id !== undefined && !(await findClient(ctx, given.client_id)))
    throw managementError(404, 'The client does not exist', 'inexistent_client');
}

/** Whom a password ticket is for: by id, or by address within a connection. */
async function requireTarget(ctx: Context, given: TicketBody): Promise<{ user: User; connection: string | undefined }> {
  if (given.user_id !== undefined) {
    if (given.connection_id !== undefined || given.email !== undefined)
      throw invalid('Cannot specify user_id together with connection_id or email');
    const user = await requireUser(ctx, given.user_id);
    return { user, connection: identityOf(user, given) };
  }
  if (given.connection_id === undefined || given.email === undefined)
    throw invalid('Either user_id, or connection_id and email must be specified');
  const connection = await connectionsOf(ctx).get(given.connection_id);
  if (!connection) throw managementError(404, 'The connection does not exist', 'inexistent_connection');
  const credential = await findPasswordCredential(ctx, connection.name, given.email);
  const user = credential && (await findUser(ctx, credential.user_id));
  if (!user) throw missingUser();
  return { user, connection: connection.name };
}

function identityOf(user: User, { identity }: TicketBody): string | undefined {
  if (!identity) return undefined;
  const found = user.identities.find((one) => one.user_id === identity.user_id && one.provider === identity.provider);
  if (!found) throw invalid('The user has no such identity');
  return found.connection;
}

async function answerTicket(ctx: Context, kind: Ticket['kind'], user: User, given: TicketBody, connection?: string) {
  const ticket = await issueTicket(ctx, {
    kind,
    user_id: user.user_id,
    ...(user.email === undefined ? {} : { email: user.email }),
    ...(connection === undefined ? {} : { connection }),
    ...(given.client_id === undefined ? {} : { client_id: given.client_id }),
    ...(given.result_url === undefined ? {} : { result_url: given.result_url }),
    ...(given.includeEmailInRedirect ? { include_email_in_redirect: true } : {}),
    ...(given.mark_email_as_verified ? { mark_email_as_verified: true } : {}),
    ...(given.ttl_sec ? { ttlSeconds: given.ttl_sec } : {}),
  });
  return json(201, { ticket: ticketLink(ctx, kind, ticket, 'page') });
}

const passwordChange = managementWrite({
  method: 'POST',
  path: '/api/v2/tickets/password-change',
  name: 'createPasswordChangeTicket',
  summary: 'Create a password change ticket',
  tag: 'tickets',
  scopes: ['create:user_tickets'],
  body: passwordBody,
  replies: { 201: reply },
  async handle(ctx, { body: given }) {
    await requireSound(ctx, given);
    const { user, connection } = await requireTarget(ctx, given);
    if (!user.identities.some(({ provider }) => provider === 'auth0'))
      throw managementError(
        400,
        'The user has no password: it is not in a database connection.',
        'operation_not_supported',
      );
    return answerTicket(ctx, 'password_reset', user, given, connection);
  },
});

const emailVerification = managementWrite({
  method: 'POST',
  path: '/api/v2/tickets/email-verification',
  name: 'createEmailVerificationTicket',
  summary: 'Create an email verification ticket',
  tag: 'tickets',
  scopes: ['create:user_tickets'],
  body: verificationBody,
  replies: { 201: reply },
  async handle(ctx, { body: given }) {
    await requireSound(ctx, given);
    const user = await requireUser(ctx, given.user_id ?? '');
    if (user.email === undefined)
      throw managementError(400, 'The user has no email address.', 'operation_not_supported');
    return answerTicket(ctx, 'email_verification', user, given, identityOf(user, given));
  },
});

/** `/api/v2/tickets/*` */
export const ticketEndpoints: Endpoint[] = [passwordChange, emailVerification];
