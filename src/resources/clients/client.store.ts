import { type Collection, type Context, collection } from '../../kernel/index.ts';
import type { Client } from './client.ts';

/** A client as it is stored: the secret sealed and digested, all else as on the wire. */
export interface StoredClient extends Client {
  readonly client_secret?: never;
  readonly client_secret_sealed: string;
  readonly client_secret_digest: string;
  readonly created_at: string;
}

export const clientsCollection = collection<StoredClient>({
  name: 'clients',
  key: 'client_id',
  index: {
    name: 'text',
    app_type: 'text',
    created_at: 'text',
    external_client_id: 'text',
    resource_server_identifier: 'text',
  },
  cached: true,
});

/** The tenant's clients. */
export function clientsOf(ctx: Context): Collection<StoredClient> {
  return ctx.store.collection(clientsCollection);
}

/** The client `clientId`, or undefined. From memory. */
export function findClient(ctx: Context, clientId: string): Promise<StoredClient | undefined> {
  return clientsOf(ctx).get(clientId);
}

/** The client that stands for the API `identifier`, or undefined. From memory. */
export function findClientOfApi(ctx: Context, identifier: string): Promise<StoredClient | undefined> {
  return clientsOf(ctx).find({ resource_server_identifier: identifier });
}

const secretContext = (ctx: Context, clientId: string) => `${ctx.tenant.id}:clients:${clientId}:client_secret`;

/** The stored form of `secret`. */
export function sealClientSecret(
  ctx: Context,
  clientId: string,
  secret: string,
): Pick<StoredClient, 'client_secret_sealed' | 'client_secret_digest'> {
  const context = secretContext(ctx, clientId);
  return {
    client_secret_sealed: ctx.sealer.seal(secret, context),
    client_secret_digest: ctx.sealer.digest(secret, context),
  };
}

/** The secret in clear: for holders of `read:client_keys`, and for HS256. */
export function revealClientSecret(ctx: Context, client: StoredClient): string {
  return ctx.sealer.open(client.client_secret_sealed, secretContext(ctx, client.client_id));
}

/** The keyed digest of a presented secret: compare it with `client_secret_digest` in constant time. */
export function digestClientSecret(ctx: Context, clientId: string, secret: string): string {
  return ctx.sealer.digest(secret, secretContext(ctx, clientId));
}
