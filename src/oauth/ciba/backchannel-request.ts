import { type AuthorizationDetail, type Context, fail, oauthError } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { listConnectionsForClient } from '../../resources/connections/index.ts';
import { findUser, type User } from '../../resources/users/index.ts';
import { resolveAudience } from '../audience.ts';
import { readAuthorizationDetails } from '../authorization-details.ts';
import { requireUnsignedAllowed } from '../authorize/checks/request-object.ts';
import { requireNoOrganization } from '../deferred/without-organization.ts';
import { chosenAudience } from '../resource-parameter.ts';
import { grantScopes } from '../scopes.ts';
import type { Target } from '../target.ts';
import { readScope, readText, type TokenBody } from '../token/token-request.ts';
import { type Channel, channelsFor, readExpiry } from './channel.ts';
import { readLoginHint } from './login-hint.ts';

/** A request that was checked: who is asked for what, how, and for how long. */
export interface BackchannelRequest {
  readonly user: User;
  readonly scope: readonly string[];
  /** Of `scope`, what this user could be given: what they are shown. */
  readonly grantable: readonly string[];
  readonly target: Target;
  readonly audience?: string;
  readonly authorization_details?: readonly AuthorizationDetail[];
  readonly binding_message: string;
  /** Seconds. */
  readonly expiry: number;
  /** To be tried in this order. */
  readonly channels: readonly Channel[];
}

/** OpenID CIBA §7.1: other ways to name the user, and signed requests. Ignoring them would ask somebody else, or something else. */
const UNSUPPORTED = ['login_hint_token', 'id_token_hint', 'request'];

/** Auth0: what fits on the smallest screen and cannot be mistaken for anything else. */
const BINDING_MESSAGE = /^[A-Za-z0-9 +\-_.,:#]{1,64}$/;

/**
 * Reads and checks a backchannel request of `client`, in the order in which Auth0 names what is wrong. Nothing is stored or sent.
 *
 * @throws WireError 400 of OpenID CIBA §13, 403 access_denied for an API that the client may not have; Failure user_blocked
 */
export async function readBackchannelRequest(
  ctx: Context,
  client: StoredClient,
  body: TokenBody,
): Promise<BackchannelRequest> {
  const unsupported = UNSUPPORTED.find((name) => readText(body, name) !== undefined);
  if (unsupported) throw oauthError(400, 'invalid_request', `${unsupported} is not supported`);
  requireUnsignedAllowed(client);
  requireNoOrganization(client, readText(body, 'organization'));
  const userId = readLoginHint(ctx, readText(body, 'login_hint'));
  const binding_message = readBindingMessage(readText(body, 'binding_message'));
  const scope = readScope(body.scope) ?? [];
  if (!scope.includes('openid')) throw oauthError(400, 'invalid_request', 'openid scope must be requested');
  const expiry = readExpiry(body.requested_expiry);
  const channels = channelsFor(client, expiry);
  const user = await requireUser(ctx, client, userId);
  const wish = await readWish(ctx, client, user, scope, body);
  return { user, scope, binding_message, expiry, channels, ...wish };
}

function readBindingMessage(sent: string | undefined): string {
  if (sent === undefined) throw oauthError(400, 'invalid_request', 'binding_message is required');
  if (BINDING_MESSAGE.test(sent)) return sent;
  const rule = 'binding_message must have at most 64 characters: letters, digits, spaces and any of + - _ . , : #';
  throw oauthError(400, 'invalid_binding_message', rule);
}

/** A user of this tenant who could log in to the client. Those who could not are as unknown to it as those whom there are not. */
async function requireUser(ctx: Context, client: StoredClient, userId: string): Promise<User> {
  const user = await findUser(ctx, userId);
  const usable = (await listConnectionsForClient(ctx, client.client_id)).map(({ name }) => name);
  if (!user?.identities.some(({ connection }) => usable.includes(connection)))
    throw oauthError(400, 'unknown_user_id', 'User ID is malformed or unknown');
  if (user.blocked) fail('user_blocked', {});
  return user;
}

async function readWish(
  ctx: Context,
  client: StoredClient,
  user: User,
  scope: readonly string[],
  body: TokenBody,
): Promise<Pick<BackchannelRequest, 'target' | 'grantable' | 'audience' | 'authorization_details'>> {
  const given = await chosenAudience(ctx, {
    audience: readText(body, 'audience'),
    resource: readText(body, 'resource'),
  });
  const target = await resolveAudience(ctx, client, given);
  const grantable = await grantScopes(ctx, { target, client, user, requested: scope, flow: 'ciba' });
  const details = await readAuthorizationDetails(ctx, readText(body, 'authorization_details'), { client, target });
  // A default audience is written down, so that it stays what it was.
  const audience = given ?? (target.kind === 'userinfo' ? undefined : target.identifier);
  return {
    target,
    grantable,
    ...(audience === undefined ? {} : { audience }),
    ...(details ? { authorization_details: details } : {}),
  };
}
