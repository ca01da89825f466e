/**
 * Second factors: setting them up, challenging and proving them, when they are asked for, and the MFA API (`/mfa/*`) with the
 * protocol of Guardian apps (`/appliance-mfa/*`). Each factor is written once and used by the API, the grants, the login pages and
 * the Management API. It does not own how authenticators are stored (`resources/authentication-methods`), the tenant's settings
 * (`resources/guardian`), pages, or tokens.
 */
export { type Challenge, challengesCollection, type OobChannel } from './challenge.store.ts';
export { type EnrollmentStart, type StartedEnrollment, startEnrollment } from './enrollment.ts';
export { approvePush, listPushes, rejectPush, type WaitingPush } from './guardian-app/answer-push.ts';
export { allowancesCollection } from './limits.store.ts';
export {
  challengeableAuthenticators,
  type EnrollableFactor,
  enrollableFactors,
  isEnrolled,
  type Method,
  type MethodKind,
  maskedName,
  type RequirementType,
} from './methods.ts';
export { type MfaToken, mfaTokensCollection, type PendingRequest } from './mfa-token.store.ts';
export {
  type FactorManagement,
  MFA_SCOPES,
  mfaAudiences,
  openMfaToken,
  type PendingLogin,
  type PendingMfa,
  spendMfaToken,
} from './mfa-token.ts';
export { isSecondFactorRequired, type LoginFacts } from './policy.ts';
export type { Attempt, Proof } from './proof.ts';
export { verifyOob } from './prove-oob.ts';
export { verifyOtp } from './prove-otp.ts';
export { verifyRecoveryCode } from './prove-recovery-code.ts';
export { issueRecoveryCode } from './recovery.ts';
export { demandSecondFactor, type MfaRequirements, mfaRequirements } from './requirement.ts';
export { startChallenge } from './send-challenge.ts';
