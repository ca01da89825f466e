import { type Context, WireError } from '../../../kernel/index.ts';
import { importPublicKey, type JWK, PublicKeyRefused } from '../../../platform/crypto/index.ts';
import { CREDENTIAL_ALGORITHMS, readKey } from '../credential-key.ts';
import { DocumentUnavailable, fetchJson } from './fetch-json.ts';

const LARGEST_BYTES = 12 * 1024;
/** Any of them might have signed an assertion: so many are tried. */
const MOST_KEYS = 10;

/** A key that a client published, fit to verify its assertions. */
export interface PublishedKey {
  readonly kid: string;
  readonly alg: string;
  readonly pem: string;
}

/** The keys at `url`, and what forbids using the set. */
export interface ReadKeys {
  readonly keys: readonly PublishedKey[];
  readonly violations: readonly string[];
}

/** Fetches and reads a client's key set (RFC 7517 §5). Keys that are not for signing are left out. */
export async function readKeys(ctx: Context, url: string): Promise<ReadKeys> {
  try {
    return readSet((await fetchJson(ctx, url, LARGEST_BYTES)).value.keys);
  } catch (error) {
    if (error instanceof DocumentUnavailable) return refuse(`could not be retrieved: ${error.message}`);
    throw error;
  }
}

const refuse = (why: string): ReadKeys => ({ keys: [], violations: [`jwks_uri ${why}`] });

function readSet(jwks: unknown): ReadKeys {
  if (!Array.isArray(jwks)) return refuse('has no list of keys');
  // Also one that would be left out: whoever publishes a private key must learn of it.
  if (jwks.some((jwk) => jwk?.d !== undefined || jwk?.k !== undefined))
    return refuse('contains private or secret keys');
  const signing = jwks.filter((jwk) => isForSigning(jwk));
  if (signing.length === 0) return refuse('has no key that can sign');
  if (signing.length > MOST_KEYS) return refuse(`has more than ${MOST_KEYS} keys`);
  try {
    const keys = signing.map(readOne);
    if (new Set(keys.map(({ kid }) => kid)).size < keys.length) return refuse('has two keys of one kid');
    return { keys, violations: [] };
  } catch (error) {
    const isKnown = error instanceof PublicKeyRefused || error instanceof WireError;
    if (isKnown) return refuse(`has a key that cannot be used: ${error.message}`);
    throw error;
  }
}

function isForSigning(jwk: unknown): jwk is JWK {
  if (typeof jwk !== 'object' || jwk === null) return false;
  const { kty, use, alg, kid } = jwk as Record<string, unknown>;
  const isKnown = alg === undefined || CREDENTIAL_ALGORITHMS.includes(alg as string);
  return (
    typeof kty === 'string' &&
    (use === undefined || use === 'sig') &&
    isKnown &&
    ['undefined', 'string'].includes(typeof kid)
  );
}

const DEFAULT_ALGORITHMS: Readonly<Record<string, string>> = { 'P-256': 'ES256', 'P-384': 'ES384' };

function readOne(jwk: JWK): PublishedKey {
  const pem = importPublicKey(jwk).export({ type: 'spki', format: 'pem' }).toString();
  const alg = jwk.alg ?? DEFAULT_ALGORITHMS[jwk.crv ?? ''] ?? 'RS256';
  const kid = jwk.kid === undefined ? {} : { kid: jwk.kid };
  return readKey({ credential_type: 'public_key', pem, alg, ...kid }) as PublishedKey;
}
