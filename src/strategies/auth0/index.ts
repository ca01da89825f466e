export { requireDatabaseConnection } from './connection.ts';
export { type PasswordProof, recordLogin, verifyPassword } from './verify-password.ts';
