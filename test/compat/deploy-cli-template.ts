/** What has to be changed in an export before another tenant can take it: what Auth0 never tells, and what the CLI does not translate. */
import { comparable } from './deploy-cli.ts';
import { ATTRIBUTES, CONNECTIONS, OKTA } from './rich-tenant.ts';

export interface Template {
  name: string;
  client_authentication_methods?: Record<string, { credentials?: Record<string, unknown>[] }>;
  signed_request_object?: { credentials: unknown };
  default_organization?: { organization_id: unknown };
  express_configuration?: Naming & { linked_clients: unknown; okta_oin_client_id: string };
  my_organization_configuration?: Naming;
}
export interface Exported {
  clients: Template[];
  clientGrants: object[];
}
interface Naming {
  connection_profile_id: string;
  user_attribute_profile_id: string;
}

/**
 * What has to be said for another tenant, and no export says: `pem` of keys, which Auth0 never tells; and in place of ids, which the
 * CLI does not translate in these members, markers for `AUTH0_KEYWORD_REPLACE_MAPPINGS` to fill.
 */
export function asTemplate(client: Template): void {
  for (const [method, { credentials = [] }] of Object.entries(client.client_authentication_methods ?? {}))
    for (const credential of credentials) credential.pem = method === 'private_key_jwt' ? '@@KEY@@' : '@@CERTIFICATE@@';
  if (client.signed_request_object) client.signed_request_object.credentials = '@@REQUEST_KEYS@@';
  if (client.default_organization) client.default_organization.organization_id = '@@ORGANIZATION@@';
  if (client.express_configuration) client.express_configuration.linked_clients = '@@LINKED@@';
}

/** An export in words that compare: the ids in it are each tenant's own. */
export function withoutIds(exported: object): unknown {
  (exported as { clients: Template[] }).clients.forEach(asTemplate);
  return comparable(exported);
}

/** The names by which an import finds these ids, as exports in YAML have them. In a directory the CLI drops all ids before it looks. */
export function nameWhatIsNamed({
  express_configuration: express,
  my_organization_configuration: own,
}: Template): void {
  for (const naming of [express, own])
    if (naming) Object.assign(naming, { connection_profile_id: CONNECTIONS, user_attribute_profile_id: ATTRIBUTES });
  if (express) express.okta_oin_client_id = OKTA;
}

/** The CLI exports grants for all third parties as those of a client, `undefined_clientId`, and imports no such grant. */
export function forgetNobody(grant: { client_id?: string; default_for?: string }): void {
  if (grant.default_for) delete grant.client_id;
}
