import { type Context, oauthError } from '../../../kernel/index.ts';
import { findConnectionByName, isEnabledFor, isFederated, mayLogInWith } from '../../../resources/connections/index.ts';
import type { Asked } from '../request.ts';

/** The connection that was asked for exists, and the client may use it. */
export async function checkConnection(ctx: Context, { parameters, client }: Asked): Promise<void> {
  if (parameters.connection === undefined) return;
  const connection = await findConnectionByName(ctx, parameters.connection);
  if (!connection) throw oauthError(400, 'invalid_request', 'the connection was not found');
  const mayUse = isFederated(connection) ? mayLogInWith : isEnabledFor;
  if (!mayUse(connection, client.client_id)) throw oauthError(400, 'invalid_request', 'the connection was disabled');
}
