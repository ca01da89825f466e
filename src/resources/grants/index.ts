/** Consents that users gave to applications, and `/api/v2/grants`. Asking for them is in `oauth/authorize`. */
export { type ConsentGrant, consentGrantsCollection, consentGrantsOf } from './grant.store.ts';
