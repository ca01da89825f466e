import { anything, type Context, endpoint, json, oauthError, type Reply, Type } from '../../kernel/index.ts';
import { findClient, requireOwnEndpoints } from '../../resources/clients/index.ts';
import { passwordlessRules } from '../../resources/connections/index.ts';
import { requirePasswordlessConnection, verifyPasswordlessCode } from '../../strategies/index.ts';
import { readText, type TokenBody } from '../token/token-request.ts';

function requireParameter(body: TokenBody, name: string): string {
  const value = readText(body, name);
  if (value === undefined) throw oauthError(400, 'invalid_request', `missing ${name} parameter`);
  return value;
}

/**
 * Is this the code? auth0.js asks before it leads the browser to `/passwordless/verify_redirect`, where the code is used up: this does
 * not. A guess counts here as it does there.
 */
async function verify(ctx: Context, body: TokenBody): Promise<Reply> {
  if (body.grant_type !== undefined)
    throw oauthError(403, 'unsupported_grant_type', `Unsupported grant type: ${String(body.grant_type).slice(0, 200)}`);
  const client = await findClient(ctx, requireParameter(body, 'client_id'));
  if (!client) throw oauthError(403, 'unauthorized_client', 'invalid client');
  requireOwnEndpoints(client);
  const connection = await requirePasswordlessConnection(ctx, requireParameter(body, 'connection'), client);
  const recipient = requireParameter(body, passwordlessRules(connection).identifier);
  await verifyPasswordlessCode(ctx, {
    connection,
    recipient,
    code: requireParameter(body, 'verification_code'),
    client,
  });
  return json(200, {});
}

export const verifyEndpoint = endpoint({
  method: 'POST',
  path: '/passwordless/verify',
  name: 'verifyPasswordlessCode',
  summary: 'Check a code without using it up',
  tag: 'Passwordless',
  surface: 'oauth',
  cors: 'client',
  body: Type.Object({
    client_id: anything('The application that asked for the code.'),
    connection: anything('The e-mail or SMS connection.'),
    email: anything('Where the code was mailed.'),
    phone_number: anything('Where the code was texted.'),
    verification_code: anything('The code.'),
  }),
  replies: {
    200: Type.Object({}, { description: 'It is right.' }),
    400: 'A parameter is missing or malformed.',
    403: 'The code is wrong or expired, or was guessed at too often.',
    429: 'Too many wrong codes.',
  },
  handle: (ctx, { body }) => verify(ctx, body as TokenBody),
});
