import { type Context, Failure, isoTime, oauthError, WireError } from '../../kernel/index.ts';
import { hashToken } from '../../platform/crypto/index.ts';
import { presentFailure } from '../../platform/http/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';
import {
  requirePasswordlessConnection,
  requireRealm,
  verifyPassword,
  verifyPasswordlessCode,
} from '../../strategies/index.ts';
import { issueLoginTicket, type LoginTicket } from '../../transactions/index.ts';
import type { Credentials } from './co-credentials.ts';

type Proof = Pick<LoginTicket, 'user_id' | 'connection' | 'methods'>;

/** The secret that tells the browser, and its name. */
interface Browser {
  readonly co_id: string;
  readonly co_verifier: string;
}

/**
 * Checks credentials as every login does, with the same counters and blocks, and stores what they prove for `browser`.
 * WireErrors in the words of `/co/authenticate`; a code is used up only with the ticket.
 */
export async function proveCredentials(
  ctx: Context,
  client: StoredClient,
  credentials: Credentials,
  browser: Browser,
): Promise<{ ticket: string; proof: Proof }> {
  try {
    const { consume, ...proof } = await verify(ctx, client, credentials);
    const ticket = await ctx.store.transaction(async () => {
      await consume?.();
      return issueLoginTicket(ctx, {
        ...proof,
        client_id: client.client_id,
        bound_to: bindingOf(credentials, browser),
      });
    });
    return { ticket, proof };
  } catch (error) {
    throw error instanceof Failure ? told(error, credentials.realm ?? '(the default directory)') : error;
  }
}

function bindingOf({ realm }: Credentials, { co_id, co_verifier }: Browser): LoginTicket['bound_to'] {
  return { kind: 'browser', co_id, verifier_hash: hashToken(co_verifier), ...(realm === undefined ? {} : { realm }) };
}

async function verify(
  ctx: Context,
  client: StoredClient,
  { kind, username, secret, realm }: Credentials,
): Promise<Proof & { readonly consume?: () => Promise<void> }> {
  const timestamp = isoTime(ctx.clock);
  if (kind === 'otp') {
    const connection = await requirePasswordlessConnection(ctx, realm ?? '', client);
    const proof = await verifyPasswordlessCode(ctx, { connection, recipient: username, code: secret, client });
    const name = connection.strategy === 'sms' ? 'sms' : 'email';
    const methods = [{ name, timestamp }] as const;
    return { user_id: proof.user.user_id, connection: connection.name, methods, consume: proof.consume };
  }
  const connection = await requireRealm(ctx, client, realm ?? (await defaultDirectory(ctx)));
  const { user } = await verifyPassword(ctx, { connection, identifier: username, password: secret, client });
  return { user_id: user.user_id, connection: connection.name, methods: [{ name: 'pwd', timestamp }] };
}

async function defaultDirectory(ctx: Context): Promise<string> {
  const { default_directory: name } = await tenantSettings(ctx);
  if (!name) throw oauthError(400, 'invalid_request', 'Authorization server not configured with default connection.');
  return name;
}

/** Auth0's words for this endpoint where they differ from those of the token endpoint. */
function told(failure: Failure, realm: string): WireError {
  const { code } = failure;
  if (code === 'user_blocked') return oauthError(403, 'blocked_user', 'Blocked user');
  if (code === 'connection_not_found' || code === 'connection_disabled' || code === 'strategy_unsupported')
    return oauthError(400, 'invalid_request', `Unknown realm ${realm}.`);
  const wire = presentFailure('oauth', failure);
  if (wire.body.error !== 'invalid_grant') return wire;
  return new WireError(wire.status, { ...wire.body, error: 'access_denied' }, { headers: wire.headers });
}
