import type { Context } from '../../kernel/index.ts';
import { UpstreamTrouble } from '../../platform/upstream/index.ts';
import { findConnectionByName, isFederated } from '../../resources/connections/index.ts';
import type { Session } from '../../resources/sessions/index.ts';
import { federatedIdentitiesOf, identityTokens } from '../../resources/users/index.ts';
import { providerOf } from '../../strategies/index.ts';

/**
 * Where the person logs out of the identity provider that `session` came from, and comes back to `url` (RP-Initiated Logout 1.0 §2).
 * Undefined where there is none that can be logged out of; that it could not be found out is recorded as `federated_logout_failed`.
 */
export async function providerLogoutUrl(
  ctx: Context,
  session: Session | undefined,
  url: string | undefined,
): Promise<string | undefined> {
  if (session?.connection === undefined) return undefined;
  const connection = await findConnectionByName(ctx, session.connection);
  if (!connection || !isFederated(connection)) return undefined;
  try {
    const { end_session_endpoint, protocol, client_id } = await providerOf(ctx, connection);
    if (!end_session_endpoint?.startsWith('https://')) return undefined;
    const away = new URL(end_session_endpoint);
    if (protocol === 'oauth2') return away.href;
    const hint = await idTokenOf(ctx, session.user_id, connection.name);
    away.searchParams.set('client_id', client_id);
    if (hint !== undefined) away.searchParams.set('id_token_hint', hint);
    if (url !== undefined) away.searchParams.set('post_logout_redirect_uri', url);
    return away.href;
  } catch (error) {
    if (!(error instanceof UpstreamTrouble)) throw error;
    const { user_id } = session;
    ctx.audit({ type: 'federated_logout_failed', description: error.message, connection: connection.name, user_id });
    return undefined;
  }
}

/** The provider's own ID token of the last login: by it the provider knows whom to log out, and need not ask. */
async function idTokenOf(ctx: Context, user_id: string, connection: string): Promise<string | undefined> {
  const found = await federatedIdentitiesOf(ctx).find({ user_id, connection });
  return found && identityTokens(ctx, found).id_token;
}
