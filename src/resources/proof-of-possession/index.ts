/**
 * Sender constraint: proving the possession of a key, by a DPoP proof (RFC 9449) or a client certificate (RFC 8705), and tokens that are
 * good for its holder alone. It owns the checks of proofs, their replay and nonces; it does not own which tokens are bound (`oauth`
 * decides when it makes them) nor how a refusal looks on a surface.
 */
export {
  confirmationIn,
  isHeldBy,
  type PresentedToken,
  readAuthorization,
  requirePossession,
} from './bound-token.ts';
export { certificateThumbprint } from './client-certificate.ts';
export { proveKey } from './dpop.ts';
export { currentNonce } from './dpop-nonce.ts';
export { PossessionRefused, possessionChallenge } from './possession-refused.ts';
export { usedProofsCollection } from './used-proof.store.ts';
