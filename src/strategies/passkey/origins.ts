import type { StoredClient } from '../../resources/clients/index.ts';

/**
 * Where an authenticator may be asked: on this host, on the pages that the application registered (whose domain the browser compares
 * with the passkey's host), and in its Android app, which is known by its signing certificate.
 */
export function originsOf(client: StoredClient, own: string): string[] {
  const { web_origins = [], allowed_origins = [], mobile } = client;
  const registered = [...web_origins, ...allowed_origins].flatMap((url) => URL.parse(url)?.origin ?? []);
  const fingerprints = mobile?.android?.sha256_cert_fingerprints ?? [];
  return [own, ...registered.filter((origin) => origin !== 'null'), ...fingerprints.map(androidOrigin)];
}

function androidOrigin(fingerprint: string): string {
  return `android:apk-key-hash:${Buffer.from(fingerprint.replaceAll(':', ''), 'hex').toString('base64url')}`;
}
