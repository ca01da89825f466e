import { databaseError, type WireError } from '../../../kernel/index.ts';
import type { Refusal } from '../refusals.ts';
import { kindOf, pathText, reasonOf } from '../wording.ts';
import type { FailureTable } from './table.ts';
import * as texts from './texts.ts';

/** Inferred: the code of signups where the connection allows none, and that of a request that does not fit the schema. */
const SIGNUP_DISABLED_CODE = 'public_signup_disabled';
const SCHEMA_CODE = 'bad_request';

/** `message` beside `description` is what Auth0's browser libraries show. */
function passwordError(
  name: string,
  message: string,
  description: unknown,
  extra: Record<string, unknown> = {},
): WireError {
  return databaseError(400, 'invalid_password', description, { name, extra: { message, ...extra } });
}

/** `/dbconnections/*`: `{name, code, description, statusCode}`. */
export const databaseFailures: FailureTable = {
  wrong_credentials: () =>
    databaseError(401, 'invalid_user_password', texts.WRONG_CREDENTIALS, { name: 'UnauthorizedError' }),
  user_blocked: () => databaseError(401, 'unauthorized', texts.USER_BLOCKED, { name: 'UnauthorizedError' }),
  too_many_attempts: () =>
    databaseError(429, 'too_many_attempts', texts.TOO_MANY_ATTEMPTS, { name: 'TooManyRequestsError' }),
  // Today's answer tells nobody who has an account; `user_exists` was that of connections made before 2018.
  user_exists: () => databaseError(400, 'invalid_signup', texts.INVALID_SIGNUP),
  username_exists: () => databaseError(400, 'username_exists', texts.USERNAME_EXISTS),
  phone_number_exists: () => databaseError(400, 'invalid_signup', texts.INVALID_SIGNUP),
  password_too_weak: ({ report, policy }) =>
    passwordError('PasswordStrengthError', texts.PASSWORD_TOO_WEAK, report, { policy }),
  password_reused: (params) =>
    passwordError('PasswordHistoryError', texts.PASSWORD_REUSED, texts.passwordReused(params)),
  password_too_common: () =>
    passwordError('PasswordDictionaryError', texts.PASSWORD_TOO_COMMON, 'Password is too common.'),
  password_has_user_info: () =>
    passwordError('PasswordNoUserInfoError', texts.PASSWORD_HAS_USER_INFO, texts.PASSWORD_HAS_USER_INFO),
  signup_disabled: () => databaseError(400, SIGNUP_DISABLED_CODE, texts.SIGNUP_DISABLED),
  connection_not_found: () => databaseError(400, 'invalid_request', texts.CONNECTION_NOT_FOUND),
  connection_disabled: () => databaseError(400, 'invalid_request', texts.CONNECTION_DISABLED),
  strategy_unsupported: () => databaseError(400, 'invalid_request', texts.STRATEGY_UNSUPPORTED),
  factor_disabled: (params) => databaseError(400, 'invalid_request', texts.factorDisabled(params)),
  already_enrolled: () => databaseError(400, 'invalid_request', texts.ALREADY_ENROLLED),
  invalid_phone_number: () => databaseError(400, 'invalid_request', texts.INVALID_PHONE_NUMBER),
  invalid_email: () => databaseError(400, 'invalid_request', texts.INVALID_EMAIL),
  too_many_messages: (params) =>
    databaseError(429, 'too_many_requests', texts.tooManyMessages(params), { name: 'TooManyRequestsError' }),
  too_many_failed_codes: () =>
    databaseError(429, 'too_many_requests', texts.TOO_MANY_FAILED_CODES, { name: 'TooManyRequestsError' }),
  message_not_sent: (params) => databaseError(400, `${params.channel}_provider_error`, texts.messageNotSent(params)),
  wrong_passwordless_code: (params) => databaseError(401, 'invalid_user_password', texts.wrongPasswordlessCode(params)),
  passwordless_code_expired: () => databaseError(401, 'invalid_user_password', texts.PASSWORDLESS_CODE_EXPIRED),
  passwordless_code_used_up: () => databaseError(401, 'invalid_user_password', texts.PASSWORDLESS_CODE_USED_UP),
  wrong_otp: () => databaseError(400, 'invalid_request', texts.WRONG_OTP),
  wrong_binding_code: () => databaseError(400, 'invalid_request', texts.WRONG_BINDING_CODE),
  wrong_recovery_code: () => databaseError(400, 'invalid_request', texts.MFA_REJECTED),
  unknown_oob_code: () => databaseError(400, 'invalid_request', texts.UNKNOWN_OOB_CODE),
  authorization_pending: () => databaseError(400, 'authorization_pending', texts.AUTHORIZATION_PENDING),
  polling_too_fast: () => databaseError(400, 'slow_down', texts.POLLING_TOO_FAST),
  authorization_rejected: () => databaseError(400, 'access_denied', texts.MFA_REJECTED),
  authenticator_not_found: () =>
    databaseError(404, 'invalid_authenticator', texts.AUTHENTICATOR_NOT_FOUND, { name: 'NotFoundError' }),
  no_authenticators: () => databaseError(400, 'association_required', texts.NO_AUTHENTICATORS),
  unsupported_challenge_type: () => databaseError(400, 'unsupported_challenge_type', texts.UNSUPPORTED_CHALLENGE_TYPE),
  too_many_authenticators: () => databaseError(400, 'invalid_request', texts.TOO_MANY_AUTHENTICATORS),
  duplicate: () => databaseError(400, 'invalid_signup', texts.INVALID_SIGNUP),
  temporarily_unavailable: () =>
    databaseError(503, 'temporarily_unavailable', texts.TEMPORARILY_UNAVAILABLE, {
      name: 'ServiceUnavailableError',
      headers: texts.RETRY_AFTER,
    }),
};

function describeRefusal(refusal: Refusal): string {
  const name = pathText(refusal.path);
  if (refusal.keyword === 'required')
    return `Missing required property: ${pathText([...refusal.path, ...refusal.names])}`;
  if (refusal.keyword === 'additionalProperties')
    return `the following properties are not allowed: ${refusal.names.join(',')}`;
  if (refusal.path.length === 0) return reasonOf(refusal);
  if (refusal.keyword === 'format') return `error in ${name} - invalid format: ${refusal.value}`;
  if (refusal.keyword !== 'type') return `error in ${name} - ${reasonOf(refusal)}`;
  return `error in ${name} - invalid type: ${kindOf(refusal.value)} (expected ${[refusal.schema.type].flat().join(',')})`;
}

/**
 * What `/dbconnections/*` answers to a request that does not fit its schema. The text is in `error`, where Auth0's old endpoints
 * have it, and in `description`, where today's SDKs look.
 */
export function schemaError(refusal: Refusal): WireError {
  const text = describeRefusal(refusal);
  return databaseError(400, SCHEMA_CODE, text, { extra: { error: text } });
}
