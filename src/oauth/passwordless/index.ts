/**
 * `/passwordless/*`: asking for a code or a link, and checking a code. How codes work is `strategies/passwordless`; the grant that
 * exchanges one is in `oauth/token`.
 */
import type { Endpoint } from '../../kernel/index.ts';
import { otpChallengeEndpoint } from './otp-challenge.endpoint.ts';
import { startEndpoint } from './start.endpoint.ts';
import { verifyEndpoint } from './verify.endpoint.ts';

export const passwordlessEndpoints: readonly Endpoint[] = [startEndpoint, verifyEndpoint, otpChallengeEndpoint];
