import type { AuditEvent, Context } from '../../kernel/index.ts';
import { signJwt } from '../../platform/crypto/index.ts';
import { OutboundFailed, OutboundRefused } from '../../platform/outbound/index.ts';
import { findClient, logoutSettingsOf, type StoredClient } from '../clients/index.ts';
import { currentSigner } from '../keys/index.ts';
import { NotDelivered } from '../outgoing-messages/index.ts';
import { detailsOf, type LogoutNotice } from './announce-logout.ts';
import { logoutTokenClaims } from './logout-token.ts';

/** Auth0 waits five seconds for the application. */
const TIMEOUT_MS = 5000;
/** Nobody reads the answer. */
const MAX_BYTES = 64 * 1024;

/**
 * Posts the logout token of a notice to the application. Answers the event that says so; nothing when the application has meanwhile
 * taken the URL away (Auth0 drops what was on its way then).
 *
 * @throws NotDelivered when it did not answer 200 or 204; for good when it answered 400 (it understood and refuses), or when the URL
 *   may not be called
 */
export async function deliverLogoutToken(ctx: Context, content: unknown): Promise<AuditEvent | undefined> {
  const notice = content as LogoutNotice;
  const client = await findClient(ctx, notice.client_id);
  if (!client || !logoutSettingsOf(client).backchannel_logout_urls?.includes(notice.url)) return undefined;
  const statusCode = await post(ctx, client, notice);
  if (statusCode !== 200 && statusCode !== 204)
    throw new NotDelivered({ response: { statusCode } }, { isFinal: statusCode === 400 });
  return {
    type: 'oidc_backchannel_logout_succeeded',
    description: 'Successful OIDC Back-Channel Logout request',
    client_id: client.client_id,
    client_name: client.name,
    user_id: notice.user_id,
    details: detailsOf(notice, { statusCode }),
  };
}

/** The status of the application's answer. */
async function post(ctx: Context, client: StoredClient, notice: LogoutNotice): Promise<number> {
  const token = await signJwt(await currentSigner(ctx), logoutTokenClaims(ctx, client, notice), { typ: 'logout+jwt' });
  try {
    const { status } = await ctx.outbound.request({
      url: notice.url,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ logout_token: token }).toString(),
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
    });
    return status;
  } catch (error) {
    if (!(error instanceof OutboundRefused || error instanceof OutboundFailed)) throw error;
    const details = { response: { statusCode: 0 }, errors: [error.message] };
    throw new NotDelivered(details, { isFinal: error instanceof OutboundRefused, cause: error });
  }
}
