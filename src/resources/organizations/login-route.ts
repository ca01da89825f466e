import type { Context } from '../../kernel/index.ts';
import { type Client, findClient } from '../clients/index.ts';
import { tenantSettings } from '../tenant-settings/index.ts';
import { listLoginConnections } from './connections/organization-connections.ts';
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
 * Where logins begin (Auth0: default login routes): at the client's `initiate_login_uri`, or where its `express_configuration` says that the
 * organization's people begin, or else the tenant's
 * `default_redirection_uri`; undefined where there is neither. The organization's name and metadata are filled in; a placeholder that cannot be
 * filled leads to the tenant's address. Clients and organizations that are not this tenant's count as unknown.
 */
export async function loginRoute(ctx: Context, { client_id, organization }: LoginOrigin): Promise<string | undefined> {
  const client = client_id === undefined ? undefined : await findClient(ctx, client_id);
  const own = client?.initiate_login_uri && (await fillPlaceholders(ctx, client.initiate_login_uri, organization));
  const express = client && !own ? await fillExpressTemplate(ctx, client, organization) : undefined;
  return own || express || (await tenantSettings(ctx)).default_redirection_uri || undefined;
}

async function fillPlaceholders(ctx: Context, uri: string, organizationId?: string): Promise<string | undefined> {
  if (!uri.includes('{')) return uri;
  const organization = organizationId === undefined ? undefined : await findOrganization(ctx, organizationId);
  return fill(uri, (name) => {
    const key = FROM_METADATA.exec(name)?.[1] ?? '';
    return name === 'organization_name' ? organization?.name : organization?.metadata?.[key];
  });
}

/** `uri` with its placeholders filled in; undefined where one has no value, or one that would change what is around it. */
function fill(uri: string, valueFor: (name: string) => string | undefined): string | undefined {
  let isFilled = true;
  const filled = uri.replaceAll(PLACEHOLDER, (_, name: string) => {
    const value = valueFor(name);
    isFilled &&= value !== undefined && HARMLESS.test(value);
    return value ?? '';
  });
  return isFilled ? filled : undefined;
}

/** Where the people of an organization begin whose connection Okta set up (Express Configuration). */
async function fillExpressTemplate(
  ctx: Context,
  { express_configuration: express }: Partial<Client>,
  organizationId: string | undefined,
): Promise<string | undefined> {
  const organization = organizationId === undefined ? undefined : await findOrganization(ctx, organizationId);
  if (!express) return undefined;
  const offered = organization ? await listLoginConnections(ctx, organization.id) : [];
  const theirs = offered.find(({ connection }) => connection.set_up_by === express.okta_oin_client_id);
  const values: Readonly<Record<string, string | undefined>> = {
    organization_name: organization?.name,
    organization_id: organization?.id,
    connection_name: theirs?.connection.name,
  };
  return fill(express.initiate_login_uri_template, (name) => values[name]);
}
