import type { Context } from '../../../kernel/index.ts';
import { requirePasswordlessConnection, verifyPasswordlessCode } from '../../../strategies/index.ts';
import { resolveAudience } from '../../audience.ts';
import { requestedOrganization } from '../../organization.ts';
import { GRANT } from '../../vocabulary.ts';
import type { Authorization } from '../authorization.ts';
import { endUserAddress } from '../end-user-address.ts';
import { type GrantRequest, grant } from '../grant.ts';
import { databaseOtp } from './database-otp.ts';
import { authorizeSentCode } from './sent-code.ts';

/** Auth0: the code that `/passwordless/start` sent, for tokens of whoever got it. */
export const passwordlessOtp = grant({
  type: GRANT.passwordlessOtp,
  summary: 'The code that was sent to an e-mail address or phone, for tokens of whoever it was sent to.',
  rules: [
    '`realm` names an e-mail or SMS connection that the client may use; `username` is the address that the code was sent to.',
    'Only the last code, only by the client that asked for it, once, within 180 seconds or what the connection says.',
    'A code survives two wrong guesses, however many come at once.',
    'Who is not known yet is signed up, unless the connection forbids it.',
    'With `auth_session` in place of `username` and `realm`: the code that `/otp/challenge` sent to a user of a database. Not for SPAs.',
    'Answers `mfa_required` where a second factor is wanted; the code is used up then.',
  ],
  tests: ['src/oauth/token/grants/passwordless-otp.http.test.ts', 'src/oauth/token/grants/database-otp.http.test.ts'],
  params: { username: 'required', otp: 'required', realm: 'required', organization: 'optional' },
  log: { success: 's', failure: 'fepotpft' },
  secondFactor: true,
  choose: (body) => (body.auth_session === undefined ? undefined : databaseOtp),
  handle: authorizeWithCode,
});

type CodeRequest = GrantRequest<{
  readonly username: 'required';
  readonly otp: 'required';
  readonly realm: 'required';
  readonly organization: 'optional';
}>;

/** Checks a code that was sent to `username` and says what it entitles to. */
export async function authorizeWithCode(
  ctx: Context,
  { client, params, headers, audience, scope }: CodeRequest,
): Promise<Authorization> {
  const target = await resolveAudience(ctx, client, audience);
  const connection = await requirePasswordlessConnection(ctx, params.realm, client);
  const organization = await requestedOrganization(ctx, client, params.organization, 403);
  const ip = endUserAddress(ctx, client, headers);
  const attempt = { connection, recipient: params.username, code: params.otp, client, ip };
  const proof = await verifyPasswordlessCode(ctx, attempt);
  const by = connection.strategy === 'sms' ? 'sms' : 'email';
  const named = { connection: connection.name, organization };
  const { user, consume: prove } = proof;
  return authorizeSentCode(ctx, { client, user, target, requested: scope, ...named, by, ip, prove });
}
