import { anything, type Context, endpoint, Failure, json, type Reply, Type, WireError } from '../../kernel/index.ts';
import { presentFailure } from '../../platform/http/index.ts';
import { isGrantAllowed, type StoredClient } from '../../resources/clients/index.ts';
import type { User } from '../../resources/users/index.ts';
import { grantNotAllowed } from '../allowed-grant.ts';
import { asSpecified, authenticateConfidential } from '../confidential-request.ts';
import type { TokenBody, TokenRequest } from '../token/token-request.ts';
import { GRANT } from '../vocabulary.ts';
import { askUser, INTERVAL } from './ask-user.ts';
import { readBackchannelRequest } from './backchannel-request.ts';

/** As much of a request as is known when it is logged. */
interface Progress {
  client?: StoredClient;
  user?: User;
}

/** OpenID CIBA §7: an application asks for the approval of a user who is somewhere else. */
async function start(ctx: Context, request: TokenRequest): Promise<Reply> {
  const progress: Progress = {};
  try {
    const client = await authenticateConfidential(ctx, request);
    progress.client = client;
    requireBackchannelClient(client);
    const asked = await readBackchannelRequest(ctx, client, request.body);
    progress.user = asked.user;
    const auth_req_id = await askUser(ctx, client, asked);
    const { target, scope } = asked;
    ctx.audit({ type: 'ciba_start_succeeded', ...describe(progress), audience: target.identifier, scope });
    return json(200, { auth_req_id, expires_in: asked.expiry, interval: INTERVAL });
  } catch (error) {
    throw refuse(ctx, error, progress, request.body.client_id);
  }
}

/** Auth0: first-party applications that conform to OpenID Connect. That they keep a secret was seen. */
function requireBackchannelClient(client: StoredClient): void {
  if (isGrantAllowed(client, GRANT.ciba) && client.oidc_conformant !== false) return;
  // OpenID CIBA §13 has 400 where the token endpoint has 403.
  throw new WireError(400, { ...grantNotAllowed(GRANT.ciba).body });
}

function refuse(ctx: Context, error: unknown, progress: Progress, claimed: unknown): unknown {
  const wire = error instanceof Failure ? presentFailure('oauth', error) : error;
  if (!(wire instanceof WireError)) return error;
  ctx.audit({
    type: 'ciba_start_failed',
    description: String(wire.body.error_description ?? ''),
    ...(typeof claimed === 'string' ? { client_id: claimed.slice(0, 200) } : {}),
    ...describe(progress),
  });
  return asSpecified(wire);
}

function describe({ client, user }: Progress) {
  return {
    ...(client ? { client_id: client.client_id, client_name: client.name } : {}),
    ...(user ? { user_id: user.user_id, user_name: user.email ?? user.username ?? user.name ?? '' } : {}),
  };
}

export const backchannelAuthenticationEndpoint = endpoint({
  method: 'POST',
  path: '/bc-authorize',
  name: 'startBackchannelAuthentication',
  summary: 'Ask a user who is somewhere else for approval',
  tag: 'backchannel authentication',
  surface: 'oauth',
  body: Type.Object({
    client_id: anything('The application.'),
    client_secret: anything('Its secret.'),
    client_assertion: anything('Its assertion, where it has keys in place of a secret.'),
    client_assertion_type: anything('The type of the assertion.'),
    login_hint: anything('Who is asked: `{"format":"iss_sub","iss":…,"sub":…}` as JSON.'),
    binding_message: anything('What both devices show: up to 64 letters, digits, spaces and `+-_.,:#`.'),
    scope: anything('What is asked for, separated by spaces; `openid` at least.'),
    audience: anything('The API that the access token is for.'),
    resource: anything('The same as `audience`, where the tenant accepts it.'),
    requested_expiry: anything(
      'Seconds, 1 to 259200, 300 unless said: up to 300 the user is asked in their app, beyond by e-mail.',
    ),
    authorization_details: anything('What is asked for besides scopes (RFC 9396).'),
  }),
  replies: {
    200: Type.Object({ auth_req_id: Type.String(), expires_in: Type.Integer(), interval: Type.Integer() }),
    400: 'What is wrong with the request, or why the user cannot be asked.',
    401: 'The client could not be authenticated.',
    403: 'The user is blocked, or the client may not have tokens for this API.',
    429: 'The user was asked too often.',
  },
  handle: (ctx, { body, headers }) => start(ctx, { body: body as TokenBody, headers }),
});
