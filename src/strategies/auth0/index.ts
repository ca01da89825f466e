export { requireDatabaseConnection } from './connection.ts';
export { databaseEndpoints } from './dbconnections.endpoints.ts';
export { completeEmailVerification, sendVerificationEmail, type VerificationOptions } from './email-verification.ts';
export {
  completePasswordReset,
  findPasswordReset,
  type PasswordResetRequest,
  startPasswordReset,
} from './password-reset.ts';
export { type SignUp, signUp } from './sign-up.ts';
export { ticketEndpoints } from './ticket.endpoints.ts';
export { type PasswordProof, recordLogin, verifyPassword } from './verify-password.ts';
