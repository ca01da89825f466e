import { attemptOf, openMfaToken, verifyOtp } from '../../../mfa/index.ts';
import { GRANT } from '../../vocabulary.ts';
import { grant } from '../grant.ts';
import { authorizeProof } from './mfa-authorization.ts';

/** A one-time password: of an app that the user has enrolled, or the first one of an app that they are setting up. */
export const mfaOtp = grant({
  type: GRANT.mfaOtp,
  summary: 'A one-time password, for the tokens of the login that waits.',
  rules: ["A step of the app's clock is accepted once; guesses are counted.", 'Confirms a new app, too.'],
  tests: ['test/mfa/walkthrough.http.test.ts', 'test/mfa/clients.http.test.ts'],
  params: { mfa_token: 'required', otp: 'required' },
  log: { success: 'seotpft', failure: 'feotpft' },
  async handle(ctx, { client, params, confirmation }) {
    const pending = await openMfaToken(ctx, params.mfa_token, { client_id: client.client_id, confirmation });
    const proof = await verifyOtp(ctx, { ...(await attemptOf(ctx, pending)), otp: params.otp });
    return authorizeProof(ctx, { client, pending, proof });
  },
});
