import { epochSeconds, isoTime } from '../../../kernel/index.ts';
import { PasskeyRefused } from '../../../platform/webauthn/index.ts';
import { recordLogin, verifyPasskeyAnswer } from '../../../strategies/index.ts';
import { resolveAudience } from '../../audience.ts';
import { requestedOrganization } from '../../organization.ts';
import { GRANT } from '../../vocabulary.ts';
import { grant } from '../grant.ts';
import { invalidGrant } from '../grant-refusal.ts';

/** SDKs know it by this sentence, whatever was wrong; the reason is for the server's own log. */
async function refusing<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PasskeyRefused)) throw error;
    throw invalidGrant('Invalid passkey assertion.', { detail: error.message });
  }
}

/** Auth0: what an authenticator answered to `/passkey/challenge` or `/passkey/register`, for tokens. */
export const passkey = grant({
  type: GRANT.passkey,
  summary:
    'What an authenticator answered to a challenge, for tokens of the user whose passkey it is, or who signs up with it.',
  rules: [
    '`auth_session` is good once, for five minutes, for the client, connection, host and organization that the challenge was for.',
    '`authn_response` is an object in a JSON body, and its JSON text in a form.',
    'The signature must be of a registered origin, with the user present and verified, and its counter must not go back.',
    'Answers `mfa_required` where a second factor is wanted; the challenge is used up then.',
  ],
  tests: ['src/oauth/token/grants/passkey.http.test.ts', 'src/oauth/passkey/passkey.http.test.ts'],
  params: { auth_session: 'required', authn_response: 'object', realm: 'optional', organization: 'optional' },
  log: { success: 's', failure: 'f' },
  secondFactor: true,
  async handle(ctx, { client, params, audience, scope }) {
    const target = await resolveAudience(ctx, client, audience);
    const organization = await requestedOrganization(ctx, client, params.organization, 403);
    const proof = await refusing(() => verifyPasskeyAnswer(ctx, { client, ...params, organization: organization?.id }));
    if (!proof) throw invalidGrant('Invalid or expired auth_session.');
    const { user, connection } = proof;
    const prove = () => refusing(proof.consume);
    return {
      client,
      user,
      target,
      flow: 'passkey',
      requested: scope,
      connection: connection.name,
      ...(organization ? { organization: { id: organization.id } } : {}),
      auth_time: epochSeconds(ctx.clock),
      methods: [{ name: 'passkey', timestamp: isoTime(ctx.clock) }],
      proveFirstFactor: prove,
      consume: async () => {
        await prove();
        await recordLogin(ctx, user);
      },
    };
  },
});
