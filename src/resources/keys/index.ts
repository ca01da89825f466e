/** The tenant's signing keys (next, current, previous), their rotation, the JWKS made of them, and `/api/v2/keys/signing`. */

export { keyEndpoints } from './signing-key.endpoints.ts';
export { type SigningKey, signingKeysCollection, signingKeysOf } from './signing-key.store.ts';
export {
  type CertifiedKey,
  createSigningKeys,
  currentCertifiedKey,
  currentSigner,
  currentSigningKey,
  listSigningKeys,
  publicKeys,
  publishedKeys,
  revokeSigningKey,
  rotateSigningKeys,
} from './signing-keys.ts';
