import type { EncryptionTarget } from '../platform/xml/index.ts';
import type { StoredClient } from '../resources/clients/index.ts';

/** The key that a client's assertions are encrypted with; undefined where the client has none, and they go as they are. */
export function encryptionFor(client: StoredClient): EncryptionTarget | undefined {
  const key = client.encryption_key as { readonly cert?: string; readonly pub?: string } | null | undefined;
  return key?.cert ? { certificate: key.cert, publicKey: key.pub } : undefined;
}
