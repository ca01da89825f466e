import type { Endpoint } from '../kernel/index.ts';
import { callbackConfirmationStep } from './steps/consent/callback-confirmation.step.ts';
import { consentStep } from './steps/consent/consent.step.ts';
import { emailVerificationEndpoints } from './steps/email-verification/email-verification.endpoints.ts';
import { mfaSteps } from './steps/mfa/index.ts';
import { loginStep } from './steps/password/login.step.ts';
import { newPasswordEndpoints } from './steps/reset-password/new-password.endpoints.ts';
import { resetPasswordRequestStep } from './steps/reset-password/request.step.ts';
import { signupStep } from './steps/signup/signup.step.ts';

/** Every page of this folder. */
export const loginEndpoints: readonly Endpoint[] = [
  ...loginStep,
  ...signupStep,
  ...resetPasswordRequestStep,
  ...newPasswordEndpoints,
  ...emailVerificationEndpoints,
  ...mfaSteps,
  ...consentStep,
  ...callbackConfirmationStep,
];
