import {
  anything,
  type Context,
  endpoint,
  fail,
  json,
  oauthError,
  type Reply,
  Type,
  type WireError,
} from '../../kernel/index.ts';
import { decodeJwt, JwtRefused } from '../../platform/crypto/index.ts';
import { clientsOf, findClient } from '../../resources/clients/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';
import { findUser, type User } from '../../resources/users/index.ts';
import { verifyIdToken } from '../id-token.ts';
import { missing, requireNonConformant } from './legacy-client.ts';

const FLAG = 'allow_legacy_tokeninfo_endpoint';

function refused(): WireError {
  return oauthError(401, 'unauthorized', 'invalid id_token');
}

/** The subject and audience of a living ID token of this tenant, whichever of its clients it was issued to. */
async function readToken(ctx: Context, token: string): Promise<{ sub: string; clientId: string }> {
  const audience = decodeJwt(token)?.payload.aud;
  const client = typeof audience === 'string' ? await findClient(ctx, audience) : undefined;
  if (!client) throw refused();
  requireNonConformant(client, '/tokeninfo');
  try {
    const { sub, exp } = await verifyIdToken(ctx, token, client, ctx.clock.now());
    if (typeof sub !== 'string' || exp === undefined) throw refused();
    return { sub, clientId: client.client_id };
  } catch (error) {
    if (error instanceof JwtRefused) throw refused();
    throw error;
  }
}

async function describe(ctx: Context, user: User, clientId: string): Promise<object> {
  const { email_verified, email, updated_at, name, picture, user_id, nickname, identities, created_at } = user;
  const global = (await clientsOf(ctx).list()).find((client) => client.global);
  const profile = { updated_at, name, picture, user_id, nickname, identities, created_at };
  return {
    ...(email === undefined ? {} : { email_verified: email_verified ?? false, email }),
    clientID: clientId,
    ...profile,
    ...(global ? { global_client_id: global.client_id } : {}),
  };
}

async function tokeninfo(ctx: Context, token: unknown): Promise<Reply> {
  const { flags } = await tenantSettings(ctx);
  if (flags[FLAG] !== true) throw oauthError(404, 'endpoint_disabled', 'The endpoint is disabled.');
  if (typeof token !== 'string' || token === '') throw missing('id_token');
  const { sub, clientId } = await readToken(ctx, token);
  const user = await findUser(ctx, sub);
  if (!user) throw refused();
  if (user.blocked) fail('user_blocked', {});
  return json(200, await describe(ctx, user, clientId));
}

const parameters = Type.Object({
  id_token: anything('An ID token of this tenant.'),
});
const shared = {
  path: '/tokeninfo',
  tag: 'Legacy',
  surface: 'legacy',
  cors: 'client',
  replies: {
    200: Type.Object({ user_id: Type.String() }, { additionalProperties: true }),
    400: 'There is no token.',
    401: 'The token is not alive or not of this tenant, or its user is gone or blocked.',
    404: 'The tenant does not allow the endpoint.',
  },
} as const;

/** Who an ID token stands for, where the tenant still allows to ask. */
export const tokeninfoEndpoints = [
  endpoint({
    ...shared,
    method: 'GET',
    name: 'getTokeninfo',
    summary: 'The user that an ID token stands for',
    query: parameters,
    handle: (ctx, { query }) => tokeninfo(ctx, query.id_token),
  }),
  endpoint({
    ...shared,
    method: 'POST',
    name: 'postTokeninfo',
    summary: 'The user that an ID token stands for, with the token in the body',
    body: parameters,
    handle: (ctx, { body }) => tokeninfo(ctx, body.id_token),
  }),
];
