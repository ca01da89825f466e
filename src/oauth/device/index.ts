/**
 * The device flow (RFC 8628) up to the tokens: codes for devices, the page where people type them, and how a login ends that was about
 * one. What waits is `oauth/deferred`, the grant is in `oauth/token/grants`, the page that shows what is asked for in `login/`.
 */
import type { Endpoint } from '../../kernel/index.ts';
import { activateEndpoints } from './activate.endpoints.ts';
import { deviceCodeEndpoint } from './device-code.endpoint.ts';
import { deviceResultEndpoints } from './result-pages.endpoints.ts';

export const deviceEndpoints: readonly Endpoint[] = [
  deviceCodeEndpoint,
  ...activateEndpoints,
  ...deviceResultEndpoints,
];
