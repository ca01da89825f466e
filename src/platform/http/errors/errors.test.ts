import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Failure, type FailureCode, type FailureParams, type Surface, type WireError } from '../../../kernel/index.ts';
import { presentFailure } from './index.ts';

const SAMPLES: { readonly [Code in FailureCode]: FailureParams[Code] } = {
  wrong_credentials: { identifier: 'email' },
  user_blocked: {},
  too_many_attempts: {},
  user_exists: {},
  username_exists: {},
  phone_number_exists: {},
  password_too_weak: { report: { rules: [], verified: false }, policy: '* At least 8 characters in length' },
  password_reused: { size: 2 },
  password_too_common: {},
  password_has_user_info: {},
  signup_disabled: {},
  connection_not_found: {},
  connection_disabled: {},
  strategy_unsupported: {},
  factor_disabled: { factor: 'sms' },
  already_enrolled: {},
  invalid_phone_number: {},
  invalid_email: {},
  too_many_messages: { channel: 'SMS' },
  too_many_failed_codes: {},
  message_not_sent: { channel: 'sms' },
  wrong_passwordless_code: { identifier: 'email' },
  passwordless_code_expired: {},
  passwordless_code_used_up: {},
  wrong_otp: {},
  wrong_binding_code: {},
  wrong_recovery_code: {},
  unknown_oob_code: {},
  authorization_pending: {},
  polling_too_fast: {},
  authorization_rejected: {},
  authenticator_not_found: {},
  no_authenticators: {},
  unsupported_challenge_type: {},
  too_many_authenticators: {},
  duplicate: { collection: 'roles', fields: ['name'] },
  temporarily_unavailable: {},
};

function present(surface: Surface, code: FailureCode, params: unknown = SAMPLES[code]): WireError {
  return presentFailure(surface, new Failure(code, params as FailureParams[typeof code]));
}

const SHAPES: Readonly<Record<Surface, readonly string[]>> = {
  oauth: ['error', 'error_description'],
  legacy: ['error', 'error_description'],
  plain: ['error', 'error_description'],
  page: ['error', 'error_description'],
  management: ['statusCode', 'error', 'message'],
  my_organization: ['type', 'status', 'title', 'detail'],
  database: ['name', 'code', 'description', 'statusCode'],
  guardian: ['statusCode', 'error', 'message'],
};

describe('every failure in every dialect', () => {
  for (const surface of Object.keys(SHAPES) as Surface[]) {
    it(surface, () => {
      for (const code of Object.keys(SAMPLES) as FailureCode[]) {
        const { status, body, headers } = present(surface, code);
        for (const name of SHAPES[surface]) assert.ok(body[name], `${code} has ${name}`);
        assert.ok((status >= 400 && status < 500) || code === 'temporarily_unavailable', `${code} is ${status}`);
        if ('statusCode' in body) assert.equal(body.statusCode, status);
        assert.equal(headers['retry-after'] !== undefined, code === 'temporarily_unavailable', code);
      }
    });
  }
});

const BLOCKED =
  "Your account has been blocked after multiple consecutive login attempts. We've sent you a notification via your preferred contact method with instructions on how to unblock it.";

