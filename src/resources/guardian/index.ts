/** MFA administration: factors, policies, phone and push providers, message templates, enrolment tickets, and `/api/v2/guardian`. */
export { defaultGuardianSettings } from './defaults.ts';
export {
  FACTOR_NAMES,
  type FactorName,
  type GuardianSettings,
  guardianCollection,
  guardianSettings,
  type MfaPolicy,
} from './guardian.store.ts';
export { checkPhoneTemplate, type PhoneTemplateData, renderPhoneTemplate, TemplateRefused } from './phone-template.ts';
export { openTwilioToken, sealTwilioToken } from './twilio.ts';
