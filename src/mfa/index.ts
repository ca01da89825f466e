/**
 * Second factors: setting them up, challenging and proving them, when they are asked for, and the protocol of Guardian apps
 * (`/appliance-mfa/*`). Each factor is written once and used by the MFA API (`oauth/mfa-api`), the grants and the login pages. It
 * does not own how authenticators are stored (`resources/authentication-methods`), the tenant's settings (`resources/guardian`),
 * pages, or tokens.
 */

export { findApprovalDevice, type GivenApproval, readApproval, spendApproval, startApproval } from './approval.ts';
export { auditMfa, type MfaEvent } from './audit.ts';
export { type Challenge, challengesCollection, type OobChannel, type RequestedConsent } from './challenge.store.ts';
export { startChallenge } from './challenge.ts';
export { type EnrollmentStart, type StartedEnrollment, startEnrollment } from './enrollment.ts';
export { expiredBearer, insufficientScope, invalidBearer, missingBearer } from './errors.ts';
export { forgetMfaTokensOf, forgetPendingLogins, forgetSecondFactorsOf } from './forget.ts';
export { approvePush, listPushes, rejectPush, type WaitingPush } from './guardian-app/answer-push.ts';
export { guardianAppEndpoints } from './guardian-app/index.ts';
export { allowancesCollection } from './limits.store.ts';
export {
  challengeableMethods,
  type EnrollableFactor,
  enrollableFactors,
  isEnrolled,
  listMethods,
  type Method,
  type MethodKind,
  maskedName,
  mustProveFirst,
  REQUIREMENT_TYPES,
  type RequirementType,
} from './methods.ts';
export { isMfaApi, MFA_API_SCOPES, mfaAudience } from './mfa-api.ts';
export { type MfaToken, mfaTokensCollection, type PendingRequest } from './mfa-token.store.ts';
export {
  type FactorManagement,
  openMfaToken,
  type PendingLogin,
  type PendingMfa,
  spendMfaToken,
} from './mfa-token.ts';
export { isSecondFactorRequired, type LoginFacts } from './policy.ts';
export { type Attempt, attemptOf, type Proof } from './proof.ts';
export { issueRecoveryCode } from './recovery.ts';
export { demandSecondFactor, type MfaRequirements, mfaRequirements } from './requirement.ts';
export { unenroll } from './unenroll.ts';
export { verifyOob } from './verify-oob.ts';
export { verifyOtp } from './verify-otp.ts';
export { verifyRecoveryCode } from './verify-recovery-code.ts';
