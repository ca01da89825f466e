import type { Context } from '../../kernel/index.ts';
import { findClient, logoutSettingsOf, type StoredClient } from '../clients/index.ts';
import { enqueueDelivery } from '../outgoing-messages/index.ts';
import type { Session, SessionEnd } from '../sessions/index.ts';

/** The way in which logout tokens leave. */
export const LOGOUT_TOKEN = 'logout_token';

/** What a logout token is made of. It is signed when it leaves: it is valid for two minutes, and may have to be tried for hours. */
export interface LogoutNotice {
  readonly url: string;
  readonly client_id: string;
  readonly issuer: string;
  readonly user_id: string;
  readonly sid: string;
  readonly initiator: SessionEnd;
  readonly session_metadata?: Readonly<Record<string, string>>;
}

/** After this the application's own session is over as well, one may hope. */
const WORTHLESS_AFTER = 24 * 3_600_000;

/** Auth0: the two that a client with a back-channel logout URL cannot do without. */
const ALWAYS: readonly SessionEnd[] = ['rp-logout', 'idp-logout'];

function wantsToKnow(client: StoredClient, why: SessionEnd): boolean {
  const { mode, selected_initiators = [] } = logoutSettingsOf(client).backchannel_logout_initiators ?? {};
  return mode === 'all' || ALWAYS.includes(why) || selected_initiators.includes(why);
}

/**
 * Puts a notice for every application of the ended `session` that chose to hear of such an end into the queue, as part of the
 * transaction that ends it.
 */
export async function announceLogout(ctx: Context, session: Session, why: SessionEnd): Promise<void> {
  for (const { client_id } of session.clients) {
    const client = await findClient(ctx, client_id);
    if (!client || !wantsToKnow(client, why)) continue;
    for (const url of logoutSettingsOf(client).backchannel_logout_urls ?? []) {
      if (url !== '') await announceTo(ctx, client, url, session, why);
    }
  }
}

function announceTo(ctx: Context, client: StoredClient, url: string, session: Session, why: SessionEnd): Promise<void> {
  const { client_id } = client;
  const withMetadata = logoutSettingsOf(client).backchannel_logout_session_metadata?.include === true;
  const notice: LogoutNotice = {
    url,
    client_id,
    issuer: session.issuer ?? ctx.canonicalIssuer,
    user_id: session.user_id,
    sid: session.id,
    initiator: why,
    ...(withMetadata && session.metadata ? { session_metadata: session.metadata } : {}),
  };
  const failure = {
    type: 'oidc_backchannel_logout_failed',
    description: 'Failed OIDC Back-Channel Logout request',
    client_id,
    user_id: session.user_id,
    details: detailsOf(notice, { statusCode: 0 }),
  } as const;
  // Not under the user: that they are deleted is what it may be about.
  return enqueueDelivery(ctx, LOGOUT_TOKEN, notice, { failure, expires_at: ctx.clock.now() + WORTHLESS_AFTER });
}

/** What the tenant's log tells of a delivery. `statusCode` 0: there was no answer. */
export function detailsOf(notice: LogoutNotice, response: { statusCode: number }): Record<string, unknown> {
  const { url, initiator, session_metadata } = notice;
  return {
    request: { method: 'POST', backchannel_logout_uri: url },
    response,
    initiator,
    ...(session_metadata ? { session_metadata } : {}),
  };
}
