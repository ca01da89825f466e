/**
 * Users, their identities and the passwords of database users, and `/api/v2/users`.
 * Second factors are in `authentication-methods`; checking a password at login is `strategies/auth0`.
 */
export {
  changePassword,
  type PreparedPassword,
  preparePassword,
  removePasswords,
  storePassword,
} from './change-password.ts';
export {
  createDatabaseUser,
  createPasswordlessUser,
  type DraftUser,
  draftDatabaseUser,
  draftPasswordlessUser,
  type NewUser,
} from './create-user.ts';
export {
  findPasswordCredential,
  type PasswordCredential,
  passwordCredentialsCollection,
  passwordCredentialsOf,
} from './credential.store.ts';
export { deleteUser, deleteUsersOfConnection } from './delete-user.ts';
export {
  type FederatedIdentity,
  federatedIdentitiesCollection,
  federatedIdentitiesOf,
  type IdentityTokens,
  identityTokens,
} from './federated-identity.store.ts';
export {
  type DraftArrival,
  draftFederatedUser,
  type FederatedArrival,
  findFederatedUser,
  identityKey,
  identityOf,
  saveFederatedUser,
} from './federated-user.ts';
export { onEmailChanged, onPasswordChanged, onUserBlocked, onUserDeleted } from './followers.ts';
export { type HeldByUser, heldEndpoints, heldShape } from './held-by-user.ts';
export { findIdentifierProblem, type IdentifierProblem, type Identifiers, isEmail } from './identifiers.ts';
export { lockUser } from './lock-user.ts';
export { predatesPassword } from './password-age.ts';
export { describeStrength, type PasswordDemand } from './passwords/strength.ts';
export { missingUser, requireUser } from './require-user.ts';
export { isUnclaimed, noteUnclaimed } from './unclaimed.ts';
export { userEndpoints, type VerificationMailer } from './user.endpoints.ts';
export { findUser, type Identity, type User, usersCollection, usersOf } from './user.store.ts';
