/** The protocol of apps made with the Guardian SDKs: they enrol a device, answer for it, and keep its account. */
import type { Endpoint } from '../../kernel/index.ts';
import { deviceAccountEndpoints } from './device-accounts.endpoints.ts';
import { enrollDeviceEndpoint } from './enroll.endpoint.ts';
import { resolveTransactionEndpoint } from './resolve.endpoint.ts';
import { richConsentEndpoint } from './rich-consent.endpoint.ts';

export const guardianAppEndpoints: readonly Endpoint[] = [
  enrollDeviceEndpoint,
  resolveTransactionEndpoint,
  richConsentEndpoint,
  ...deviceAccountEndpoints,
];
