import { isoTime } from '../../kernel/index.ts';
import type { StoredClient } from '../clients/index.ts';
import { idleExpiry } from './refresh-token.rules.ts';
import type { RefreshToken } from './refresh-token.store.ts';

const timeOrNull = (ms: number | undefined) => (ms === undefined ? null : isoTime(ms));

/** A family of refresh tokens as the Management API shows it, under one id, by its newest token. */
export function presentRefreshToken(token: RefreshToken, client: StoredClient): Readonly<Record<string, unknown>> {
  const { family_id, user_id, created_at, client_id, session_id, rotating, audience, scope, used_from } = token;
  return {
    id: family_id,
    user_id,
    created_at: token.family_created_at ?? created_at,
    idle_expires_at: timeOrNull(idleExpiry(token, client)),
    expires_at: timeOrNull(token.expires_at),
    ...(used_from ? { device: used_from } : {}),
    client_id,
    session_id: session_id ?? null,
    rotating,
    resource_servers: audience === undefined ? [] : [{ audience, scopes: scope.join(' ') }],
    ...(token.metadata ? { refresh_token_metadata: token.metadata } : {}),
    last_exchanged_at: token.last_exchanged_at ?? null,
  };
}
