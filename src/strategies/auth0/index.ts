/**
 * Database connections: checking passwords, sign-up, reset and verification by mail, and `/dbconnections/*` and `/api/v2/tickets/*`.
 * Where users and hashes are kept, and what makes a good password, is `resources/users`; the pages are `login/`.
 */
export { requireDatabaseConnection, requireRealm } from './connection.ts';
export { databaseEndpoints } from './dbconnections.endpoints.ts';
export { completeEmailVerification, sendVerificationEmail, type VerificationOptions } from './email-verification.ts';
export {
  completePasswordReset,
  findPasswordReset,
  type PasswordResetRequest,
  spendResetAllowance,
  startPasswordReset,
} from './password-reset.ts';
export { type SignUp, signUp, tellsWhoExists } from './sign-up.ts';
export { ticketEndpoints } from './ticket.endpoints.ts';
export { type PasswordProof, recordLogin, verifyPassword } from './verify-password.ts';
