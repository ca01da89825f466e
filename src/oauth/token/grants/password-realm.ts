import type { Context } from '../../../kernel/index.ts';
import type { StoredClient } from '../../../resources/clients/index.ts';
import { type Connection, listConnectionsForClient } from '../../../resources/connections/index.ts';
import { requireDatabaseConnection } from '../../../strategies/index.ts';
import { GRANT } from '../../vocabulary.ts';
import { grant } from '../grant.ts';
import { authorizeWithPassword } from './password-login.ts';

/** Auth0: the password grant for users of the database that `realm` names. */
export const passwordRealm = grant({
  type: GRANT.passwordRealm,
  params: { username: 'required', password: 'required', realm: 'required' },
  client: 'as-registered',
  log: { success: 'sepft', failure: 'fepft' },
  secondFactor: true,
  handle: async (ctx, request) =>
    authorizeWithPassword(ctx, request, await requireRealm(ctx, request.client, request.params.realm)),
});

/** A connection that the application may use and that has `realm` among its realms, else the one of that name. */
async function requireRealm(ctx: Context, client: StoredClient, realm: string): Promise<Connection> {
  const usable = await listConnectionsForClient(ctx, client.client_id);
  const named = usable.find((connection) => connection.name === realm);
  const found = named ?? usable.find((connection) => connection.realms.includes(realm));
  return requireDatabaseConnection(ctx, found?.name ?? realm, client);
}
