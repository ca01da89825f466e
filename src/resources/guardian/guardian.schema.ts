import { closed, nullable, oneOf, Type } from '../../kernel/index.ts';
import { DEFAULT_PHONE_TEMPLATES } from './defaults.ts';
import { FACTOR_NAMES } from './guardian.store.ts';

const FACTOR_TEXT =
  'Factor name. Can be `sms`, `push-notification`, `email`, `duo` `otp` `webauthn-roaming`, `webauthn-platform`, or `recovery-code`.';

export const factorParams = Type.Object({ name: oneOf(FACTOR_NAMES, { description: FACTOR_TEXT }) });

const enabled = Type.Boolean({ description: 'Whether this factor is enabled (true) or disabled (false).' });

export const Factor = closed({
  name: oneOf(FACTOR_NAMES, { description: FACTOR_TEXT }),
  enabled,
  trial_expired: Type.Boolean({ description: 'Whether trial limits have been exceeded.' }),
});

export const FactorState = closed({ enabled });

export const Policies = Type.Array(oneOf(['all-applications', 'confidence-score'], { description: 'The MFA policy' }));

export const MessageTypes = closed({
  message_types: Type.Array(oneOf(['sms', 'voice']), {
    description: 'The list of phone factors to enable on the tenant. Can include `sms` and `voice`.',
  }),
});

export const PhoneProvider = closed({ provider: oneOf(['auth0', 'twilio', 'phone-message-hook']) });
export const PushProvider = closed({ provider: oneOf(['guardian', 'sns', 'direct']) });

const twilioText = (description: string, minLength: number, maxLength: number) =>
  Type.Optional(nullable(Type.String({ description, minLength, maxLength })));

export const Twilio = closed({
  from: twilioText('From number', 0, 64),
  messaging_service_sid: twilioText('Copilot SID', 1, 1000),
  auth_token: twilioText('Twilio Authentication token', 1, 1000),
  sid: twilioText('Twilio SID', 1, 1000),
});

export const PhoneTemplates = closed({
  enrollment_message: Type.String({
    description: 'Message sent to the user when they are invited to enroll with a phone number.',
    default: DEFAULT_PHONE_TEMPLATES.enrollment_message,
  }),
  verification_message: Type.String({
    description: 'Message sent to the user when they are prompted to verify their account.',
    default: DEFAULT_PHONE_TEMPLATES.verification_message,
  }),
});