/** Answers that SDKs compare letter by letter. */
const OAUTH: readonly (readonly [FailureCode, number, string, string])[] = [
  ['wrong_credentials', 403, 'invalid_grant', 'Wrong email or password.'],
  ['user_blocked', 403, 'unauthorized', 'user is blocked'],
  ['too_many_attempts', 429, 'too_many_attempts', BLOCKED],
  ['connection_not_found', 400, 'invalid_request', 'the connection was not found'],
  ['connection_disabled', 403, 'invalid_request', 'the connection was disabled'],
  ['strategy_unsupported', 400, 'invalid_request', 'specified strategy does not support requested operation'],
  ['already_enrolled', 403, 'access_denied', 'User is already enrolled.'],
  [
    'too_many_messages',
    429,
    'invalid_request',
    'Too many SMS sent by the user. Wait for some minutes before retrying.',
  ],
  ['too_many_failed_codes', 429, 'invalid_request', 'Too many failed codes. Wait for some minutes before retrying.'],
  ['wrong_otp', 403, 'invalid_grant', 'Invalid otp_code.'],
  ['wrong_binding_code', 403, 'invalid_grant', 'Invalid binding_code.'],
  ['wrong_recovery_code', 403, 'invalid_grant', 'MFA Authorization rejected.'],
  ['unknown_oob_code', 403, 'invalid_grant', 'Invalid oob_code.'],
  [
    'authorization_pending',
    400,
    'authorization_pending',
    'Authorization pending: please repeat the request in a few seconds.',
  ],
  ['authorization_rejected', 400, 'access_denied', 'MFA Authorization rejected.'],
  ['authenticator_not_found', 404, 'invalid_authenticator', 'Authenticator not found'],
  ['no_authenticators', 400, 'association_required', 'User is not enrolled with guardian'],
];

describe('oauth', () => {
  for (const [code, status, error, error_description] of OAUTH) {
    it(code, () => {
      const wire = present('oauth', code);
      assert.equal(wire.status, status);
      assert.deepEqual(wire.body, { error, error_description });
    });
  }
});

describe('management', () => {
  it('states conflicts and weak passwords as Auth0 does', () => {
    assert.deepEqual(present('management', 'user_exists').body, {
      statusCode: 409,
      error: 'Conflict',
      message: 'The user already exists.',
      errorCode: 'auth0_idp_error',
    });
    assert.deepEqual(present('management', 'password_too_weak').body, {
      statusCode: 400,
      error: 'Bad Request',
      message: 'PasswordStrengthError: Password is too weak',
      errorCode: 'invalid_body',
    });
    assert.deepEqual(present('management', 'duplicate', { collection: 'client_grants', fields: [] }).body, {
      statusCode: 409,
      error: 'Conflict',
      message: 'The client grant already exists.',
    });
    assert.equal(present('management', 'connection_not_found').body.errorCode, 'inexistent_connection');
  });
});

describe('database', () => {
  it('reports a weak password with its rules', () => {
    const { report, policy } = SAMPLES.password_too_weak;
    assert.deepEqual(present('database', 'password_too_weak').body, {
      name: 'PasswordStrengthError',
      message: 'Password is too weak',
      code: 'invalid_password',
      description: report,
      policy,
      statusCode: 400,
    });
  });

  it('says how many passwords may not come back', () => {
    const { body } = present('database', 'password_reused', { size: 7 });
    assert.equal(body.name, 'PasswordHistoryError');
    assert.equal(body.description, 'You may not reuse any of the last 7 passwords.');
  });
});

describe('secrecy', () => {
  it('does not tell who has an account', () => {
    assert.equal(present('database', 'user_exists').body.description, 'Invalid sign up');
    assert.equal(present('database', 'user_exists').body.code, 'invalid_signup');
    assert.equal(present('oauth', 'user_exists').body.error_description, 'Invalid sign up');
  });

  it('keeps the detail for the log', () => {
    const wire = presentFailure('oauth', new Failure('message_not_sent', { channel: 'sms' }, 'provider said 401'));
    assert.equal(wire.detail, 'provider said 401');
    assert.ok(!JSON.stringify(wire.body).includes('401'));
    assert.equal(wire.body.error, 'sms_provider_error');
    assert.equal(wire.status, 400);
  });
});

describe('page', () => {
  it('speaks to a person', () => {
    const wrong = present('page', 'wrong_credentials', { identifier: 'phone_number' });
    assert.deepEqual(wrong.body, { error: 'access_denied', error_description: 'Wrong phone number or password.' });
    assert.deepEqual(Object.keys(present('page', 'password_too_weak').body), ['error', 'error_description']);
  });
});
