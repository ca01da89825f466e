import type { Context } from '../../kernel/index.ts';
import { findConnectionByName, isPasswordless } from '../../resources/connections/index.ts';
import { requireDatabaseConnection } from '../../strategies/index.ts';
import { legacyTarget } from '../legacy-login.ts';
import { userinfoAudience } from '../target.ts';
import type { Authorization } from '../token/authorization.ts';
import { type GrantRequest, grant } from '../token/grant.ts';
import { authorizeWithPassword } from '../token/grants/password-login.ts';
import { authorizeWithCode } from '../token/grants/passwordless-otp.ts';
import { LEGACY_GRANT, OFFLINE_ACCESS } from '../vocabulary.ts';
import { required, requireNonConformant } from './legacy-client.ts';

const PATH = '/oauth/ro';

/** A refresh token belongs to a device that the application names. WireError 400 where one is asked for without. */
export function deviceFor(scope: readonly string[] | undefined, device: string | undefined) {
  if (!scope?.includes(OFFLINE_ACCESS)) return {};
  return { device: required(device, 'device') };
}

/** Before OpenID Connect: a user's name and password, or an address and the code that was sent to it, for tokens. */
export const resourceOwner = grant({
  type: LEGACY_GRANT.resourceOwner,
  summary: "A user's name and password, or an address and the code that was sent to it, for tokens for `/userinfo`.",
  rules: [
    'Only for clients that are not OIDC conformant; they need not send their secret.',
    'An ID token with the scope `openid`, a refresh token for `/delegation` with `offline_access` and `device`.',
    'Wrong passwords are counted as at `/oauth/token`. Answers `mfa_required` where a second factor is wanted.',
  ],
  tests: ['src/oauth/legacy/resource-owner.http.test.ts'],
  params: { connection: 'optional', username: 'optional', password: 'optional', device: 'optional' },
  log: { success: 's', failure: 'f' },
  secondFactor: true,
  async handle(ctx, request) {
    const { client, params, scope } = request;
    requireNonConformant(client, PATH);
    const username = required(params.username, 'username');
    const password = required(params.password, 'password');
    const realm = required(params.connection, 'connection');
    const device = deviceFor(scope, params.device);
    const proved = await prove(ctx, request, { username, password, realm });
    return { ...proved, target: await legacyTarget(ctx, client), flow: 'legacy', ...device };
  },
});

interface Presented {
  readonly username: string;
  readonly password: string;
  readonly realm: string;
}

async function prove(
  ctx: Context,
  { client, scope, confirmation }: Pick<GrantRequest<never>, 'client' | 'scope' | 'confirmation'>,
  { username, password, realm }: Presented,
): Promise<Authorization> {
  // Headers are not handed on: a client that proved nothing may not say where its user is.
  const shared = { client, scope, confirmation, audience: userinfoAudience(ctx), headers: {} };
  const found = await findConnectionByName(ctx, realm);
  if (found && isPasswordless(found))
    return authorizeWithCode(ctx, { ...shared, params: { username, otp: password, realm, organization: undefined } });
  const connection = await requireDatabaseConnection(ctx, realm, client);
  return authorizeWithPassword(ctx, { ...shared, params: { username, password, organization: undefined } }, connection);
}
