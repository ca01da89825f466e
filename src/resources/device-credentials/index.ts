/**
 * Refresh tokens as the devices that hold them: `/api/v2/device-credentials`, which Auth0's `/api/v2/refresh-tokens` came after. Public
 * keys of devices are not kept here.
 */
export { deviceCredentialEndpoints } from './device-credential.endpoints.ts';
