import { isIP } from 'node:net';
import type { Context } from '../../kernel/index.ts';
import { isPublic, type StoredClient } from '../../resources/clients/index.ts';

/** Auth0: a client that proved who it is may forward its user's address, when it was told that it is trusted to. */
export function endUserAddress(
  ctx: Context,
  client: StoredClient,
  headers: Readonly<Record<string, string | undefined>>,
): string {
  const forwarded = headers['auth0-forwarded-for']?.trim();
  const isTrusted = client.is_token_endpoint_ip_header_trusted === true && !isPublic(client);
  return isTrusted && forwarded !== undefined && isIP(forwarded) !== 0 ? forwarded : ctx.caller.ip;
}
