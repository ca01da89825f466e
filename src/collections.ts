import { answeredRequestsCollection, samlLogoutsCollection, samlSessionsCollection } from './enterprise/index.ts';
import type { CollectionDefinition } from './kernel/index.ts';
import { allowancesCollection, challengesCollection, mfaTokensCollection } from './mfa/index.ts';
import { authorizationCodesCollection } from './oauth/authorization-code.store.ts';
import { deferredAuthorizationsCollection } from './oauth/deferred/deferred.store.ts';
import { pushedRequestsCollection } from './oauth/pushed-request.store.ts';
import { sessionTransferTokensCollection } from './oauth/session-transfer/session-transfer-token.store.ts';
import { usedAssertionsCollection } from './oauth/token/client-authentication/used-assertion.store.ts';
import { loginAttemptsCollection, requestAllowancesCollection, tokenUsageCollection } from './protection/index.ts';
import {
  authenticatorsCollection,
  passkeySnoozesCollection,
  passkeysCollection,
} from './resources/authentication-methods/index.ts';
import { clientGrantsCollection } from './resources/client-grants/index.ts';
import {
  clientCredentialsCollection,
  clientsCollection,
  documentCopiesCollection,
  organizationGrantsCollection,
} from './resources/clients/index.ts';
import { connectionProfilesCollection } from './resources/connection-profiles/index.ts';
import { connectionsCollection } from './resources/connections/index.ts';
import { federatedTokensetsCollection } from './resources/federated-tokensets/index.ts';
import { consentGrantsCollection } from './resources/grants/index.ts';
import { enrollmentTicketsCollection, guardianCollection } from './resources/guardian/index.ts';
import { signingKeysCollection } from './resources/keys/index.ts';
import { logsCollection } from './resources/logs/index.ts';
import {
  discoveryDomainsCollection,
  invitationsCollection,
  membersCollection,
  organizationClientsCollection,
  organizationConnectionsCollection,
  organizationsCollection,
} from './resources/organizations/index.ts';
import { outgoingMessagesCollection } from './resources/outgoing-messages/index.ts';
import { promptSettingsCollection } from './resources/prompts/index.ts';
import { usedProofsCollection } from './resources/proof-of-possession/index.ts';
import { refreshTokensCollection } from './resources/refresh-tokens/index.ts';
import { resourceServersCollection } from './resources/resource-servers/index.ts';
import { grantedPermissionsCollection, roleAssignmentsCollection, rolesCollection } from './resources/roles/index.ts';
import { rememberedBrowsersCollection, sessionsCollection } from './resources/sessions/index.ts';
import { tenantSettingsCollection } from './resources/tenant-settings/index.ts';
import { ticketsCollection } from './resources/tickets/index.ts';
import { tokenExchangeProfilesCollection } from './resources/token-exchange-profiles/index.ts';
import { userAttributeProfilesCollection } from './resources/user-attribute-profiles/index.ts';
import {
  federatedIdentitiesCollection,
  passwordCredentialsCollection,
  usersCollection,
} from './resources/users/index.ts';
import {
  databaseOtpsCollection,
  passkeyChallengesCollection,
  passwordlessCodesCollection,
  upstreamLoginsCollection,
} from './strategies/index.ts';
import { loginTicketsCollection, transactionsCollection } from './transactions/index.ts';

/** Every collection there is: storage makes a table of each and refuses any other; the isolation test walks them. */
export const collections = [
  allowancesCollection,
  authenticatorsCollection,
  authorizationCodesCollection,
  challengesCollection,
  clientCredentialsCollection,
  documentCopiesCollection,
  clientGrantsCollection,
  clientsCollection,
  connectionProfilesCollection,
  connectionsCollection,
  consentGrantsCollection,
  discoveryDomainsCollection,
  databaseOtpsCollection,
  deferredAuthorizationsCollection,
  enrollmentTicketsCollection,
  federatedIdentitiesCollection,
  federatedTokensetsCollection,
  grantedPermissionsCollection,
  guardianCollection,
  invitationsCollection,
  loginAttemptsCollection,
  loginTicketsCollection,
  logsCollection,
  membersCollection,
  mfaTokensCollection,
  organizationClientsCollection,
  organizationConnectionsCollection,
  organizationGrantsCollection,
  organizationsCollection,
  outgoingMessagesCollection,
  passkeyChallengesCollection,
  passkeySnoozesCollection,
  passkeysCollection,
  passwordCredentialsCollection,
  passwordlessCodesCollection,
  promptSettingsCollection,
  pushedRequestsCollection,
  refreshTokensCollection,
  rememberedBrowsersCollection,
  requestAllowancesCollection,
  resourceServersCollection,
  roleAssignmentsCollection,
  rolesCollection,
  sessionsCollection,
  sessionTransferTokensCollection,
  answeredRequestsCollection,
  samlLogoutsCollection,
  samlSessionsCollection,
  signingKeysCollection,
  tenantSettingsCollection,
  ticketsCollection,
  tokenExchangeProfilesCollection,
  tokenUsageCollection,
  transactionsCollection,
  upstreamLoginsCollection,
  usedAssertionsCollection,
  usedProofsCollection,
  userAttributeProfilesCollection,
  usersCollection,
] as unknown as readonly CollectionDefinition<never>[];
