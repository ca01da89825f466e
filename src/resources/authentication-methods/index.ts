/** The second factors that users have, and `/api/v2/users/{id}/authentication-methods` and `/enrollments`. Proving them is `mfa/`. */
export {
  type Authenticator,
  type AuthenticatorType,
  authenticatorsCollection,
  authenticatorsOf,
  listAuthenticators,
} from './authenticator.store.ts';
export { forgetAuthenticatorsOf, noteSecondFactors, removeAuthenticator } from './remove.ts';
export { digestRecoveryCode, newAuthenticatorId, openOtpSecret, sealOtpSecret } from './secrets.ts';
