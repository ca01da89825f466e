/** The second factors and passkeys that users have, and `/api/v2/users/{id}/authentication-methods` and `/enrollments`. Proving them is `mfa/`. */
export {
  type Authenticator,
  type AuthenticatorType,
  authenticatorsCollection,
  authenticatorsOf,
  listAuthenticators,
} from './authenticator.store.ts';
export { forgetPasskeysOf, listPasskeys, type Passkey, passkeysCollection, passkeysOf } from './passkey.store.ts';
export { forgetSnoozesOf, isSnoozed, passkeySnoozesCollection, snoozePasskeys } from './passkey-snooze.store.ts';
export { forgetAuthenticatorsOf, noteSecondFactors, removeAuthenticator } from './remove.ts';
export { digestRecoveryCode, newAuthenticatorId, openOtpSecret, sealOtpSecret } from './secrets.ts';

import type { Endpoint } from '../../kernel/index.ts';
import { enrollmentEndpoints } from './enrollments.endpoints.ts';
import { methodEndpoints } from './methods.endpoints.ts';

export { makeRecoveryCode, type PendingRecoveryCode } from './recovery-code.ts';

export const authenticationMethodEndpoints: readonly Endpoint[] = [...methodEndpoints, ...enrollmentEndpoints];
