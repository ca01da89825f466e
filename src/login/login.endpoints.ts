import type { Endpoint } from '../kernel/index.ts';
import { classicEndpoints } from './classic/index.ts';
import { linkEndpoints } from './links/index.ts';
import { callbackConfirmationStep } from './steps/consent/callback-confirmation.step.ts';
import { consentStep } from './steps/consent/consent.step.ts';
import { deviceConfirmationStep } from './steps/decision/device-confirmation.step.ts';
import { requestApprovalStep } from './steps/decision/request-approval.step.ts';
import { federatedCallbackEndpoints } from './steps/federated/callback.endpoints.ts';
import { leaveForProviderEndpoint } from './steps/federated/leave.endpoint.ts';
import { oneTapStep } from './steps/federated/one-tap.step.ts';
import { identifierStep } from './steps/identifier/identifier.step.ts';
import { passwordStep } from './steps/identifier/password.step.ts';
import { mfaSteps } from './steps/mfa/index.ts';
import { organizationPickerStep } from './steps/organization/organization-picker.step.ts';
import { organizationSelectionStep } from './steps/organization/organization-selection.step.ts';
import { passkeyEnrollmentSteps } from './steps/passkey/enrollment.steps.ts';
import { passkeyStep } from './steps/passkey/passkey.step.ts';
import { loginStep } from './steps/password/login.step.ts';
import { passwordlessSteps } from './steps/passwordless/index.ts';
import { resetPasswordRequestStep } from './steps/reset-password/request.step.ts';
import { signupStep } from './steps/signup/signup.step.ts';

/** Every page of this folder. */
export const loginEndpoints: readonly Endpoint[] = [
  ...organizationSelectionStep,
  ...loginStep,
  ...identifierStep,
  ...passwordStep,
  ...passkeyStep,
  ...passkeyEnrollmentSteps,
  ...passwordlessSteps,
  leaveForProviderEndpoint,
  ...federatedCallbackEndpoints,
  ...oneTapStep,
  ...classicEndpoints,
  ...signupStep,
  ...resetPasswordRequestStep,
  ...linkEndpoints,
  ...mfaSteps,
  ...organizationPickerStep,
  ...consentStep,
  ...callbackConfirmationStep,
  ...deviceConfirmationStep,
  ...requestApprovalStep,
];
