import { type Collection, type Context, collection } from '../../kernel/index.ts';
import { tenantSettings } from '../tenant-settings/index.ts';
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
  unique: [['external_client_id']],
  cached: true,
});

/** The tenant's clients. */
export function clientsOf(ctx: Context): Collection<StoredClient> {
  return ctx.store.collection(clientsCollection);
}

/**
 * The client that goes by `clientId`: its id, or, where the tenant takes those, the URL of its metadata document. Undefined when there is
 * none, or none that may be used because its document is gone. From memory.
 */
export async function findClient(ctx: Context, clientId: string): Promise<StoredClient | undefined> {
  const found = await findAnyClient(ctx, clientId);
  return found?.external_metadata_lapsed ? undefined : found;
}

async function findAnyClient(ctx: Context, clientId: string): Promise<StoredClient | undefined> {
  if (!clientId.startsWith('https://')) return clientsOf(ctx).get(clientId);
  return (await isDocumentIdOn(ctx)) ? findClientOfDocument(ctx, clientId) : undefined;
}

/** Does the tenant take URLs of metadata documents for client ids? */
export async function isDocumentIdOn(ctx: Context): Promise<boolean> {
  return (await tenantSettings(ctx)).client_id_metadata_document_supported === true;
}

/** The client that was registered with the metadata document at `url`, or undefined. From memory. */
export function findClientOfDocument(ctx: Context, url: string): Promise<StoredClient | undefined> {
  return clientsOf(ctx).find({ external_client_id: url });
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
