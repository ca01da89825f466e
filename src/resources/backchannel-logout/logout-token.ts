import { type Context, uuid } from '../../kernel/index.ts';
import { publishedClientId, type StoredClient } from '../clients/index.ts';
import type { LogoutNotice } from './announce-logout.ts';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** Seconds, as Auth0 has it. */
const LIFETIME = 120;

/**
 * The claims of a logout token (OpenID Connect Back-Channel Logout 1.0 §2.4), in Auth0's order. Never a `nonce`: it must not pass for an
 * ID token. Each attempt is a token of its own, so that one which arrived unnoticed does not look replayed.
 */
export function logoutTokenClaims(ctx: Context, client: StoredClient, notice: LogoutNotice): Record<string, unknown> {
  const iat = Math.floor(ctx.clock.now() / 1000);
  return {
    iss: notice.issuer,
    sub: notice.user_id,
    aud: publishedClientId(client),
    iat,
    exp: iat + LIFETIME,
    jti: uuid(ctx.random),
    events: { [EVENT]: {} },
    trace_id: ctx.random.bytes(8).toString('hex'),
    sid: notice.sid,
    session_metadata: notice.session_metadata,
  };
}
