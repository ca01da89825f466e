import type { Context } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { notAuthorizedFor, type Target } from '../target.ts';

/** Seconds that a session transfer token lives. */
export const TRANSFER_LIFETIME = 60;

/**
 * The audience `urn:<domain>:session_transfer` as a target: what is asked for is no access token but a login that a browser can take
 * over. Undefined for any other audience.
 *
 * @throws WireError 403 access_denied for a client that may not hand its logins over
 */
export function sessionTransferTarget(
  ctx: Context,
  client: StoredClient,
  audience: string | undefined,
): Target | undefined {
  const named = [ctx.issuer, ctx.canonicalIssuer].map((issuer) => `urn:${new URL(issuer).host}:session_transfer`);
  if (audience === undefined || !named.includes(audience)) return undefined;
  if (client.session_transfer?.can_create_session_transfer_token !== true) throw notAuthorizedFor(client, audience);
  return { kind: 'session_transfer', identifier: audience, lifetimeFor: () => TRANSFER_LIFETIME };
}
