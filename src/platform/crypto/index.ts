/**
 * The one door to cryptography: sealing secrets at rest, hashing tokens and passwords, time-based one-time passwords,
 * signing keys and their certificates, signing and checking JWTs, opaque access tokens, certificates for development.
 * It owns how these are done and which parameters are safe. It does not own where keys are kept, when they rotate, what a
 * token says, nor what a client is told when one is refused. Nothing else may import jose or bcrypt.
 */
export type { JWK } from 'jose';
export * from './certificates.ts';
export * from './client-certificates.ts';
export * from './dpop-proof.ts';
export { halfHash } from './half-hash.ts';
export { decodeJwt, type JwtMembers, type SignJwtOptions, signJwt } from './jwt.ts';
export * from './jwt-verification.ts';
export * from './nested-jwe.ts';
export * from './opaque-access-token.ts';
export * from './passwords.ts';
export * from './public-keys.ts';
export * from './sealing.ts';
export * from './signer.ts';
export * from './signing-keys.ts';
export * from './tokens.ts';
export * from './totp.ts';
