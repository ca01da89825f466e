import type { Context } from '../../kernel/index.ts';
import { findClient } from '../clients/index.ts';
import { tenantSettings } from '../tenant-settings/index.ts';
import { findOrganization } from './organization.store.ts';

/** What a login was for, as far as that is known. */
export interface LoginOrigin {
  readonly client_id?: string | undefined;
  /** ID of an organization. */
  readonly organization?: string | undefined;
}

const PLACEHOLDER = /\{([^}]*)\}/g;
const FROM_METADATA = /^organization\.metadata\.(public_\w+)$/;
/** What may stand in a host or a path without changing what is around it. */
const HARMLESS = /^[\w.-]+$/;

/**
 * Where logins begin (Auth0: default login routes): at the client's `initiate_login_uri`, or else the tenant's
 * `default_redirection_uri`; undefined where there is neither. The organization's name and metadata are filled in; a placeholder that cannot be
 * filled leads to the tenant's address. Clients and organizations that are not this tenant's count as unknown.
 */
export async function loginRoute(ctx: Context, { client_id, organization }: LoginOrigin): Promise<string | undefined> {
  const client = client_id === undefined ? undefined : await findClient(ctx, client_id);
  const own = client?.initiate_login_uri && (await fillPlaceholders(ctx, client.initiate_login_uri, organization));
  return own || (await tenantSettings(ctx)).default_redirection_uri || undefined;
}

async function fillPlaceholders(ctx: Context, uri: string, organizationId?: string): Promise<string | undefined> {
  if (!uri.includes('{')) return uri;
  const organization = organizationId === undefined ? undefined : await findOrganization(ctx, organizationId);
  let isFilled = true;
  const filled = uri.replaceAll(PLACEHOLDER, (_, name: string) => {
    const key = FROM_METADATA.exec(name)?.[1] ?? '';
    const value = name === 'organization_name' ? organization?.name : organization?.metadata?.[key];
    isFilled &&= value !== undefined && HARMLESS.test(value);
    return value ?? '';
  });
  return isFilled ? filled : undefined;
}
