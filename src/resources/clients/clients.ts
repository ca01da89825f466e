import { type Context, isoTime, newClientId, newClientSecret } from '../../kernel/index.ts';
import type { SigningKey } from '../keys/index.ts';
import { type ClientBody, withDefaults } from './client.defaults.ts';
import type { Client } from './client.schema.ts';
import { clientsOf, revealClientSecret, type StoredClient, sealClientSecret } from './client.store.ts';

/** A new client's document, not yet stored: `body` with Auth0's defaults, a fresh id unless one is given, and a random secret. */
export function newClientDocument(
  ctx: Context,
  body: ClientBody,
  clientId: string = newClientId(ctx.random),
): StoredClient {
  const document = {
    ...withDefaults(body),
    client_id: clientId,
    ...sealClientSecret(ctx, clientId, newClientSecret(ctx.random)),
    created_at: isoTime(ctx.clock),
  };
  return document as StoredClient;
}

/**
 * Makes a client of `body` (already valid by the published schema) with Auth0's defaults. WireError 400 when properties contradict
 * each other.
 */
export async function createClient(ctx: Context, body: ClientBody): Promise<StoredClient> {
  return clientsOf(ctx).insert(newClientDocument(ctx, body));
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
