import { openMfaToken, verifyRecoveryCode } from '../../../mfa/index.ts';
import { GRANT } from '../../vocabulary.ts';
import { grant } from '../grant.ts';
import { authorizeProof } from './mfa-authorization.ts';

/** The recovery code in place of a lost factor. It is good once; the answer carries the next one. */
export const mfaRecoveryCode = grant({
  type: GRANT.mfaRecoveryCode,
  summary: 'The recovery code, for the tokens of the login that waits and a new recovery code.',
  rules: ['A recovery code works once.'],
  tests: ['test/mfa/factors.http.test.ts', 'test/mfa/clients.http.test.ts'],
  params: { mfa_token: 'required', recovery_code: 'required' },
  log: { success: 'sercft', failure: 'fercft' },
  async handle(ctx, { client, params, confirmation }) {
    const pending = await openMfaToken(ctx, params.mfa_token, { client_id: client.client_id, confirmation });
    const { user, client_id } = pending;
    const proof = await verifyRecoveryCode(ctx, { user, client_id, code: params.recovery_code });
    return authorizeProof(ctx, { client, pending, proof });
  },
});
