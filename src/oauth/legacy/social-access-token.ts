import { type Context, epochSeconds, fail, isoTime, oauthError } from '../../kernel/index.ts';
import { UpstreamTrouble } from '../../platform/upstream/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { type Connection, findConnectionByName, isEnabledFor } from '../../resources/connections/index.ts';
import { draftFederatedUser, type FederatedArrival } from '../../resources/users/index.ts';
import { acceptSocialToken, recordLogin } from '../../strategies/index.ts';
import { legacyTarget } from '../legacy-login.ts';
import { grant } from '../token/grant.ts';
import { countWrongToken, requireUnthrottled } from '../token/wrong-tokens.ts';
import { LEGACY_GRANT } from '../vocabulary.ts';
import { required, requireNonConformant } from './legacy-client.ts';
import { deviceFor } from './resource-owner.ts';

/** Before OpenID Connect: the access token of a social provider, for tokens of the user it stands for. */
export const socialAccessToken = grant({
  type: LEGACY_GRANT.socialAccessToken,
  summary: "A social provider's access token, for tokens for `/userinfo` of the user it stands for.",
  rules: [
    'Google alone tells whom a token was issued to: it must be the client of the connection there, or one of its ' +
      '`allowed_audiences`. Other connections are refused.',
    'Only for clients that are not OIDC conformant. Answers `mfa_required` where a second factor is wanted.',
  ],
  tests: ['src/oauth/legacy/social-access-token.http.test.ts'],
  params: { access_token: 'optional', connection: 'optional', device: 'optional' },
  log: { success: 's', failure: 'f' },
  secondFactor: true,
  async handle(ctx, { client, params, scope }) {
    requireNonConformant(client, '/oauth/access_token');
    const token = required(params.access_token, 'access_token');
    const connection = await requireConnection(ctx, client, required(params.connection, 'connection'));
    const device = deviceFor(scope, params.device);
    const { user, save } = await requireUser(ctx, await accept(ctx, connection, token));
    return {
      client,
      user,
      target: await legacyTarget(ctx, client),
      flow: 'legacy',
      requested: scope,
      connection: connection.name,
      auth_time: epochSeconds(ctx.clock),
      methods: [{ name: 'federated', timestamp: isoTime(ctx.clock) }],
      ...device,
      proveFirstFactor: save,
      consume: async () => {
        await save();
        await recordLogin(ctx, user);
      },
    };
  },
});

async function requireConnection(ctx: Context, client: StoredClient, name: string): Promise<Connection> {
  const found = await findConnectionByName(ctx, name);
  if (!found) fail('connection_not_found', {});
  if (!isEnabledFor(found, client.client_id)) fail('connection_disabled', {});
  return found;
}

async function accept(ctx: Context, connection: Connection, token: string): Promise<FederatedArrival> {
  await requireUnthrottled(ctx, 'pre-login', ctx.caller.ip);
  try {
    return await acceptSocialToken(ctx, connection, token);
  } catch (error) {
    if (!(error instanceof UpstreamTrouble)) throw error;
    const { kind, message } = error;
    if (kind === 'unreachable') return fail('temporarily_unavailable', {});
    await countWrongToken(ctx, 'pre-login', ctx.caller.ip);
    throw oauthError(401, 'invalid_request', 'invalid access_token: invalid_token', { detail: message });
  }
}

/** Whom the provider vouches for; `save` makes them, or brings them up to date, once nothing is refused any more. */
async function requireUser(ctx: Context, arrival: FederatedArrival) {
  const drafted = await draftFederatedUser(ctx, arrival);
  if (!drafted) throw strangerRefused();
  const { user } = drafted;
  if (user.blocked) fail('user_blocked', {});
  const save = async () => {
    if (!(await drafted.save())) throw strangerRefused();
  };
  return { user, save };
}

function strangerRefused() {
  return oauthError(403, 'access_denied', 'The connection does not make users.');
}
