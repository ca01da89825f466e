/** Second factors on pages: setting up the first one, proving one, and the recovery code. How they work is `mfa/`. */
import type { Endpoint } from '../../../kernel/index.ts';
import {
  renderMfaEmailEnrollmentVerify,
  renderMfaSmsEnrollmentVerify,
  renderMfaVoiceEnrollmentVerify,
} from '../../../pages/index.ts';
import { beginEnrollOptionsStep } from './begin-enroll-options.step.ts';
import { codeChallenges } from './code-challenges.ts';
import { emailEnrollmentStep } from './email-enrollment.step.ts';
import { loginOptionsStep } from './login-options.step.ts';
import { otpEnrollmentStep } from './otp-enrollment.step.ts';
import { phoneEnrollment } from './phone-enrollment.ts';
import { pushChallengeStep } from './push-challenge.step.ts';
import { pushEnrollmentStep } from './push-enrollment.step.ts';
import { recoveryCodePages } from './recovery-code.ts';
import { sentCodeChallenges } from './sent-code-challenges.ts';
import { sentCodeVerification } from './sent-code-enrollment.ts';
import { enrollmentTicketEndpoints } from './ticket.endpoints.ts';

export const mfaSteps: readonly Endpoint[] = [
  ...beginEnrollOptionsStep,
  ...otpEnrollmentStep,
  ...pushEnrollmentStep,
  ...phoneEnrollment('sms', 'mfaSmsEnrollment'),
  ...phoneEnrollment('voice', 'mfaVoiceEnrollment'),
  ...emailEnrollmentStep,
  ...sentCodeVerification({
    method: 'sms',
    name: 'mfaSmsEnrollmentVerify',
    summary: 'the code of the text message that confirms a phone.',
    render: renderMfaSmsEnrollmentVerify,
  }),
  ...sentCodeVerification({
    method: 'voice',
    name: 'mfaVoiceEnrollmentVerify',
    summary: 'the code of the call that confirms a phone.',
    render: renderMfaVoiceEnrollmentVerify,
  }),
  ...sentCodeVerification({
    method: 'email',
    name: 'mfaEmailEnrollmentVerify',
    summary: 'the code of the e-mail that confirms an address.',
    render: renderMfaEmailEnrollmentVerify,
  }),
  ...recoveryCodePages,
  ...codeChallenges,
  ...sentCodeChallenges,
  ...pushChallengeStep,
  ...loginOptionsStep,
  ...enrollmentTicketEndpoints,
];
