import type { EncryptionTarget } from '../platform/xml/index.ts';
import type { StoredClient } from '../resources/clients/index.ts';

/** For whose eyes a client's assertions are; undefined: for everybody's who sees them pass. */
export function encryptionFor(client: StoredClient): EncryptionTarget | undefined {
  const key = client.encryption_key as { readonly cert?: string; readonly pub?: string } | null | undefined;
  return key?.cert ? { certificate: key.cert, publicKey: key.pub } : undefined;
}
