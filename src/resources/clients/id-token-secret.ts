import { type Context, managementError } from '../../kernel/index.ts';
import { revealClientSecret, type StoredClient } from './client.store.ts';
import type { Client } from './client.ts';

const BASE64 = /^[A-Za-z0-9+/_-]{2,}={0,2}$/;

const isEncoded = ({ jwt_configuration }: Partial<Client>) => jwt_configuration?.secret_encoded === true;

/** The bytes that sign the client's HS256 ID tokens: its secret, decoded from base64 (either alphabet) where `secret_encoded` says so. */
export function idTokenSecret(ctx: Context, client: StoredClient): Buffer {
  return Buffer.from(revealClientSecret(ctx, client), isEncoded(client) ? 'base64' : 'utf8');
}

/**
 * A secret that is no base64 would decode to few bytes or none, with which anybody could sign. WireError 400 when `secret` is to be
 * decoded for HS256 and cannot be.
 */
export function requireDecodable(client: Partial<Client>, secret: () => string): void {
  if (client.jwt_configuration?.alg !== 'HS256' || !isEncoded(client) || BASE64.test(secret())) return;
  const reason = 'client_secret must be base64 when jwt_configuration.secret_encoded is true';
  throw managementError(400, `Payload validation error: '${reason}'.`, 'invalid_body');
}
