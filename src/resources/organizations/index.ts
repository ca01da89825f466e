/**
 * Organizations: the customers of an operator, who belongs to them, what their people may log in with, who is invited, which clients
 * may act for them, and `/api/v2/organizations`. What an organization means for a login or a token is decided in `oauth`.
 */
import type { Endpoint } from '../../kernel/index.ts';
import { organizationGrantEndpoints } from './client-grants/organization-grant.endpoints.ts';
import { organizationClientEndpoints } from './clients/organization-client.endpoints.ts';
import { organizationConnectionEndpoints } from './connections/organization-connection.endpoints.ts';
import { discoveryDomainEndpoints } from './discovery-domains/discovery-domain.endpoints.ts';
import { invitationEndpoints } from './invitations/invitation.endpoints.ts';
import { memberEndpoints } from './members/member.endpoints.ts';
import { memberRoleEndpoints } from './members/member-role.endpoints.ts';
import { organizationResource } from './organization.resource.ts';

export {
  admitsClient,
  forgetOrganizationsOfClient,
  organizationClientsCollection,
} from './clients/organization-client.store.ts';
export {
  findOrganizationConnection,
  forgetOrganizationsOfConnection,
  type OrganizationAccessLevel,
  type OrganizationConnection,
  organizationConnectionsCollection,
  organizationConnectionsOf,
  organizationsOfConnection,
  removeOrganizationConnection,
} from './connections/organization-connection.store.ts';
export {
  addOrganizationConnection,
  changeOrganizationConnection,
  type LoginConnection,
  listLoginConnections,
} from './connections/organization-connections.ts';
export { silenceOwnConnections } from './connections/silence-own.ts';
export {
  type DiscoveryDomain,
  discoverOrganizations,
  discoveryDomainsCollection,
  discoveryDomainsOf,
} from './discovery-domains/discovery-domain.store.ts';
export { addDiscoveryDomain } from './discovery-domains/discovery-domains.ts';
export {
  type Entry,
  entryOf,
  listEnterable,
  listUsableConnections,
  nameOf,
  type UsableConnection,
  type Visitor,
} from './entry.ts';
export {
  forgetInvitationsOfClient,
  type Invitation,
  invitationsCollection,
  invitationsOf,
} from './invitations/invitation.store.ts';
export {
  acceptInvitation,
  createInvitation,
  findInvitation,
  type InvitationBody,
  rolesOf as rolesOfInvitation,
  ticketOf,
} from './invitations/invitations.ts';
export { type LoginOrigin, loginRoute } from './login-route.ts';
export {
  addMember,
  forgetMembershipsOf,
  isMember,
  membersCollection,
  membersOf,
  removeMember,
} from './members/member.store.ts';
export { fillOrganizationName } from './named-urls.ts';
export type { OrganizationChange } from './organization.schema.ts';
export {
  findOrganization,
  findOrganizationByName,
  type Organization,
  organizationsCollection,
  organizationsOf,
} from './organization.store.ts';
export {
  createOrganization,
  deleteOrganization,
  requireDefaultOrganization,
  requireOrganization,
  updateOrganization,
} from './organizations.ts';
export { mayReadAnswers, mayReceiveMessages } from './origins.ts';

export const organizationEndpoints: Endpoint[] = [
  ...organizationResource,
  ...memberEndpoints,
  ...memberRoleEndpoints,
  ...organizationConnectionEndpoints,
  ...invitationEndpoints,
  ...organizationGrantEndpoints,
  ...organizationClientEndpoints,
  ...discoveryDomainEndpoints,
];
