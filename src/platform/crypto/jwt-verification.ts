import type { KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import { JOSEError, JWSSignatureVerificationFailed, JWTClaimValidationFailed, JWTExpired } from 'jose/errors';
import { jwtVerify } from 'jose/jwt/verify';
import { decodeMembers, isCanonicalBase64url, type JwtMembers } from './jwt.ts';
import { importPublicKey, PublicKeyRefused } from './public-keys.ts';

/** The algorithms whose signatures we check. There is no `none` in it. */
export type VerificationAlgorithm =
  | 'HS256'
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'EdDSA'
  | 'Ed25519';

/** Why a token was refused. `signature` also covers: no such key, algorithm not allowed, key of another kind. */
export type JwtRefusal = 'malformed' | 'signature' | 'expired' | 'not_yet_valid' | 'issuer' | 'audience' | 'typ';

/** The token is not to be trusted. Its message is for logs, not for the client. */
export class JwtRefused extends Error {
  override readonly name = 'JwtRefused';
  readonly reason: JwtRefusal;

  constructor(reason: JwtRefusal, detail: string, options?: ErrorOptions) {
    super(`JWT refused (${reason}): ${detail}`, options);
    this.reason = reason;
  }
}

/** A key for HS256 is bytes or a secret KeyObject, for every other algorithm a public KeyObject. */
export type VerificationKey = KeyObject | Uint8Array;

/** Finds the key by the (still unverified) header; undefined when there is none. */
export type FindKey = (header: JwtMembers) => VerificationKey | undefined | Promise<VerificationKey | undefined>;

export interface VerifyJwtOptions {
  /** Public keys to choose from by `kid`, type and `alg`, or a function that finds the key. HS256 needs the function. */
  readonly keys: readonly JWK[] | FindKey;
  readonly algorithms: readonly VerificationAlgorithm[];
  /** One of these must be `iss`. */
  readonly issuer?: string | readonly string[];
  /** One of these must be in `aud`. */
  readonly audience?: string | readonly string[];
  /** The present, milliseconds. */
  readonly nowMs: number;
  /** Seconds of grace for `exp` and `nbf`; none unless given. */
  readonly clockToleranceSec?: number;
  /** The `typ` that the header must have (`at+jwt` and `application/at+jwt` are the same). */
  readonly typ?: string;
}

const LONGEST_TOKEN = 65_536;

/** RFC 7518 §3.1: which kind of key belongs to an algorithm. */
const KEY_KINDS: Readonly<Record<VerificationAlgorithm, { kty: string; crv?: string }>> = {
  HS256: { kty: 'oct' },
  RS256: { kty: 'RSA' },
  RS384: { kty: 'RSA' },
  RS512: { kty: 'RSA' },
  PS256: { kty: 'RSA' },
  PS384: { kty: 'RSA' },
  PS512: { kty: 'RSA' },
  ES256: { kty: 'EC', crv: 'P-256' },
  ES384: { kty: 'EC', crv: 'P-384' },
  ES512: { kty: 'EC', crv: 'P-521' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
  Ed25519: { kty: 'OKP', crv: 'Ed25519' },
};

/**
 * Checks a compact JWT: signature, then `typ`, `iss`, `aud`, `nbf`, `exp` as far as they are asked for or present (a token
 * without `exp` does not expire: callers who need one look). Keys come only from `options`: `jku`, `x5u`, `x5c` and `jwk`
 * in the header have no say here, and any `crit` is refused.
 *
 * @throws JwtRefused; what a key function throws passes through
 */
export async function verifyJwt(
  token: string,
  options: VerifyJwtOptions,
): Promise<{ header: JwtMembers; payload: JwtMembers }> {
  const header = readHeader(token);
  const alg = requireAlgorithm(header, options.algorithms);
  for (const key of await findKeys(options.keys, header, alg)) {
    const payload = await verifyWith(token, key, alg, options);
    if (payload) return { header, payload };
  }
  throw new JwtRefused('signature', 'no key fits the signature');
}

function readHeader(token: string): JwtMembers {
  if (token.length > LONGEST_TOKEN) throw new JwtRefused('malformed', 'too long');
  const parts = token.split('.');
  if (parts.length !== 3 || !parts.every(isCanonicalBase64url)) throw new JwtRefused('malformed', 'not a compact JWS');
  const header = decodeMembers(parts[0] ?? '');
  if (!header) throw new JwtRefused('malformed', 'the header is no JSON object');
  // RFC 7515 §4.1.11: extensions that we do not understand must be refused, and we understand none.
  if ('crit' in header) throw new JwtRefused('malformed', 'critical header extensions are not supported');
  return header;
}

function requireAlgorithm(header: JwtMembers, allowed: readonly VerificationAlgorithm[]): VerificationAlgorithm {
  const alg = allowed.find((name) => name === header.alg && Object.hasOwn(KEY_KINDS, name));
  if (!alg) throw new JwtRefused('signature', 'algorithm not allowed');
  return alg;
}

async function findKeys(
  keys: VerifyJwtOptions['keys'],
  header: JwtMembers,
  alg: VerificationAlgorithm,
): Promise<VerificationKey[]> {
  if (typeof keys !== 'function') {
    return keys.filter((jwk) => isCandidate(jwk, header, alg)).flatMap(importIfUsable);
  }
  const key = await keys(header);
  return key && isRightKind(key, alg) ? [key] : [];
}

/** A key that has no name answers to any, as a token without `kid` may have been signed by any. */
function isCandidate(jwk: JWK, header: JwtMembers, alg: VerificationAlgorithm): boolean {
  const kind = KEY_KINDS[alg];
  return (
    kind.kty !== 'oct' &&
    jwk.kty === kind.kty &&
    (kind.crv === undefined || jwk.crv === kind.crv) &&
    (jwk.alg === undefined || jwk.alg === alg) &&
    (jwk.use === undefined || jwk.use === 'sig') &&
    (jwk.kid === undefined || header.kid === undefined || jwk.kid === header.kid)
  );
}

/** One unreadable key in a set must not keep the others from being tried. */
function importIfUsable(jwk: JWK): KeyObject[] {
  try {
    return [importPublicKey(jwk)];
  } catch (error) {
    if (error instanceof PublicKeyRefused) return [];
    throw error;
  }
}

/** Keeps a public key from being used as an HMAC secret, and a secret or private key from anything else. */
function isRightKind(key: VerificationKey, alg: VerificationAlgorithm): boolean {
  const kind = key instanceof Uint8Array ? 'secret' : key.type;
  return kind === (alg === 'HS256' ? 'secret' : 'public');
}

/** The payload; undefined when this key did not make the signature. */
async function verifyWith(
  token: string,
  key: VerificationKey,
  alg: VerificationAlgorithm,
  options: VerifyJwtOptions,
): Promise<JwtMembers | undefined> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [alg],
      currentDate: new Date(options.nowMs),
      clockTolerance: options.clockToleranceSec ?? 0,
      ...(options.issuer !== undefined && { issuer: toList(options.issuer) }),
      ...(options.audience !== undefined && { audience: toList(options.audience) }),
      ...(options.typ !== undefined && { typ: options.typ }),
    });
    return payload;
  } catch (error) {
    if (error instanceof JWSSignatureVerificationFailed) return undefined;
    // A key that the algorithm cannot use: RSA under 2048 bits (jose: TypeError), another curve (WebCrypto: DOMException).
    if (error instanceof TypeError || error instanceof DOMException) return undefined;
    if (error instanceof JOSEError) throw new JwtRefused(reasonOf(error), error.message, { cause: error });
    throw error;
  }
}

function reasonOf(error: JOSEError): JwtRefusal {
  if (error instanceof JWTExpired) return 'expired';
  if (!(error instanceof JWTClaimValidationFailed) || error.reason === 'invalid') return 'malformed';
  const reasons: Readonly<Record<string, JwtRefusal>> = {
    iss: 'issuer',
    aud: 'audience',
    typ: 'typ',
    nbf: 'not_yet_valid',
  };
  return reasons[error.claim] ?? 'malformed';
}

function toList(value: string | readonly string[]): string[] {
  return typeof value === 'string' ? [value] : [...value];
}
