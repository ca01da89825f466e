/**
 * What can go wrong, in two kinds.
 *
 * `Failure` is a fact of the domain (a wrong password, a blocked user): code that serves several surfaces throws it, and
 * each surface's table says how it looks on the wire (`platform/http/errors/*`; every table covers every code, by type).
 * `WireError` is an answer that only one surface can give; it is made by that surface's constructor below, in its dialect.
 * `detail` is for the logs and never leaves the server.
 */
export interface FailureParams {
  wrong_credentials: { identifier: 'email' | 'username' | 'phone_number' };
  user_blocked: Record<string, never>;
  too_many_attempts: Record<string, never>;
  user_exists: Record<string, never>;
  username_exists: Record<string, never>;
  phone_number_exists: Record<string, never>;
  /** `report` is the rule report that Auth0 sends as `description`; `policy` its plain text. */
  password_too_weak: { report: unknown; policy: string };
  password_reused: { size: number };
  password_too_common: Record<string, never>;
  password_has_user_info: Record<string, never>;
  signup_disabled: Record<string, never>;
  connection_not_found: Record<string, never>;
  connection_disabled: Record<string, never>;
  strategy_unsupported: Record<string, never>;
  factor_disabled: { factor: string };
  already_enrolled: Record<string, never>;
  invalid_phone_number: Record<string, never>;
  invalid_email: Record<string, never>;
  too_many_messages: { channel: 'SMS' | 'voice' | 'email' | 'push' };
  too_many_failed_codes: Record<string, never>;
  message_not_sent: { channel: 'sms' | 'voice' | 'email' | 'push' };
  wrong_passwordless_code: { identifier: 'email' | 'phone_number' };
  passwordless_code_expired: Record<string, never>;
  /** It was guessed at too often. */
  passwordless_code_used_up: Record<string, never>;
  wrong_otp: Record<string, never>;
  wrong_binding_code: Record<string, never>;
  wrong_recovery_code: Record<string, never>;
  unknown_oob_code: Record<string, never>;
  authorization_pending: Record<string, never>;
  polling_too_fast: Record<string, never>;
  authorization_rejected: Record<string, never>;
  authenticator_not_found: Record<string, never>;
  no_authenticators: Record<string, never>;
  unsupported_challenge_type: Record<string, never>;
  too_many_authenticators: Record<string, never>;
  /** A unique value is taken; `fields` names the columns. */
  duplicate: { collection: string; fields: readonly string[] };
  temporarily_unavailable: Record<string, never>;
}

export type FailureCode = keyof FailureParams;

export class Failure<Code extends FailureCode = FailureCode> extends Error {
  readonly code: Code;
  readonly params: FailureParams[Code];
  readonly detail: string | undefined;

  constructor(code: Code, params: FailureParams[Code], detail?: string) {
    super(code);
    this.code = code;
    this.params = params;
    this.detail = detail;
  }
}

/** Throws the domain failure `code`. */
export function fail<Code extends FailureCode>(code: Code, params: FailureParams[Code], detail?: string): never {
  throw new Failure(code, params, detail);
}

/** True when `error` is the domain failure `code`. */
export function isFailure<Code extends FailureCode>(error: unknown, code: Code): error is Failure<Code> {
  return error instanceof Failure && error.code === code;
}

/** An answer that is already in its surface's words: status, JSON body, headers. */
export class WireError extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly detail: string | undefined;

  constructor(
    status: number,
    body: Record<string, unknown>,
    options: { headers?: Record<string, string>; detail?: string } = {},
  ) {
    super(String(body.error_description ?? body.message ?? body.error ?? body.detail ?? status));
    this.status = status;
    this.body = body;
    this.headers = options.headers ?? {};
    this.detail = options.detail;
  }
}

export interface ErrorOptions {
  extra?: Record<string, unknown>;
  headers?: Record<string, string>;
  detail?: string;
}

/** OAuth dialect: `{error, error_description, …extra}`. */
export function oauthError(status: number, error: string, description: string, options: ErrorOptions = {}): WireError {
  return new WireError(status, { error, error_description: description, ...options.extra }, options);
}

const REASONS: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** Management dialect: `{statusCode, error, message, errorCode?}`. */
export function managementError(
  status: number,
  message: string,
  errorCode?: string,
  options: ErrorOptions = {},
): WireError {
  const body = {
    statusCode: status,
    error: REASONS[status] ?? 'Error',
    message,
    ...(errorCode ? { errorCode } : {}),
    ...options.extra,
  };
  return new WireError(status, body, options);
}

/** Dialect of `/dbconnections/*`: `{name, code, description, statusCode, …extra}`. */
export function databaseError(
  status: number,
  code: string,
  description: unknown,
  options: ErrorOptions & { name?: string } = {},
): WireError {
  return new WireError(
    status,
    { name: options.name ?? 'BadRequestError', code, description, statusCode: status, ...options.extra },
    options,
  );
}
