import { oauthError } from '../../../kernel/index.ts';
import { verifyDatabaseOtp } from '../../../strategies/index.ts';
import { grantNotAllowed } from '../../allowed-grant.ts';
import { resolveAudience } from '../../audience.ts';
import { requestedOrganization } from '../../organization.ts';
import { GRANT } from '../../vocabulary.ts';
import { endUserAddress } from '../end-user-address.ts';
import { grant } from '../grant.ts';
import { authorizeSentCode } from './sent-code.ts';

/** Auth0: one text for whatever is wrong, so that it says nothing about accounts. */
const refused = () => oauthError(400, 'invalid_request', 'Invalid or expired OTP code.');

/** Auth0: the code that `/otp/challenge` sent to a user of a database. A form of the grant that exchanges passwordless codes. */
export const databaseOtp = grant({
  type: GRANT.passwordlessOtp,
  summary: 'The code that was sent to a user of a database, for their tokens.',
  rules: [],
  tests: ['src/oauth/token/grants/database-otp.http.test.ts'],
  params: { auth_session: 'required', otp: 'required', organization: 'optional' },
  log: { success: 's', failure: 'fepotpft' },
  secondFactor: true,
  async handle(ctx, { client, params, headers, audience, scope }) {
    if (client.app_type === 'spa') throw grantNotAllowed(GRANT.passwordlessOtp);
    const target = await resolveAudience(ctx, client, audience);
    const organization = await requestedOrganization(ctx, client, params.organization, 403);
    const ip = endUserAddress(ctx, client, headers);
    const { auth_session, otp } = params;
    const proof = await verifyDatabaseOtp(ctx, { client, auth_session, otp });
    if (!proof) throw refused();
    const { user, connection, identifier } = proof;
    const prove = async () => {
      if (!(await proof.consume())) throw refused();
    };
    const by = identifier === 'email' ? 'email' : 'sms';
    const named = { connection: connection.name, organization };
    return authorizeSentCode(ctx, { client, user, target, requested: scope, ...named, by, ip, prove });
  },
});
