import {
  anything,
  type Context,
  Failure,
  json,
  oauthError,
  type Reply,
  type TSchema,
  Type,
  WireError,
} from '../../kernel/index.ts';
import { presentFailure } from '../../platform/http/index.ts';
import { networkOf, spendAllowance } from '../../protection/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import type { Connection } from '../../resources/connections/index.ts';
import { type PasskeyLogin, type PasskeyStart, requirePasskeyConnection } from '../../strategies/index.ts';
import { requireGrant } from '../allowed-grant.ts';
import { requestedOrganization } from '../organization.ts';
import { endUserAddress } from '../token/end-user-address.ts';
import { authenticateClient } from '../token/index.ts';
import { readText, type TokenBody } from '../token/token-request.ts';
import { tooMany } from '../too-many.ts';
import { GRANT } from '../vocabulary.ts';

type Headers = Readonly<Record<string, string | undefined>>;

/** A challenge costs a row; somebody who logs in needs one or two. */
const BY_CALLER = { burst: 100, everyMs: 5_000 };

/**
 * What both challenges have in common: the client is authenticated and may use passkeys, the connection has them, and there are not too
 * many requests. Logged as `passkey_challenge_started` or `passkey_challenge_failed`.
 *
 * @throws WireErrors 400, 401, 403, 404, 429 of the OAuth dialect
 */
export async function answerChallenge(
  ctx: Context,
  purpose: 'register' | 'login',
  { body, headers }: { readonly body: TokenBody; readonly headers: Headers },
  start: (request: PasskeyLogin) => Promise<PasskeyStart>,
): Promise<Reply> {
  let client: StoredClient | undefined;
  try {
    client = await authenticateClient(ctx, { body, headers });
    requireAllowed(client);
    const ip = endUserAddress(ctx, client, headers);
    const spent = await spendAllowance(ctx, ['passkey', networkOf(ip)], BY_CALLER);
    if (!spent.allowed) throw tooMany(spent.headers);
    const organization = await requestedOrganization(ctx, client, readText(body, 'organization'), 400);
    const started = await start({
      connection: await readConnection(ctx, client, body),
      client_id: client.client_id,
      ...(organization ? { organization: organization.id } : {}),
    });
    ctx.audit({ type: 'passkey_challenge_started', ...eventOf(client), details: { purpose } });
    return json(200, started);
  } catch (error) {
    const wire = error instanceof Failure ? asInvalidRequest(error) : error;
    if (wire instanceof WireError && wire.status < 500) {
      const details = { purpose, error: { message: wire.message } };
      ctx.audit({ type: 'passkey_challenge_failed', description: wire.message, ...eventOf(client), details });
    }
    throw wire;
  }
}

const eventOf = (client: StoredClient | undefined) =>
  client ? { client_id: client.client_id, client_name: client.name } : {};

/** Auth0: passkeys are for the tenant's own applications, of today's kind. */
function requireAllowed(client: StoredClient): void {
  requireGrant(client, GRANT.passkey);
  if (client.oidc_conformant === false)
    throw oauthError(403, 'unauthorized_client', 'The client must be OIDC conformant.');
}

async function readConnection(ctx: Context, client: StoredClient, body: TokenBody): Promise<Connection> {
  const connection = await requirePasskeyConnection(ctx, client, readText(body, 'realm'));
  if (connection) return connection;
  throw oauthError(404, 'endpoint_disabled', 'Passkeys are not enabled for the connection.');
}

/** Auth0: whatever cannot be done is an `invalid_request` here. */
function asInvalidRequest(failure: Failure): WireError {
  const wire = presentFailure('oauth', failure);
  return oauthError(400, 'invalid_request', wire.message);
}

/** What both may be sent. Types are checked after the client. */
export const sharedMembers: Readonly<Record<string, TSchema>> = {
  client_id: anything('The client.'),
  client_secret: anything('Its secret.'),
  client_assertion: anything('Its assertion, where it has keys in place of a secret.'),
  client_assertion_type: anything('The type of the assertion.'),
  organization: anything('The organization to log in to.'),
  realm: anything(
    "The database connection. Default: the tenant's default directory, or the client's first with passkeys.",
  ),
};

export const challengeReplies = {
  200: Type.Object(
    { auth_session: Type.String(), authn_params_public_key: Type.Object({}, { additionalProperties: true }) },
    { description: 'What the authenticator is to be asked, and the handle for its answer.' },
  ),
  400: 'The request is malformed, or nobody may sign up like this.',
  401: 'The client could not be authenticated.',
  403: 'The client may not use passkeys.',
  404: 'The connection has no passkeys.',
  429: 'Asked too often.',
} as const;
