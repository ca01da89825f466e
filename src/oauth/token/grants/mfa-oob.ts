import { attemptOf, openMfaToken, verifyOob } from '../../../mfa/index.ts';
import { GRANT } from '../../vocabulary.ts';
import { grant } from '../grant.ts';
import { authorizeProof } from './mfa-authorization.ts';

/** The code of a message (`binding_code`), or, asked again and again, whether the app has approved. Confirms enrolments too. */
export const mfaOob = grant({
  type: GRANT.mfaOob,
  summary: 'The code of a message, or the approval in an app, for the tokens of the login that waits.',
  rules: [
    'The code or the approval works once; guesses are counted.',
    'Confirms a new phone, e-mail address or app, too.',
  ],
  tests: ['test/mfa/walkthrough.http.test.ts', 'test/mfa/factors.http.test.ts', 'test/mfa/clients.http.test.ts'],
  params: { mfa_token: 'required', oob_code: 'required', binding_code: 'optional' },
  log: { success: 'seoobft', failure: 'feoobft' },
  async handle(ctx, { client, params, confirmation }) {
    const { mfa_token, oob_code, binding_code } = params;
    const pending = await openMfaToken(ctx, mfa_token, { client_id: client.client_id, confirmation });
    const proof = await verifyOob(ctx, { ...(await attemptOf(ctx, pending)), oob_code, binding_code });
    return authorizeProof(ctx, { client, pending, proof });
  },
});
