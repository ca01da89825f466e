import { type Context, type Reply, redirect, type SetCookie } from '../../kernel/index.ts';
import { element } from '../../platform/xml/index.ts';
import { findClient } from '../../resources/clients/index.ts';
import type { LogoutDetour } from '../../transactions/index.ts';
import { keepLogout, type SamlLogout } from './logout.store.ts';
import { type Parcel, sendSigned, statusElement, writeMessage } from './outgoing.ts';
import { STATUS } from './saml.ts';
import { type SamlClient, samlClientOf } from './saml-client.ts';
import { type SamlSession, samlSessionsOf } from './saml-session.store.ts';

export type Round = Omit<SamlLogout, 'id' | 'expires_at'>;

/** Where a logout goes on that did not begin at an application. */
export const ROUND_PATH = '/samlp/logout';

/** Sends the browser to the next application that must hear of the end of a session, and in the end to whoever began it. */
export async function goRound(ctx: Context, round: Round, cookies: readonly SetCookie[] = []): Promise<Reply> {
  const [next, ...pending] = round.pending;
  if (!next) return finish(ctx, round, cookies);
  const saml = await listenerOf(ctx, next);
  if (!saml) return goRound(ctx, { ...round, pending }, cookies);
  const { to, client } = saml;
  const message = writeMessage(
    ctx,
    client,
    'LogoutRequest',
    { destination: to },
    element('saml:NameID', { Format: next.name_id_format }, next.name_id),
    element('samlp:SessionIndex', {}, next.session_index),
  );
  const asked = { client_id: next.client_id, request_id: idOf(String(message)) };
  const relayState = await keepLogout(ctx, { ...round, pending, asked });
  return sendSigned(ctx, client, { parameter: 'SAMLRequest', message, to, relayState, cookies });
}

const idOf = (message: string) => / ID="([^"]*)"/.exec(message)?.[1] ?? '';

/** The application of `session`, if it is to hear of logouts and says where (Auth0: `logout.callback`, unless `slo_enabled` is false). */
async function listenerOf(
  ctx: Context,
  { client_id }: SamlSession,
): Promise<{ client: SamlClient; to: string } | undefined> {
  const found = await findClient(ctx, client_id);
  const client = found && samlClientOf(found);
  const { callback, slo_enabled } = client?.settings.logout ?? {};
  return client && callback && slo_enabled !== false ? { client, to: callback } : undefined;
}

async function finish(ctx: Context, round: Round, cookies: readonly SetCookie[]): Promise<Reply> {
  const { originator, onwards } = round;
  if (!originator) {
    if (onwards !== undefined) return redirect(onwards, { cookies });
    return { status: 200, type: 'text', body: 'OK', cookies };
  }
  const found = await findClient(ctx, originator.client_id);
  const client = found && samlClientOf(found);
  const to = client?.settings.logout?.callback;
  if (!client || !to) return { status: 200, type: 'text', body: 'OK', cookies };
  const envelope = { destination: to, inResponseTo: originator.request_id };
  const subcode = round.partial ? STATUS.partialLogout : undefined;
  const status = statusElement({ code: STATUS.success, subcode });
  const message = writeMessage(ctx, client, 'LogoutResponse', envelope, status);
  const parcel: Parcel = { parameter: 'SAMLResponse', message, to, relayState: originator.relay_state, cookies };
  return sendSigned(ctx, client, parcel);
}

/** Applications that speak SAML hear of a logout that began elsewhere from the browser, before it goes where it leads. */
export const samlLogoutDetour: LogoutDetour = async (ctx, session, onwards) => {
  const pending = await samlSessionsOf(ctx).list({ where: { session_id: session.id } });
  const listeners = await Promise.all(pending.map((one) => listenerOf(ctx, one)));
  if (listeners.every((listener) => listener === undefined)) return undefined;
  const state = await keepLogout(ctx, { pending, partial: false, ...(onwards === undefined ? {} : { onwards }) });
  return `${ctx.issuer.replace(/\/$/, '')}${ROUND_PATH}?${new URLSearchParams({ state })}`;
};
