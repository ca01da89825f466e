import type { Context } from '../../../kernel/index.ts';
import type { ClientCredential, StoredClient } from '../../../resources/clients/index.ts';
import { livingCredentials } from '../../client-keys.ts';

/** Methods that rest on credentials which the client was given. */
export type CredentialMethod = 'private_key_jwt' | 'tls_client_auth' | 'self_signed_tls_client_auth';

/** Is `client` registered for `method`? */
export function hasMethod(client: StoredClient, method: CredentialMethod): boolean {
  return client.client_authentication_methods?.[method] !== undefined;
}

/** What the client has for `method`, whether it has expired or not. */
export function namedCredentials(client: StoredClient, method: CredentialMethod): readonly { readonly id: string }[] {
  return client.client_authentication_methods?.[method]?.credentials ?? [];
}

/** The client's living credentials for `method`; none where there is no client. */
export async function credentialsFor(
  ctx: Context,
  client: StoredClient | undefined,
  method: CredentialMethod,
): Promise<ClientCredential[]> {
  return client ? livingCredentials(ctx, client, namedCredentials(client, method)) : [];
}
