/** Consents that users gave to applications, and `/api/v2/grants`. Asking for them is in `oauth/authorize`. */
export { grantEndpoints } from './grant.endpoints.ts';
export {
  type ConsentGrant,
  consentGrantsCollection,
  consentGrantsOf,
  forgetConsentsOf,
  forgetConsentsOfApi,
  forgetConsentsOfClient,
} from './grant.store.ts';
