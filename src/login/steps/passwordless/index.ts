/** Logging in with a code that is sent to an address: where to, then the code. How codes work is `strategies/passwordless`. */
import type { Endpoint } from '../../../kernel/index.ts';
import { renderLoginPasswordlessEmailCode, renderLoginPasswordlessSmsOtp } from '../../../pages/index.ts';
import { codeChallenge } from './code-challenge.ts';

export const passwordlessSteps: readonly Endpoint[] = [
  ...codeChallenge({
    strategy: 'email',
    name: 'loginPasswordlessEmailCode',
    summary: 'the code of the mail that logs in.',
    render: renderLoginPasswordlessEmailCode,
  }),
  ...codeChallenge({
    strategy: 'sms',
    name: 'loginPasswordlessSmsOtp',
    summary: 'the code of the text message that logs in.',
    render: renderLoginPasswordlessSmsOtp,
  }),
];
