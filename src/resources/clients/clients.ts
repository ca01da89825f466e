import { type Context, isoTime, newClientId, newClientSecret } from '../../kernel/index.ts';
import type { SigningKey } from '../keys/index.ts';
import { type ClientBody, withDefaults } from './client.defaults.ts';
import type { Client } from './client.schema.ts';
import { clientsOf, revealClientSecret, type StoredClient, sealClientSecret } from './client.store.ts';

/** What only the server decides about a client: an operator's fixed credentials. */
export interface Chosen {
  readonly client_id?: string;
  readonly client_secret?: string;
}

/**
 * Makes a client of `body` (already valid by the published schema) with Auth0's defaults, a random id and secret unless they are
 * `chosen`. WireError 400 when properties contradict each other.
 */
export async function createClient(ctx: Context, body: ClientBody, chosen: Chosen = {}): Promise<StoredClient> {
  const clientId = chosen.client_id ?? newClientId(ctx.random);
  const document = {
    ...withDefaults(body),
    client_id: clientId,
    ...sealClientSecret(ctx, clientId, chosen.client_secret ?? newClientSecret(ctx.random)),
    created_at: isoTime(ctx.clock),
  };
  return clientsOf(ctx).insert(document as StoredClient);
}

/**
 * A client as the wire shows it. With `secrets` it carries its secret and, when the tenant's key is given as `signing`, the
 * certificates that verify its tokens.
 */
export function presentClient(
  ctx: Context,
  stored: StoredClient,
  options: { secrets: boolean; signing?: SigningKey | undefined },
): Client {
  const { client_secret_sealed: _sealed, client_secret_digest: _digest, created_at: _created, ...shown } = stored;
  const client: Client = { ...shown, tenant: ctx.tenant.name, callback_url_template: false };
  if (!options.secrets) {
    delete client.encryption_key;
    return client;
  }
  if (!client.client_authentication_methods) client.client_secret = revealClientSecret(ctx, stored);
  if (options.signing) client.signing_keys = [presentSigningKey(options.signing)];
  return client;
}

function presentSigningKey(key: SigningKey): { cert: string; pkcs7: string; subject: string } {
  return { cert: key.cert, pkcs7: key.pkcs7, subject: 'deprecated' };
}
