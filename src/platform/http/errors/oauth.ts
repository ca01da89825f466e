import { oauthError } from '../../../kernel/index.ts';
import type { FailureTable } from './table.ts';
import * as texts from './texts.ts';

/**
 * `/oauth/*`, `/mfa/*`, `/passwordless/*`: `{error, error_description}`. Auth0 answers most `invalid_grant` with 403, not the 400
 * of RFC 6749 §5.2.
 */
export const oauthFailures: FailureTable = {
  // One text whatever the user signed in with: Auth0's SDKs recognise wrong credentials by this sentence.
  wrong_credentials: () => oauthError(403, 'invalid_grant', texts.WRONG_CREDENTIALS),
  user_blocked: () => oauthError(403, 'unauthorized', texts.USER_BLOCKED),
  too_many_attempts: () => oauthError(429, 'too_many_attempts', texts.TOO_MANY_ATTEMPTS),
  // A taken address is refused in words that do not say so.
  user_exists: () => oauthError(400, 'invalid_request', texts.INVALID_SIGNUP),
  username_exists: () => oauthError(400, 'invalid_request', texts.INVALID_SIGNUP),
  phone_number_exists: () => oauthError(400, 'invalid_request', texts.INVALID_SIGNUP),
  password_too_weak: ({ report, policy }) =>
    oauthError(400, 'invalid_password', texts.PASSWORD_TOO_WEAK, {
      extra: { name: 'PasswordStrengthError', description: report, policy },
    }),
  password_reused: (params) =>
    oauthError(400, 'invalid_password', texts.passwordReused(params), { extra: { name: 'PasswordHistoryError' } }),
  password_too_common: () =>
    oauthError(400, 'invalid_password', texts.PASSWORD_TOO_COMMON, { extra: { name: 'PasswordDictionaryError' } }),
  password_has_user_info: () =>
    oauthError(400, 'invalid_password', texts.PASSWORD_HAS_USER_INFO, { extra: { name: 'PasswordNoUserInfoError' } }),
  signup_disabled: () => oauthError(403, 'access_denied', texts.SIGNUP_DISABLED),
  connection_not_found: () => oauthError(400, 'invalid_request', texts.CONNECTION_NOT_FOUND),
  connection_disabled: () => oauthError(403, 'invalid_request', texts.CONNECTION_DISABLED),
  strategy_unsupported: () => oauthError(400, 'invalid_request', texts.STRATEGY_UNSUPPORTED),
  factor_disabled: (params) => oauthError(403, 'enrollment_method_disabled', texts.factorDisabled(params)),
  already_enrolled: () => oauthError(403, 'access_denied', texts.ALREADY_ENROLLED),
  invalid_phone_number: () => oauthError(400, 'invalid_phone_number', texts.INVALID_PHONE_NUMBER),
  invalid_email: () => oauthError(400, 'invalid_request', texts.INVALID_EMAIL),
  too_many_messages: (params) => oauthError(429, 'invalid_request', texts.tooManyMessages(params)),
  too_many_failed_codes: () => oauthError(429, 'invalid_request', texts.TOO_MANY_FAILED_CODES),
  // 400 as Auth0's `sms_provider_error`: SDKs repeat a 5xx on their own, and each try would send again and spend the user's allowance.
  message_not_sent: (params) => oauthError(400, `${params.channel}_provider_error`, texts.messageNotSent(params)),
  wrong_passwordless_code: (params) => oauthError(403, 'invalid_grant', texts.wrongPasswordlessCode(params)),
  passwordless_code_expired: () => oauthError(403, 'invalid_grant', texts.PASSWORDLESS_CODE_EXPIRED),
  passwordless_code_used_up: () => oauthError(403, 'invalid_grant', texts.PASSWORDLESS_CODE_USED_UP),
  wrong_otp: () => oauthError(403, 'invalid_grant', texts.WRONG_OTP),
  wrong_binding_code: () => oauthError(403, 'invalid_grant', texts.WRONG_BINDING_CODE),
  wrong_recovery_code: () => oauthError(403, 'invalid_grant', texts.MFA_REJECTED),
  unknown_oob_code: () => oauthError(403, 'invalid_grant', texts.UNKNOWN_OOB_CODE),
  authorization_pending: () => oauthError(400, 'authorization_pending', texts.AUTHORIZATION_PENDING),
  // 400 as RFC 8628 §3.5 has it: a 429 would make SDKs repeat the request at once on their own.
  polling_too_fast: () => oauthError(400, 'slow_down', texts.POLLING_TOO_FAST),
  // Recorded: 400 access_denied, though Auth0's pages print invalid_grant.
  authorization_rejected: () => oauthError(400, 'access_denied', texts.MFA_REJECTED),
  authenticator_not_found: () => oauthError(404, 'invalid_authenticator', texts.AUTHENTICATOR_NOT_FOUND),
  no_authenticators: () => oauthError(400, 'association_required', texts.NO_AUTHENTICATORS),
  unsupported_challenge_type: () => oauthError(400, 'unsupported_challenge_type', texts.UNSUPPORTED_CHALLENGE_TYPE),
  too_many_authenticators: () => oauthError(400, 'invalid_request', texts.TOO_MANY_AUTHENTICATORS),
  duplicate: () => oauthError(409, 'invalid_request', 'The resource already exists.'),
  temporarily_unavailable: () =>
    oauthError(503, 'temporarily_unavailable', texts.TEMPORARILY_UNAVAILABLE, { headers: texts.RETRY_AFTER }),
};
