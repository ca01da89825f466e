import { attemptOf, openMfaToken, verifyOtp } from '../../../mfa/index.ts';
import { GRANT } from '../../vocabulary.ts';
import { grant } from '../grant.ts';
import { authorizeProof } from './mfa-authorization.ts';

/** A one-time password: of an app that the user has enrolled, or the first one of an app that they are setting up. */
export const mfaOtp = grant({
  type: GRANT.mfaOtp,
  params: { mfa_token: 'required', otp: 'required' },
  client: 'as-registered',
  log: { success: 'seotpft', failure: 'feotpft' },
  async handle(ctx, { client, params }) {
    const pending = await openMfaToken(ctx, params.mfa_token, client.client_id);
    const proof = await verifyOtp(ctx, { ...(await attemptOf(ctx, pending)), otp: params.otp });
    return authorizeProof(ctx, { client, pending, proof });
  },
});
