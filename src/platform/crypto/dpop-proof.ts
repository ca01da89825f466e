import type { JWK } from 'jose';
import type { JwtMembers } from './jwt.ts';
import { JwtRefused, type VerificationKey, verifyJwt } from './jwt-verification.ts';
import { importPublicKey, jwkThumbprint, PublicKeyRefused } from './public-keys.ts';

/** What a proof says, once its form and its signature were found right. */
export interface DpopProof {
  /** RFC 7638 thumbprint of the key that signed it. */
  readonly jkt: string;
  readonly jti: string;
  readonly htm: string;
  readonly htu: string;
  /** Seconds. */
  readonly iat: number;
  readonly ath?: string;
  readonly nonce?: string;
}

/** RFC 9449 §5.1, as Auth0's metadata has it. */
export const DPOP_ALGORITHMS = ['ES256'] as const;

const LONGEST_PROOF = 4096;
const LONGEST_ID = 256;

/**
 * Reads one DPoP proof (RFC 9449 §4.2): a JWT of type `dpop+jwt`, signed with the public key in its own header, with all claims that it
 * must have. Whether they fit the request (§4.3: method, URL, time, nonce, token, replay) is for the caller to see.
 *
 * @throws JwtRefused
 */
export async function readDpopProof(text: string, nowMs: number): Promise<DpopProof> {
  if (text.length > LONGEST_PROOF) throw new JwtRefused('malformed', 'longer than 4096 characters');
  const { header, payload } = await verifyJwt(text, {
    keys: keyInHeader,
    algorithms: DPOP_ALGORITHMS,
    typ: 'dpop+jwt',
    nowMs,
  });
  const { jti, htm, htu, iat, ath, nonce } = payload;
  const isComplete = isText(jti) && jti.length <= LONGEST_ID && isText(htm) && isText(htu) && Number.isFinite(iat);
  if (!isComplete) throw new JwtRefused('malformed', 'jti, htm, htu and iat must be there');
  for (const optional of [ath, nonce]) {
    if (optional !== undefined && !isText(optional)) throw new JwtRefused('malformed', 'ath and nonce must be strings');
  }
  return {
    jkt: jwkThumbprint(header.jwk as JWK),
    jti,
    htm,
    htu,
    iat: iat as number,
    ...(ath === undefined ? {} : { ath: ath as string }),
    ...(nonce === undefined ? {} : { nonce: nonce as string }),
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** The one place where a token brings its own key along: what it proves is possession, not identity. */
function keyInHeader({ jwk }: JwtMembers): VerificationKey {
  const members = (typeof jwk === 'object' && jwk !== null ? jwk : {}) as JWK;
  if (members.kty !== 'EC' || members.crv !== 'P-256') throw new JwtRefused('malformed', 'jwk must be a P-256 key');
  try {
    return importPublicKey(members);
  } catch (error) {
    if (error instanceof PublicKeyRefused) throw new JwtRefused('malformed', 'jwk is no public key');
    throw error;
  }
}
