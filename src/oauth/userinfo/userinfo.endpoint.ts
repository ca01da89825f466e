import { type Context, endpoint, json, type Reply, Type, uuid } from '../../kernel/index.ts';
import { type JwtMembers, JwtRefused, verifyJwt } from '../../platform/crypto/index.ts';
import { findClient } from '../../resources/clients/index.ts';
import { publicKeys } from '../../resources/keys/index.ts';
import {
  PossessionRefused,
  type PresentedToken,
  possessionChallenge,
  readAuthorization,
  requirePossession,
} from '../../resources/proof-of-possession/index.ts';
import { findUser } from '../../resources/users/index.ts';
import { complianceOf } from '../compliance.ts';
import { mayHaveWholeProfile } from '../legacy-login.ts';
import { openAccessToken } from '../opaque-token.ts';
import { userinfoAudience } from '../target.ts';
import { profileClaims } from '../token/claims.ts';
import { wholeProfile } from '../token/legacy-profile.ts';
import { splitScope } from '../vocabulary.ts';

type Headers = Readonly<Record<string, string | undefined>>;

const REALM = 'Bearer realm="Users"';

/** RFC 6750 §3.1; the body is the plain text that Auth0 sends. A request without a token is told the scheme and no error. */
function refuse(status: 401 | 403, error?: 'invalid_token' | 'insufficient_scope'): Reply {
  const extra = error === 'insufficient_scope' ? ', scope="openid"' : '';
  const challenge = error ? `${REALM}, error="${error}"${extra}` : REALM;
  const body = status === 401 ? 'Unauthorized' : 'Forbidden';
  return { status, type: 'text', body, headers: { 'www-authenticate': challenge } };
}

/** The claims of an access token that is for `/userinfo`, opaque or JWT; undefined for anything else. */
async function readAccessToken(ctx: Context, token: string): Promise<JwtMembers | undefined> {
  const opaque = openAccessToken(ctx, token);
  if (opaque) return opaque;
  try {
    const { payload } = await verifyJwt(token, {
      keys: await publicKeys(ctx),
      algorithms: ['RS256'],
      issuer: [ctx.issuer, ctx.canonicalIssuer],
      audience: userinfoAudience(ctx),
      nowMs: ctx.clock.now(),
    });
    return payload.exp === undefined ? undefined : payload;
  } catch (error) {
    if (error instanceof JwtRefused) return undefined;
    throw error;
  }
}

/** RFC 6750 §2.1 and §2.2, RFC 9449 §7.1; never from the query, which ends up in logs. */
function readToken(headers: Headers, body: unknown): PresentedToken | undefined {
  const presented = readAuthorization(headers);
  if (presented) return presented;
  const token = (body as { access_token?: unknown } | undefined)?.access_token;
  return typeof token === 'string' && token !== '' ? { token, scheme: 'bearer', dpop: undefined } : undefined;
}

/** What a caller is told who does not hold the key that the token is bound to; undefined for everybody else. */
async function refuseStranger(ctx: Context, claims: JwtMembers, presented: PresentedToken): Promise<Reply | undefined> {
  try {
    await requirePossession(ctx, claims, presented);
    return undefined;
  } catch (error) {
    if (!(error instanceof PossessionRefused)) throw error;
    const headers = { 'www-authenticate': possessionChallenge(error) };
    return { status: 401, type: 'text', body: 'Unauthorized', headers };
  }
}

async function describeUser(ctx: Context, headers: Headers, body: unknown): Promise<Reply> {
  const presented = readToken(headers, body);
  if (!presented) return refuse(401);
  const claims = await readAccessToken(ctx, presented.token);
  if (typeof claims?.sub !== 'string') return refuse(401, 'invalid_token');
  const refusal = await refuseStranger(ctx, claims, presented);
  if (refusal) return refusal;
  const scopes = splitScope(typeof claims.scope === 'string' ? claims.scope : '');
  if (!scopes.includes('openid')) return refuse(403, 'insufficient_scope');
  const user = await findUser(ctx, claims.sub);
  if (!user || user.blocked) return refuse(401, 'invalid_token');
  const client = await findClient(ctx, String(claims.azp ?? claims.client_id ?? ''));
  const rules = client && complianceOf(client);
  if (rules?.tokenInHeader && headers.authorization === undefined) return refuse(401, 'invalid_token');
  const act = claims.act === undefined ? {} : { act: claims.act };
  const isWhole = client !== undefined && (await mayHaveWholeProfile(ctx, client, claims.legacy));
  const profile = isWhole ? wholeProfile(user, client) : profileClaims(user, scopes, client);
  const about = { sub: user.user_id, ...profile, ...organizationOf(claims), ...act };
  return json(200, about, rules?.interactionId ? interactionHeader(ctx, headers) : {});
}

/** FAPI 1.0 Baseline §6.2.1: the caller's own id of the exchange, or a new one. */
function interactionHeader(ctx: Context, headers: Headers): Record<string, string> {
  const sent = headers['x-fapi-interaction-id'];
  const isUsable = sent !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(sent);
  return { 'x-fapi-interaction-id': isUsable ? sent : uuid(ctx.random) };
}

/** The organization that the token is for. */
function organizationOf({ org_id, org_name }: JwtMembers): JwtMembers {
  return { ...(org_id === undefined ? {} : { org_id }), ...(org_name === undefined ? {} : { org_name }) };
}

const shared = {
  path: '/userinfo',
  tag: 'Users',
  surface: 'oauth',
  cors: 'client',
  replies: {
    200: Type.Object({ sub: Type.String() }, { additionalProperties: true }),
    401: 'There is no token, or it is not for this endpoint, has expired or its user is gone.',
    403: 'The token lacks the scope openid.',
  },
} as const;

export const userinfoEndpoints = [
  endpoint({
    ...shared,
    method: 'GET',
    name: 'getUserinfo',
    summary: 'Claims about the user that an access token stands for',
    handle: (ctx, { headers }) => describeUser(ctx, headers, undefined),
  }),
  endpoint({
    ...shared,
    method: 'POST',
    name: 'postUserinfo',
    summary: 'Claims about the user, with the token in the header or in a form',
    body: Type.Object({ access_token: Type.Optional(Type.String()) }),
    accepts: ['form', 'json'],
    handle: (ctx, { headers, body }) => describeUser(ctx, headers, body),
  }),
];
