import { type Context, fail } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { findConnectionByName, isEnabledFor } from '../../resources/connections/index.ts';
import type { User } from '../../resources/users/index.ts';
import { recordLogin } from '../../strategies/index.ts';
import { legacyTarget } from '../legacy-login.ts';
import { grant } from '../token/grant.ts';
import { LEGACY_GRANT } from '../vocabulary.ts';
import { requireBearer } from './id-token-bearer.ts';
import { required, requireNonConformant } from './legacy-client.ts';
import { deviceFor } from './resource-owner.ts';

/** Before OpenID Connect: an ID token in place of a password, for applications that keep it behind a fingerprint. */
export const resourceOwnerJwt = grant({
  type: LEGACY_GRANT.resourceOwnerJwt,
  summary: 'An ID token that the client was given, for tokens for `/userinfo`.',
  rules: [
    "Only for clients that are not OIDC conformant. The ID token is the client's own, alive, and newer than the password.",
    'However often it is renewed, it ends with the `session_lifetime` of the tenant after its login.',
    'JWTs that a device signed are refused: there are no device credentials.',
    'Answers `mfa_required` where a second factor is wanted.',
  ],
  tests: ['src/oauth/legacy/resource-owner.http.test.ts'],
  params: { id_token: 'optional', device: 'optional', connection: 'optional' },
  log: { success: 's', failure: 'f' },
  secondFactor: true,
  async handle(ctx, { client, params, scope }) {
    requireNonConformant(client, '/oauth/ro');
    const device = required(params.device, 'device');
    const token = required(params.id_token, 'id_token');
    const { user, auth_time } = await requireBearer(ctx, client, token);
    const connection = await requireConnection(ctx, client, user, params.connection);
    return {
      client,
      user,
      target: await legacyTarget(ctx, client),
      flow: 'legacy',
      requested: scope,
      ...(connection === undefined ? {} : { connection }),
      auth_time,
      auth_time_requested: true,
      ...deviceFor(scope, device),
      consume: async () => {
        await recordLogin(ctx, user);
      },
    };
  },
});

/** The connection that the user comes from, which the client must be able to use and, where it names one, has named. */
async function requireConnection(ctx: Context, client: StoredClient, user: User, named: string | undefined) {
  const connections = user.identities.map(({ connection }) => connection);
  const name = named ?? connections[0];
  if (name === undefined) return undefined;
  const found = await findConnectionByName(ctx, name);
  if (!found || !connections.includes(found.name)) fail('connection_not_found', {});
  if (!isEnabledFor(found, client.client_id)) fail('connection_disabled', {});
  return found.name;
}
