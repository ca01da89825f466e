/** MFA administration: factors, policies, phone and push providers, message templates, enrolment tickets, and `/api/v2/guardian`. */
import type { Endpoint } from '../../kernel/index.ts';
import { factorEndpoints } from './factors.endpoints.ts';
import { providerEndpoints } from './providers.endpoints.ts';
import { ticketEndpoints } from './tickets.endpoints.ts';

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
export { type EnrollmentTicket, enrollmentTicketsCollection } from './ticket.store.ts';
export {
  createEnrollmentTicket,
  findEnrollmentTicket,
  forgetEnrollmentTicketsOf,
  takeEnrollmentTicket,
} from './tickets.ts';
export { openTwilioToken, sealTwilioToken } from './twilio.ts';

export const guardianEndpoints: readonly Endpoint[] = [...factorEndpoints, ...providerEndpoints, ...ticketEndpoints];
