/**
 * E-mail and SMS connections: a code, or for e-mail a link, is sent to whoever claims an address, and proves that they read what
 * arrives there. It owns how codes are made, sent, guessed at and used up, and the users that are signed up with them. The endpoints
 * are `oauth/passwordless`, the pages `login/`.
 */
export { passwordlessWays, requirePasswordlessConnection } from './connection.ts';
export { type DatabaseOtp, databaseOtpsCollection } from './database-otp.store.ts';
export { type PasswordlessCode, passwordlessCodesCollection } from './passwordless-code.store.ts';
export { findRecipientProblem, normalizeRecipient } from './recipient.ts';
export { type PasswordlessStart, spendStartAllowance, startPasswordless } from './start.ts';
export { type DatabaseOtpStart, startDatabaseOtp } from './start-database-otp.ts';
export { type PasswordlessAttempt, type PasswordlessProof, verifyPasswordlessCode } from './verify.ts';
export { type DatabaseOtpProof, verifyDatabaseOtp } from './verify-database-otp.ts';
