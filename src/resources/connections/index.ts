/**
 * Connections: the sources of identities, which applications may use them, and `/api/v2/connections`.
 * How a strategy proves an identity is not here but in `strategies/`.
 */
import type { Endpoint } from '../../kernel/index.ts';
import { connectionResource } from './connection.resource.ts';
import { connectionClientEndpoints } from './connection-clients.endpoints.ts';

export type { ConnectionBody } from './connection.schema.ts';
export {
  type Connection,
  connectionsCollection,
  connectionsOf,
  findConnectionByName,
  isAssignedTo,
  isEnabledFor,
  listConnectionsForClient,
  mayEndSessions,
  standsAlone,
} from './connection.store.ts';
export { revealOptions } from './connection-options.ts';
export {
  createConnection,
  deleteConnection,
  enableForNewClient,
  holdConnection,
  onConnectionDeleted,
  presentConnection,
  updateConnection,
} from './connections.ts';
export {
  type DatabaseRules,
  databaseRules,
  type Identifier,
  type IdentifierRules,
} from './database-rules.ts';
export { isFederatedStrategy } from './federated-options.ts';
export {
  type FederatedRules,
  federatedCredentials,
  federatedRules,
  hasButton,
  isFederated,
  type KnownProvider,
  mayLogInWith,
} from './federated-rules.ts';
export { type MessageVariables, renderMessage } from './message-template.ts';
export type { CharacterType, PasswordRules } from './password-rules.ts';
export {
  isPasswordless,
  type PasswordlessRules,
  type PasswordlessStrategy,
  passwordlessRules,
} from './passwordless-rules.ts';
export { addSetupRules, type OfferSettings, requireSetUpBy, type SetupRules, setupRulesOf } from './setup-rules.ts';
export { type SocialProvider, socialProviders } from './social-providers.ts';

export const connectionEndpoints: Endpoint[] = [...connectionResource, ...connectionClientEndpoints];
