import type { Context } from '../../kernel/index.ts';
import { findClient } from '../../resources/clients/index.ts';
import { type RevokedFamily, refreshTokensOf } from '../../resources/refresh-tokens/index.ts';
import { endSessionsWhere } from '../../resources/sessions/index.ts';
import { sessionTransferTokensOf } from './session-transfer-token.store.ts';

/**
 * Ends what was handed over from a refresh token family that is revoked: sessions of browsers and the refresh tokens that came of them,
 * unless the application has `enforce_cascade_revocation` off; tokens that nobody has used yet in any case.
 */
export async function endTransferred(ctx: Context, { family_id, client_id }: RevokedFamily): Promise<void> {
  await sessionTransferTokensOf(ctx).deleteWhere({ family_id });
  const client = await findClient(ctx, client_id);
  if (client?.session_transfer?.enforce_cascade_revocation === false) return;
  await endSessionsWhere(ctx, { transferred_from: family_id }, 'session-revoked');
  await refreshTokensOf(ctx).deleteWhere({ transferred_from: family_id });
}
