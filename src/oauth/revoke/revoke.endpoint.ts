import { type Context, endpoint, optionalText, type Reply, Type } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { consentGrantsOf } from '../../resources/grants/index.ts';
import {
  findRefreshToken,
  type RefreshToken,
  refreshTokensOf,
  revokeRefreshTokenFamily,
  revokeRefreshTokensFor,
} from '../../resources/refresh-tokens/index.ts';
import { endSession } from '../../resources/sessions/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';
import { authenticateClient } from '../token/client-authentication.ts';
import { requireText, type TokenBody } from '../token/token-request.ts';

/** RFC 7009 §2.2: unknown tokens, and those of others, are answered like revoked ones. */
const DONE: Reply = { status: 200, headers: { 'content-type': 'application/json' } };

async function revoke(ctx: Context, client: StoredClient, value: string): Promise<void> {
  const token = await findRefreshToken(ctx, value);
  if (token?.client_id !== client.client_id) return;
  const { flags } = await tenantSettings(ctx);
  await ctx.store.transaction(() => revokeToken(ctx, token, flags.revoke_refresh_token_grant === true));
  ctx.audit({ type: 'srrt', client_id: client.client_id, client_name: client.name, user_id: token.user_id });
}

/** Auth0: an online token cannot be revoked by itself: its session ends, and with it all that lives by it. */
async function endSessionOf(ctx: Context, { online_session_id: id }: RefreshToken): Promise<void> {
  if (id === undefined) return;
  await endSession(ctx, id, 'session-revoked');
  await refreshTokensOf(ctx).deleteWhere({ online_session_id: id });
}

/** Auth0: with the tenant flag, the consent behind the token goes too, and all tokens of that user, application and API. */
async function revokeToken(ctx: Context, token: RefreshToken, wholeGrant: boolean): Promise<void> {
  await endSessionOf(ctx, token);
  if (!wholeGrant) {
    await revokeRefreshTokenFamily(ctx, token.family_id);
    return;
  }
  const { user_id, client_id, audience } = token;
  await revokeRefreshTokensFor(ctx, token);
  if (audience !== undefined) await consentGrantsOf(ctx).deleteWhere({ user_id, clientID: client_id, audience });
}

export const revokeEndpoint = endpoint({
  method: 'POST',
  path: '/oauth/revoke',
  name: 'revokeToken',
  summary: 'Revoke a refresh token',
  tag: 'Tokens',
  surface: 'oauth',
  cors: 'client',
  body: Type.Object({
    token: optionalText('The refresh token. Access tokens cannot be revoked.'),
    token_type_hint: optionalText('Not needed: a token is recognised by itself.'),
    client_id: Type.Optional(Type.String()),
    client_secret: Type.Optional(Type.String()),
    client_assertion: Type.Optional(Type.String()),
    client_assertion_type: Type.Optional(Type.String()),
  }),
  replies: {
    200: 'The token is revoked, or never was one of this client.',
    400: 'A parameter is missing.',
    401: 'The client could not be authenticated.',
  },
  async handle(ctx, { body, headers }) {
    const client = await authenticateClient(ctx, { body, headers });
    await revoke(ctx, client, requireText(body as TokenBody, 'token'));
    return DONE;
  },
});
