/**
 * Passkeys of database connections: challenges for signing up and logging in with one, and checking what comes back. How an
 * authenticator's answer is checked is `platform/webauthn`; passkeys themselves are `resources/authentication-methods`. The endpoints
 * are `oauth/passkey`, the grant is in `oauth/token`.
 */

export { requirePasskeyConnection } from './connection.ts';
export {
  mayOfferPasskey,
  type PasskeyOffer,
  type PasskeyOwner,
  startPasskeyEnrollment,
  verifyPasskeyEnrollment,
} from './enroll.ts';
export { type PasskeyChallenge, passkeyChallengesCollection } from './passkey-challenge.store.ts';
export { type PasskeyLogin, type PasskeyStart, startPasskeyLogin } from './start-login.ts';
export { type PasskeySignUp, startPasskeySignUp } from './start-sign-up.ts';
export { type PasskeyAnswer, type PasskeyProof, verifyPasskeyAnswer } from './verify.ts';
