import type { GuardianSettings } from './guardian.store.ts';

/** Auth0's texts as a new tenant has them. */
export const DEFAULT_PHONE_TEMPLATES = {
  enrollment_message:
    '{{code}} is your verification code for {{tenant.friendly_name}}. Please enter this code to verify your enrollment.',
  verification_message: '{{code}} is your verification code for {{tenant.friendly_name}}',
} as const;

/** The MFA settings of a new tenant: every factor off, nobody asked. */
export function defaultGuardianSettings(): GuardianSettings {
  return {
    id: 'guardian',
    factors: {
      sms: false,
      'push-notification': false,
      otp: false,
      email: false,
      duo: false,
      'webauthn-roaming': false,
      'webauthn-platform': false,
      'recovery-code': false,
    },
    policies: [],
    phone_message_types: [],
    phone_provider: 'auth0',
    phone_templates: DEFAULT_PHONE_TEMPLATES,
    push_provider: 'guardian',
  };
}
