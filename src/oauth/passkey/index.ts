/**
 * `/passkey/*`: challenges that an application has an authenticator answer, for signing up and logging in. How passkeys work is
 * `strategies/passkey`; the grant that takes the answer is in `oauth/token`.
 */
import type { Endpoint } from '../../kernel/index.ts';
import { challengeEndpoint } from './challenge.endpoint.ts';
import { registerEndpoint } from './register.endpoint.ts';

export const passkeyEndpoints: readonly Endpoint[] = [registerEndpoint, challengeEndpoint];
