import { managementError, type WireError } from '../../kernel/index.ts';

/** What Guardian apps are told: the SDKs read `errorCode`. */
export const enrollmentTransactionGone = (): WireError =>
  managementError(404, 'Enrollment transaction not found or expired', 'enrollment_transaction_not_found');

export const loginTransactionGone = (): WireError =>
  managementError(404, 'Login transaction not found or expired', 'login_transaction_not_found');

export const deviceAccountGone = (): WireError =>
  managementError(404, 'Device account not found', 'device_account_not_found');

export const invalidDeviceToken = (detail?: string): WireError =>
  managementError(401, 'Invalid token', 'invalid_token', detail === undefined ? {} : { detail });

export const invalidDeviceBody = (message: string): WireError => managementError(400, message, 'invalid_body');

export const consentGone = (): WireError => managementError(404, 'Consent not found or expired', 'consent_not_found');
