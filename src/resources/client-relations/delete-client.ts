import { type Context, type Endpoint, managementError, resource, shapes } from '../../kernel/index.ts';
import {
  clientsCollection,
  clientsOf,
  forgetClientGrants,
  forgetCredentialsOf,
  forgetDocumentOf,
  MISSING_CLIENT,
  type StoredClient,
} from '../clients/index.ts';
import { connectionsOf } from '../connections/index.ts';
import { forgetConsentsOfClient } from '../grants/index.ts';
import { forgetInvitationsOfClient, forgetOrganizationsOfClient } from '../organizations/index.ts';
import { forgetRefreshTokensOfClient } from '../refresh-tokens/index.ts';

/** Takes the client out of the lists of clients that may use a connection. */
async function disconnect(ctx: Context, clientId: string): Promise<void> {
  for (const connection of await connectionsOf(ctx).list()) {
    if (!connection.enabled_clients.includes(clientId)) continue;
    await connectionsOf(ctx).update(connection.id, (current) => ({
      ...current,
      enabled_clients: current.enabled_clients.filter((id) => id !== clientId),
    }));
  }
}

/**
 * Deletes a client with what belongs to it alone: grants, consents, credentials, refresh tokens, its place in connections. WireError 400 for the
 * tenant's global client.
 */
async function deleteClient(ctx: Context, { client_id, global }: StoredClient): Promise<void> {
  if (global) throw managementError(400, 'The global client cannot be deleted.', 'operation_not_supported');
  await forgetClientGrants(ctx, { client_id });
  await forgetCredentialsOf(ctx, client_id);
  await forgetDocumentOf(ctx, client_id);
  await forgetConsentsOfClient(ctx, client_id);
  await forgetRefreshTokensOfClient(ctx, client_id);
  await forgetInvitationsOfClient(ctx, client_id);
  await forgetOrganizationsOfClient(ctx, client_id);
  await disconnect(ctx, client_id);
  await clientsOf(ctx).delete(client_id);
}

export const deleteClientEndpoints: Endpoint[] = resource<StoredClient>({
  path: '/api/v2/clients',
  param: 'id',
  tag: 'clients',
  noun: 'client',
  collection: clientsCollection,
  shape: shapes.answer({}),
  missing: MISSING_CLIENT,
  present: () => ({}),
  delete: { summary: 'Delete a client', scopes: ['delete:clients'], run: deleteClient },
});
