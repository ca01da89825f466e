import type { StoredClient } from '../../resources/clients/index.ts';
import { organizationNotAllowed, organizationRequired } from '../organization.ts';

/**
 * Auth0: neither a device nor a backchannel request leads to an organization. So who must use one cannot use them, and who names one is not
 * given tokens for none. WireError 400 invalid_request.
 */
export function requireNoOrganization({ organization_usage }: StoredClient, sent: string | undefined): void {
  if (sent !== undefined) throw organizationNotAllowed(400);
  if (organization_usage === 'require') throw organizationRequired(400);
}
