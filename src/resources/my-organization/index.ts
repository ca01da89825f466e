/**
 * The My Organization API (`/my-org/`): what administrators of an organization may see and set up of it themselves, with a token of theirs
 * and as the application that they use was configured (`my_organization_configuration`). It owns who may do what; organizations, their
 * domains and connections themselves are their own folders.
 */
import type { Endpoint } from '../../kernel/index.ts';
import { configurationEndpoints } from './configuration.endpoints.ts';
import { detailsEndpoints } from './details.endpoints.ts';
import { domainEndpoints } from './domains/domain.endpoints.ts';
import { identityProviderEndpoints } from './identity-providers/identity-provider.endpoints.ts';
import { notOfferedEndpoints } from './not-offered.endpoints.ts';

export { myOrganizationGuard } from './my-organization-guard.ts';

export const myOrganizationEndpoints: Endpoint[] = [
  ...detailsEndpoints,
  ...configurationEndpoints,
  ...identityProviderEndpoints,
  ...domainEndpoints,
  ...notOfferedEndpoints,
];
