import {
  type Context,
  type Endpoint,
  endpoint,
  oauthError,
  optionalText,
  type Reply,
  redirect,
  Type,
} from '../../kernel/index.ts';
import { findClient, requireOwnEndpoints, type StoredClient } from '../../resources/clients/index.ts';
import { findSession } from '../../resources/sessions/index.ts';
import { type Cookies, logoutRoute } from '../../transactions/index.ts';
import { endBrowserSession, recordingRefusal } from './end-browser-session.ts';
import { resolveLogoutUrl } from './logout-url.ts';
import { providerLogoutUrl } from './provider-logout.ts';

type Query = { client_id?: string; returnTo?: string; federated?: string };

/** Auth0's own logout: ends the session and leads to `returnTo`. A `returnTo` that is not allowed ends nothing. */
async function logOut(ctx: Context, { client_id, returnTo, federated }: Query, cookies: Cookies): Promise<Reply> {
  const client = client_id ? await requireClient(ctx, client_id) : undefined;
  const session = await findSession(ctx, cookies);
  const wish = { parameter: 'returnTo', url: returnTo || undefined, client } as const;
  const url = await recordingRefusal(ctx, client, () =>
    resolveLogoutUrl(ctx, { ...wish, organizations: session?.organizations ?? [] }),
  );
  // Auth0: that it is there is enough.
  const away = federated === undefined ? undefined : await providerLogoutUrl(ctx, session, url);
  const place = await logoutRoute(ctx, session, away ?? url);
  const cleared = await endBrowserSession(ctx, session, client);
  if (place !== undefined) return redirect(place, { cookies: cleared });
  return { status: 200, type: 'text', body: 'OK', cookies: cleared };
}

/** The client `clientId`. WireError (page) 400 when there is none, 403 for a strict third-party one: Auth0 has no logout for them. */
export async function requireClient(ctx: Context, clientId: string): Promise<StoredClient> {
  const client = await findClient(ctx, clientId);
  if (!client) throw oauthError(400, 'invalid_request', `Unknown client: ${clientId}`);
  return requireLogout(client);
}

/** `client`, if it may log people out. WireError (page) 403. */
export function requireLogout(client: StoredClient): StoredClient {
  return requireOwnEndpoints(client, { client_id: client.client_id });
}

export const v2LogoutEndpoint: Endpoint = endpoint({
  method: 'GET',
  path: '/v2/logout',
  name: 'logout',
  summary: 'Ends the single sign-on session.',
  tag: 'authentication',
  surface: 'page',
  query: Type.Object({
    client_id: optionalText('The application that asks.'),
    returnTo: optionalText('Where to go: one of the allowed logout URLs.'),
    federated: Type.Optional(
      Type.String({
        description: 'Also log out of the identity provider, if the session came from one that can be logged out of.',
      }),
    ),
  }),
  replies: { 200: 'Logged out.', 302: 'Logged out; on to the URL.' },
  handle: (ctx, { query, cookies }) => logOut(ctx, query, cookies),
});
