import type { Context } from '../../kernel/index.ts';
import { findClient } from '../../resources/clients/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';

/** Where somebody who came by a link can log in: the address at which the application begins logins, or else the tenant's (Auth0: default login routes). */
export async function loginLink(ctx: Context, clientId: string | undefined): Promise<string | undefined> {
  const client = clientId === undefined ? undefined : await findClient(ctx, clientId);
  return client?.initiate_login_uri || (await tenantSettings(ctx)).default_redirection_uri || undefined;
}
