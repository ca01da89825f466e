import { managementError } from '../../../kernel/index.ts';
import type { FailureTable } from './table.ts';
import * as texts from './texts.ts';

const IDP = 'auth0_idp_error';
const BODY = 'invalid_body';

const nounOf = (collection: string) => collection.replaceAll('_', ' ').replace(/ies$/, 'y').replace(/s$/, '');

/** `/api/v2/*`: `{statusCode, error, message, errorCode?}`. Codes of sign-in are here for completeness: an operator's call can end in them only by way of a user's own credentials. */
export const managementFailures: FailureTable = {
  wrong_credentials: () => managementError(403, texts.WRONG_CREDENTIALS, 'invalid_credentials'),
  user_blocked: () => managementError(403, texts.USER_BLOCKED, 'user_blocked'),
  too_many_attempts: () => managementError(429, texts.TOO_MANY_ATTEMPTS, 'too_many_attempts'),
  user_exists: () => managementError(409, texts.USER_EXISTS, IDP),
  username_exists: () => managementError(409, texts.USERNAME_EXISTS, IDP),
  phone_number_exists: () => managementError(409, texts.PHONE_NUMBER_EXISTS, IDP),
  password_too_weak: () => managementError(400, `PasswordStrengthError: ${texts.PASSWORD_TOO_WEAK}`, BODY),
  password_reused: () => managementError(400, `PasswordHistoryError: ${texts.PASSWORD_REUSED}`, BODY),
  password_too_common: () => managementError(400, `PasswordDictionaryError: ${texts.PASSWORD_TOO_COMMON}`, BODY),
  password_has_user_info: () => managementError(400, `PasswordNoUserInfoError: ${texts.PASSWORD_HAS_USER_INFO}`, BODY),
  signup_disabled: () => managementError(400, texts.SIGNUP_DISABLED, 'operation_not_supported'),
  connection_not_found: () => managementError(404, 'The connection does not exist', 'inexistent_connection'),
  connection_disabled: () => managementError(400, texts.CONNECTION_DISABLED, 'operation_not_supported'),
  strategy_unsupported: () => managementError(400, texts.STRATEGY_UNSUPPORTED, 'operation_not_supported'),
  factor_disabled: (params) => managementError(400, texts.factorDisabled(params), 'operation_not_supported'),
  already_enrolled: () => managementError(409, texts.ALREADY_ENROLLED, 'already_enrolled'),
  invalid_phone_number: () => managementError(400, texts.INVALID_PHONE_NUMBER, BODY),
  invalid_email: () => managementError(400, texts.INVALID_EMAIL, BODY),
  too_many_messages: (params) => managementError(429, texts.tooManyMessages(params), 'too_many_requests'),
  too_many_failed_codes: () => managementError(429, texts.TOO_MANY_FAILED_CODES, 'too_many_requests'),
  // 400: SDKs repeat a 5xx on their own, and each try would send again.
  message_not_sent: (params) => managementError(400, texts.messageNotSent(params), `${params.channel}_provider_error`),
  wrong_passwordless_code: (params) => managementError(403, texts.wrongPasswordlessCode(params), 'invalid_code'),
  passwordless_code_expired: () => managementError(403, texts.PASSWORDLESS_CODE_EXPIRED, 'invalid_code'),
  passwordless_code_used_up: () => managementError(403, texts.PASSWORDLESS_CODE_USED_UP, 'invalid_code'),
  wrong_otp: () => managementError(403, texts.WRONG_OTP, 'invalid_code'),
  wrong_binding_code: () => managementError(403, texts.WRONG_BINDING_CODE, 'invalid_code'),
  wrong_recovery_code: () => managementError(403, texts.MFA_REJECTED, 'invalid_code'),
  unknown_oob_code: () => managementError(403, texts.UNKNOWN_OOB_CODE, 'invalid_code'),
  authorization_pending: () => managementError(400, texts.AUTHORIZATION_PENDING, 'authorization_pending'),
  polling_too_fast: () => managementError(429, texts.POLLING_TOO_FAST, 'too_many_requests'),
  authorization_rejected: () => managementError(403, texts.MFA_REJECTED, 'access_denied'),
  authenticator_not_found: () => managementError(404, 'Enrollment not found', 'enrollment_not_found'),
  no_authenticators: () => managementError(404, 'Enrollment not found', 'enrollment_not_found'),
  unsupported_challenge_type: () => managementError(400, texts.UNSUPPORTED_CHALLENGE_TYPE, BODY),
  too_many_authenticators: () => managementError(400, texts.TOO_MANY_AUTHENTICATORS, 'too_many_records'),
  // The resources state their own 409; this one is for two callers who passed their check at the same moment.
  duplicate: ({ collection }) => managementError(409, `The ${nounOf(collection)} already exists.`),
  temporarily_unavailable: () =>
    managementError(503, texts.TEMPORARILY_UNAVAILABLE, undefined, { headers: texts.RETRY_AFTER }),
};
