/**
/**
 * How a connection proves an identity. `auth0/` is the database: passwords, sign-up, reset and verification by e-mail;
 * `passwordless/` sends codes by e-mail and SMS; `federated/` are other identity providers, `native-social/` what native applications bring from them.
 * Connections themselves are `resources/connections`; what follows a proved identity (tokens, sessions) is `oauth` and `login`.
 */
export * from './auth0/index.ts';
export * from './federated/index.ts';
export * from './native-social/index.ts';
export * from './passkey/index.ts';
export * from './passwordless/index.ts';
export { remoteKeys } from './remote-keys.ts';
