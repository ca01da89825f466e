/**
 * Connections: the sources of identities, which applications may use them, and `/api/v2/connections`.
 * How a strategy proves an identity is not here but in `strategies/`.
 */
export {
  type Connection,
  connectionsCollection,
  connectionsOf,
  findConnectionByName,
  isEnabledFor,
  listConnectionsForClient,
} from './connection.store.ts';
export {
  type CharacterType,
  type DatabaseRules,
  databaseRules,
  type Identifier,
  type IdentifierRules,
  type PasswordRules,
} from './database-rules.ts';
