import type { FailureParams } from '../../../kernel/index.ts';

/** Texts that several dialects share. SDKs compare many of them letter by letter. */
export const WRONG_CREDENTIALS = 'Wrong email or password.';
export const USER_BLOCKED = 'user is blocked';
export const TOO_MANY_ATTEMPTS =
  "Your account has been blocked after multiple consecutive login attempts. We've sent you a notification via your preferred contact method with instructions on how to unblock it.";
export const INVALID_SIGNUP = 'Invalid sign up';
export const USER_EXISTS = 'The user already exists.';
export const USERNAME_EXISTS = 'The username already exists.';
export const PASSWORD_TOO_WEAK = 'Password is too weak';
export const PASSWORD_REUSED = 'Password has previously been used';
export const PASSWORD_TOO_COMMON = 'Password is not allowed, it might be too common.';
export const PASSWORD_HAS_USER_INFO = 'Password contains user information';
export const CONNECTION_NOT_FOUND = 'the connection was not found';
export const CONNECTION_DISABLED = 'the connection was disabled';
export const STRATEGY_UNSUPPORTED = 'specified strategy does not support requested operation';
export const TOO_MANY_FAILED_CODES = 'Too many failed codes. Wait for some minutes before retrying.';
export const ALREADY_ENROLLED = 'User is already enrolled.';
export const PASSWORDLESS_CODE_EXPIRED = 'The verification code has expired. Please try to login again.';
export const PASSWORDLESS_CODE_USED_UP = "You've reached the maximum number of attempts. Please try to login again.";
export const WRONG_OTP = 'Invalid otp_code.';
export const WRONG_BINDING_CODE = 'Invalid binding_code.';
export const AUTHORIZATION_PENDING = 'Authorization pending: please repeat the request in a few seconds.';
export const MFA_REJECTED = 'MFA Authorization rejected.';
export const INVALID_PHONE_NUMBER = 'Invalid phone number';

/** Inferred: no recording or document shows these; change them here once one does. */
export const PHONE_NUMBER_EXISTS = 'The phone number already exists.';
export const SIGNUP_DISABLED = 'Public signup is disabled';
export const INVALID_EMAIL = 'Invalid email';
export const UNKNOWN_OOB_CODE = 'Invalid oob_code.';
export const POLLING_TOO_FAST = 'You are polling faster than allowed. Try again in a few seconds.';
export const AUTHENTICATOR_NOT_FOUND = 'Authenticator not found';
export const NO_AUTHENTICATORS = 'User is not enrolled with guardian';
export const UNSUPPORTED_CHALLENGE_TYPE = 'User does not have any of the supplied challenge types enrolled.';
export const TOO_MANY_AUTHENTICATORS = 'The user has enrolled the maximum number of authenticators.';
export const TEMPORARILY_UNAVAILABLE = 'The service is temporarily unavailable. Try again in a few seconds.';

/** Seconds after which a client may try again when the database is away. */
export const RETRY_AFTER = { 'retry-after': '2' } as const;

const MESSAGES = { SMS: 'SMS', voice: 'voice messages', email: 'emails', push: 'push notifications' } as const;

/** Known for SMS; the other channels are inferred. */
export const tooManyMessages = ({ channel }: FailureParams['too_many_messages']) =>
  `Too many ${MESSAGES[channel]} sent by the user. Wait for some minutes before retrying.`;

export const passwordReused = ({ size }: FailureParams['password_reused']) =>
  `You may not reuse any of the last ${size} passwords.`;

export const factorDisabled = ({ factor }: FailureParams['factor_disabled']) => `The factor ${factor} is not enabled.`;

export const messageNotSent = ({ channel }: FailureParams['message_not_sent']) =>
  `The ${channel} message could not be sent. Try again later.`;

export const wrongPasswordlessCode = ({ identifier }: FailureParams['wrong_passwordless_code']) =>
  `Wrong ${identifier.replace('_', ' ')} or verification code.`;
