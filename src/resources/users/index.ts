/**
 * Users, their identities and the passwords of database users, and `/api/v2/users`.
 * Second factors are in `authentication-methods`; checking a password at login is `strategies/auth0`.
 */
export {
  findPasswordCredential,
  type PasswordCredential,
  passwordCredentialsCollection,
  passwordCredentialsOf,
} from './credential.store.ts';
export { findUser, type Identity, type User, usersCollection, usersOf } from './user.store.ts';
