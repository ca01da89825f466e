import { type Context, epochSeconds, fail, isoTime, oauthError } from '../../../../kernel/index.ts';
import type { StoredClient } from '../../../../resources/clients/index.ts';
import { type Connection, listConnectionsForClient } from '../../../../resources/connections/index.ts';
import { draftFederatedUser, type User } from '../../../../resources/users/index.ts';
import {
  NativeLoginRefused,
  type ProveArtifact,
  proveAppleCode,
  proveFacebookSession,
  proveGoogleIdToken,
  recordLogin,
} from '../../../../strategies/index.ts';
import { resolveAudience } from '../../../audience.ts';
import { requestedOrganization } from '../../../organization.ts';
import { chosenAudience } from '../../../resource-parameter.ts';
import { grantScopes, scopesOf } from '../../../scopes.ts';
import type { Target } from '../../../target.ts';
import { DEFAULT_OIDC_SCOPES, GRANT } from '../../../vocabulary.ts';
import { endUserAddress } from '../../end-user-address.ts';
import { type Grant, grant } from '../../grant.ts';
import { userIsBlocked } from '../../grant-refusal.ts';
import { countWrongToken, requireUnthrottled } from '../../wrong-tokens.ts';

interface NativeProvider {
  readonly type: string;
  /** Member of the client's `native_social_login`. */
  readonly property: 'apple' | 'facebook' | 'google';
  readonly strategy: string;
  readonly prove: ProveArtifact;
  readonly refusal: string;
}

const TYPE = 'http://auth0.com/oauth/token-type/';

const PROVIDERS: readonly NativeProvider[] = [
  {
    type: `${TYPE}apple-authz-code`,
    property: 'apple',
    strategy: 'apple',
    prove: proveAppleCode,
    refusal: 'Error from Apple connection.',
  },
  {
    type: `${TYPE}facebook-info-session-access-token`,
    property: 'facebook',
    strategy: 'facebook',
    prove: proveFacebookSession,
    refusal: 'Error from Facebook connection.',
  },
  {
    type: `${TYPE}google-id-token`,
    property: 'google',
    strategy: 'google-oauth2',
    prove: proveGoogleIdToken,
    refusal: 'Error from Google connection.',
  },
];

const PARAMS = {
  subject_token: 'required',
  subject_token_type: 'required',
  user_profile: 'optional',
  resource: 'optional',
  organization: 'optional',
} as const;

/** The exchanges of native social login, by `subject_token_type`. */
export const nativeSocialLogins: readonly (readonly [string, Grant])[] = PROVIDERS.map((provider) => [
  provider.type,
  nativeSocialLogin(provider),
]);

function nativeSocialLogin(provider: NativeProvider): Grant {
  return grant({
    type: GRANT.tokenExchange,
    summary: `What a native application got from ${provider.strategy}, for tokens.`,
    rules: [],
    tests: [],
    params: PARAMS,
    permits: (client) => mayLogInNatively(client, provider),
    log: { success: 'sens', failure: 'fens' },
    secondFactor: true,
    async handle(ctx, { client, params, scope, audience, headers }) {
      const chosen = await chosenAudience(ctx, { audience, resource: params.resource });
      const target = await resolveAudience(ctx, client, chosen);
      const organization = await requestedOrganization(ctx, client, params.organization, 403);
      const requested = scope ?? everyScope(target);
      // Apple takes a code once: what the client may not have is refused before it is spent.
      await grantScopes(ctx, { client, target, requested, flow: 'token_exchange' });
      const connection = await requireConnection(ctx, client, provider);
      const profile = readProfile(params.user_profile);
      const ip = endUserAddress(ctx, client, headers);
      const { user, save } = await bringIn(
        ctx,
        provider,
        { client, connection, token: params.subject_token, profile },
        ip,
      );
      return {
        client,
        user,
        target,
        flow: 'token_exchange',
        requested,
        connection: connection.name,
        ...(organization ? { organization: { id: organization.id } } : {}),
        ip,
        auth_time: epochSeconds(ctx.clock),
        methods: [{ name: 'federated', timestamp: isoTime(ctx.clock) }],
        proveFirstFactor: save,
        consume: async () => {
          await save();
          await recordLogin(ctx, user, ip);
        },
      };
    },
  });
}

/** For the tenant's own applications: nobody is there who could be asked what somebody else's may have. */
function mayLogInNatively(client: StoredClient, { property }: NativeProvider): boolean {
  return client.is_first_party !== false && client.native_social_login?.[property]?.enabled === true;
}

/** Auth0: without a scope, all there is, since such an application is trusted as one with passwords would be. */
function everyScope(target: Target): readonly string[] {
  return [...DEFAULT_OIDC_SCOPES, ...scopesOf(target)];
}

async function requireConnection(
  ctx: Context,
  client: StoredClient,
  { strategy }: NativeProvider,
): Promise<Connection> {
  const usable = await listConnectionsForClient(ctx, client.client_id);
  const found = usable.find((one) => one.strategy === strategy && one.authentication?.active !== false);
  return found ?? fail('connection_not_found', {});
}

/** A JSON object in a text. Throws WireError 400 for anything else. */
function readProfile(sent: string | undefined): Readonly<Record<string, unknown>> {
  if (sent === undefined) return {};
  try {
    const value: unknown = JSON.parse(sent);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw oauthError(400, 'invalid_request', 'Parameter user_profile must be a JSON object');
}

/** Whom the provider vouches for; `save` makes them, or brings them up to date, once nothing is refused any more. */
async function bringIn(
  ctx: Context,
  provider: NativeProvider,
  artifact: Parameters<ProveArtifact>[1],
  ip: string,
): Promise<{ readonly user: User; readonly save: () => Promise<void> }> {
  await requireUnthrottled(ctx, 'pre-login', ip);
  const arrival = await provider.prove(ctx, artifact).catch(async (error: unknown) => {
    if (!(error instanceof NativeLoginRefused)) throw error;
    await countWrongToken(ctx, 'pre-login', ip);
    throw oauthError(400, 'invalid_request', provider.refusal, { detail: error.message });
  });
  const drafted = await draftFederatedUser(ctx, arrival);
  if (!drafted) throw strangerRefused();
  const { user } = drafted;
  if (user.blocked) throw userIsBlocked(user.user_id);
  const save = async () => {
    if (!(await drafted.save())) throw strangerRefused();
  };
  return { user, save };
}

function strangerRefused() {
  return oauthError(403, 'access_denied', 'The connection makes no users, and nobody is known by that identity');
}
