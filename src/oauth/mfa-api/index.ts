/**
 * The MFA API (`/mfa/*`): how clients enrol, list, remove and challenge second factors. What a factor is and how it is proved is
 * `mfa/`; the tokens for it are made by the grants in `oauth/token`.
 */
import type { Endpoint } from '../../kernel/index.ts';
import { associateEndpoint } from './associate.endpoint.ts';
import { authenticatorsEndpoints } from './authenticators.endpoints.ts';
import { challengeEndpoint } from './challenge.endpoint.ts';

export const mfaApiEndpoints: readonly Endpoint[] = [associateEndpoint, challengeEndpoint, ...authenticatorsEndpoints];
