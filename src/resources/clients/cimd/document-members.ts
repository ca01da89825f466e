import { managementError } from '../../../kernel/index.ts';
import type { StoredClient } from '../client.store.ts';

/** Auth0: what a tenant may set of a client with a metadata document. All else the document says, or nobody. */
const OWN = new Set([
  'app_type',
  'grant_types',
  'jwt_configuration',
  'description',
  'oidc_conformant',
  'allowed_origins',
  'web_origins',
  'refresh_token',
  'organization_usage',
  'organization_require_behavior',
  'organization_discovery_methods',
  'default_organization',
  'client_metadata',
  'require_proof_of_possession',
  'redirection_policy',
  'skip_non_verifiable_callback_uri_confirmation_prompt',
  'token_quota',
]);

const refuse = (text: string) => managementError(400, text, 'operation_not_supported');

/** Refuses to change what the client's metadata document says. WireError 400. */
export function requireOwnMembers(client: StoredClient, change: object): void {
  if (client.external_metadata_type === undefined) return;
  const foreign = Object.keys(change).filter((name) => !OWN.has(name));
  if (foreign.length === 0) return;
  throw refuse(
    `The client is described by its metadata document; these properties cannot be updated: ${foreign.join(', ')}`,
  );
}

/** Refuses secrets and keys from anywhere but the client's metadata document. WireError 400. */
export function requireOwnCredentials(client: StoredClient): void {
  if (client.external_metadata_type === undefined) return;
  throw refuse('The client is described by its metadata document, which also names its keys');
}
