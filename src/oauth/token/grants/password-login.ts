import { type Context, epochSeconds, isoTime } from '../../../kernel/index.ts';
import type { Connection } from '../../../resources/connections/index.ts';
import { recordLogin, verifyPassword } from '../../../strategies/index.ts';
import { resolveAudience } from '../../audience.ts';
import { requestedOrganization } from '../../organization.ts';
import type { Authorization } from '../authorization.ts';
import { endUserAddress } from '../end-user-address.ts';
import type { GrantRequest } from '../grant.ts';

type PasswordRequest = GrantRequest<{
  readonly username: 'required';
  readonly password: 'required';
  readonly organization: 'optional';
}>;

/** Checks the password in `connection` and says what it entitles to. An unknown API is refused before anybody's attempts are counted. */
export async function authorizeWithPassword(
  ctx: Context,
  { client, params, headers, audience, scope }: PasswordRequest,
  connection: Connection,
): Promise<Authorization> {
  const target = await resolveAudience(ctx, client, audience);
  const organization = await requestedOrganization(ctx, client, params.organization, 403);
  const ip = endUserAddress(ctx, client, headers);
  const { username, password } = params;
  const { user } = await verifyPassword(ctx, { connection, identifier: username, password, client, ip });
  return {
    client,
    user,
    target,
    flow: 'password',
    requested: scope,
    connection: connection.name,
    ...(organization ? { organization: { id: organization.id } } : {}),
    ip,
    auth_time: epochSeconds(ctx.clock),
    methods: [{ name: 'pwd', timestamp: isoTime(ctx.clock) }],
    consume: async () => {
      await recordLogin(ctx, user, ip);
    },
  };
}
