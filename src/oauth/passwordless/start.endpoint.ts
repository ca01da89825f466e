import { type Context, endpoint, json, oauthError, type Reply, type TSchema, Type } from '../../kernel/index.ts';
import { findClient, isPublic, requireOwnEndpoints, type StoredClient } from '../../resources/clients/index.ts';
import { passwordlessRules } from '../../resources/connections/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';
import { type PasswordlessStart, spendStartAllowance, startPasswordless } from '../../strategies/index.ts';
import { endUserAddress } from '../token/end-user-address.ts';
import { authenticateClient } from '../token/index.ts';
import { tooMany } from '../too-many.ts';
import { readStart, requireWellFormed, STARTABLE, type StartBody } from './start-request.ts';

type Headers = Readonly<Record<string, string | undefined>>;

async function start(ctx: Context, body: StartBody, headers: Headers): Promise<Reply> {
  requireWellFormed(body);
  const client = requireOwnEndpoints(await requireClient(ctx, body, headers));
  const request = await readStart(ctx, body, client);
  const ip = endUserAddress(ctx, client, headers);
  const spent = await spendStartAllowance(ctx, request.connection, request.recipient, ip);
  if (!spent.allowed) throw tooMany(spent.headers);
  const language = headers['x-request-language'];
  const { id } = await startPasswordless(ctx, { ...request, language });
  return json(200, present(request, id, language), spent.headers);
}

/** Clients that can keep a secret must show it, as long as the tenant's flag is on, which is Auth0's default. */
async function requireClient(ctx: Context, body: StartBody, headers: Headers): Promise<StoredClient> {
  const isProved = ['client_secret', 'client_assertion'].some((name) => body[name]) || headers.authorization;
  const client = isProved ? undefined : await findClient(ctx, String(body.client_id));
  if (!client || isPublic(client)) return authenticateClient(ctx, { body, headers });
  const { flags } = await tenantSettings(ctx);
  if (flags.enforce_client_authentication_on_passwordless_start === false) return client;
  throw oauthError(401, 'unauthorized_client', 'Client authentication is required');
}

/** The same for those who have an account and those who have none. */
function present({ connection, recipient }: PasswordlessStart, id: string, language: string | undefined) {
  if (passwordlessRules(connection).identifier === 'email') return { _id: id, email: recipient, email_verified: false };
  const said = language === undefined ? {} : { request_language: language };
  return { _id: id, phone_number: recipient, phone_verified: false, ...said };
}

export const startEndpoint = endpoint({
  method: 'POST',
  path: '/passwordless/start',
  name: 'startPasswordless',
  summary: 'Have a code or a link to log in with sent to an e-mail address or phone',
  tag: 'Passwordless',
  surface: 'oauth',
  cors: 'client',
  body: Type.Object(
    Object.fromEntries(
      Object.entries(STARTABLE).map(([name, description]): [string, TSchema] => [
        name,
        Type.Optional(Type.Unsafe<unknown>({ description })),
      ]),
    ),
  ),
  replies: {
    200: Type.Object({ _id: Type.String() }, { description: 'It is on its way.', additionalProperties: true }),
    400: 'What is wrong with the request, or why nothing could be sent.',
    401: 'The client must be authenticated.',
    429: 'Asked too often.',
  },
  handle: (ctx, { body, headers }) => start(ctx, body as StartBody, headers),
});
