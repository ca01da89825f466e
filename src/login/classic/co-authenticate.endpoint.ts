import { anything, type Context, endpoint, json, oauthError, type Reply, Type, WireError } from '../../kernel/index.ts';
import { randomToken } from '../../platform/crypto/index.ts';
import { findClient, isStrictThirdParty, type StoredClient } from '../../resources/clients/index.ts';
import { mayReadAnswers } from '../../resources/organizations/index.ts';
import { browserCookie, TICKET_LIFETIME } from '../../transactions/index.ts';
import { type Credentials, readCredentials } from './co-credentials.ts';
import { proveCredentials } from './prove-credentials.ts';

/**
 * Cross-origin authentication: a page of the application has asked for the password itself, or for the code. Answers a ticket that
 * `/authorize` takes for the first factor, from the browser that has the cookie or the application's own copy of its secret.
 */
async function authenticate(ctx: Context, body: unknown, origin: string | undefined): Promise<Reply> {
  const credentials = readCredentials(body);
  const client = await findClient(ctx, credentials.client_id);
  if (!client || !allowsCrossOrigin(client)) throw notAllowed(ctx, client);
  if (origin === undefined || !(await mayReadAnswers(ctx, origin, client.client_id)))
    return refuseOrigin(ctx, client, origin);
  try {
    return await answer(ctx, client, credentials);
  } catch (error) {
    const text = error instanceof WireError ? String(error.body.error_description) : undefined;
    if (text !== undefined) audit(ctx, client, 'fcoa', { description: text, user_name: credentials.username });
    throw error;
  }
}

/** May pages of the application ask for passwords? Strict third-party applications may not, whatever they say. */
const allowsCrossOrigin = (client: StoredClient) =>
  client.cross_origin_authentication === true && !client.global && !isStrictThirdParty(client);

async function answer(ctx: Context, client: StoredClient, credentials: Credentials): Promise<Reply> {
  const co_id = randomToken(ctx.random, 16);
  const co_verifier = randomToken(ctx.random);
  const { ticket, proof } = await proveCredentials(ctx, client, credentials, { co_id, co_verifier });
  audit(ctx, client, 'scoa', {
    user_id: proof.user_id,
    user_name: credentials.username,
    connection: proof.connection,
  });
  const cookie = { name: browserCookie(co_id), value: co_verifier, maxAge: TICKET_LIFETIME / 1000 };
  return { ...json(200, { login_ticket: ticket, co_verifier, co_id }), cookies: [cookie] };
}

function notAllowed(ctx: Context, client: StoredClient | undefined): WireError {
  const text = 'Cross origin login not allowed.';
  if (client) audit(ctx, client, 'fcoa', { description: text });
  return oauthError(401, 'unauthorized_client', text);
}

/** Auth0 answers this one in plain text. */
function refuseOrigin(ctx: Context, client: StoredClient, origin: string | undefined): Reply {
  const text = origin === undefined ? 'Origin is missing.' : `Origin ${origin.slice(0, 300)} is not allowed.`;
  audit(ctx, client, 'fco', { description: text });
  return { status: 403, type: 'text', body: text };
}

function audit(
  ctx: Context,
  { client_id, name }: StoredClient,
  type: 'scoa' | 'fcoa' | 'fco',
  { user_name, ...rest }: { description?: string; user_id?: string; user_name?: string; connection?: string },
): void {
  const who = user_name === undefined ? {} : { user_name: user_name.slice(0, 320) };
  ctx.audit({ type, client_id, client_name: name, ...rest, ...who });
}

export const coAuthenticateEndpoint = endpoint({
  method: 'POST',
  path: '/co/authenticate',
  name: 'authenticateCrossOrigin',
  summary: 'Prove a password or a code from a page of the application, for a ticket that /authorize takes',
  tag: 'cross-origin authentication',
  surface: 'oauth',
  cors: 'credentials',
  accepts: ['json'],
  body: Type.Object({
    client_id: anything('The application.'),
    credential_type: anything('What is proved, and how: the name of a grant.'),
    username: anything('E-mail address, username or phone number.'),
    password: anything('The password.'),
    otp: anything('The code that was sent.'),
    realm: anything('The connection.'),
  }),
  replies: {
    200: Type.Object(
      { login_ticket: Type.String(), co_verifier: Type.String(), co_id: Type.String() },
      { description: 'The ticket, and the secret of this browser with its name.' },
    ),
    400: 'The request is malformed.',
    401: 'The application may not do this.',
    403: 'Wrong, blocked, or from a page that is not the application’s.',
    429: 'Too many wrong passwords.',
  },
  handle: (ctx, { body, headers }) => authenticate(ctx, body, headers.origin),
});
