import { attemptOf, openMfaToken, verifyOob } from '../../../mfa/index.ts';
import { GRANT } from '../../vocabulary.ts';
import { grant } from '../grant.ts';
import { authorizeProof } from './mfa-authorization.ts';

/** The code of a message (`binding_code`), or, asked again and again, whether the app has approved. Confirms enrolments too. */
export const mfaOob = grant({
  type: GRANT.mfaOob,
  params: { mfa_token: 'required', oob_code: 'required', binding_code: 'optional' },
  client: 'as-registered',
  log: { success: 'seoobft', failure: 'feoobft' },
  async handle(ctx, { client, params }) {
    const { mfa_token, oob_code, binding_code } = params;
    const pending = await openMfaToken(ctx, mfa_token, client.client_id);
    const proof = await verifyOob(ctx, { ...(await attemptOf(ctx, pending)), oob_code, binding_code });
    return authorizeProof(ctx, { client, pending, proof });
  },
});
