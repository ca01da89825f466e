import type { StoredClient } from './client.store.ts';

/** The name that `client` knows itself by, which is what tokens carry: its metadata document, or its id. */
export function publishedClientId({ external_client_id, client_id }: StoredClient): string {
  return external_client_id ?? client_id;
}
