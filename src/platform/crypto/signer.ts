import {
  constants,
  createHash,
  createHmac,
  createPrivateKey,
  createSecretKey,
  type KeyObject,
  sign,
} from 'node:crypto';
import { availableParallelism } from 'node:os';
import { createBoundedCache } from './bounded-cache.ts';
import { createGate } from './gate.ts';

/** The algorithms that we sign with (RFC 7518 §3.1). */
export type SigningAlgorithm = 'HS256' | 'RS256' | 'RS384' | 'RS512' | 'PS256' | 'PS384' | 'PS512' | 'ES256' | 'ES384';

/** A private key made ready once, to sign with many times. It keeps the key to itself: printing it shows nothing. */
export interface Signer {
  readonly alg: SigningAlgorithm;
  /** Absent for keys without a name, such as a client secret. */
  readonly kid: string | undefined;
  /** The signature over `input`, base64url. Runs in the thread pool, except HMAC, which is faster than the way there. */
  sign(input: string): Promise<string>;
}

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
const KEY_TYPES = { R: 'rsa', P: 'rsa', E: 'ec' } as const;
const CURVES: Readonly<Record<string, string>> = { ES256: 'prime256v1', ES384: 'secp384r1' };

/**
 * The thread pool serves whoever came first. Were all signatures in its queue, a flush of the database's log would stand behind them, and
 * every answer that waits for it; so most of them wait here.
 */
const signing = createGate(availableParallelism() * 12, Number.POSITIVE_INFINITY);
const signers = createBoundedCache<Signer>(1000);

/**
 * Makes a signer. Parsing a private key costs more than a signature's overhead, so signers are remembered by `kid` and key.
 *
 * @param privateKeyPem PKCS#8 (or PKCS#1) PEM; with HS256 the shared secret itself
 * @param kid the header's `kid`; undefined leaves it out
 * @throws when the PEM cannot be read, or TypeError when its type does not suit `alg`
 */
export function importSigner(privateKeyPem: string, kid: string | undefined, alg: SigningAlgorithm): Signer {
  if (alg === 'HS256') return createHmacSigner(Buffer.from(privateKeyPem, 'utf8'), kid);
  const fingerprint = createHash('sha256').update(privateKeyPem).digest('base64url');
  return signers.obtain(`${alg}.${fingerprint}.${kid ?? ''}`, () => createKeySigner(privateKeyPem, kid, alg));
}

/** Makes an HS256 signer of a shared secret given as bytes, without a `kid`. */
export function importSecretSigner(secret: Uint8Array): Signer {
  return createHmacSigner(secret, undefined);
}

function createHmacSigner(secret: Uint8Array, kid: string | undefined): Signer {
  const key = createSecretKey(secret);
  const signInput = async (input: string) => createHmac('sha256', key).update(input).digest('base64url');
  return Object.freeze({ alg: 'HS256', kid, sign: signInput });
}

function createKeySigner(pem: string, kid: string | undefined, alg: Exclude<SigningAlgorithm, 'HS256'>): Signer {
  const privateKey = createPrivateKey(pem);
  requireSuitable(privateKey, alg);
  const hash = `sha${alg.slice(2)}`;
  const key = prepareKey(privateKey, alg);
  const signInput = (input: string) =>
    signing.run(
      () =>
        new Promise<string>((resolve, reject) => {
          sign(hash, Buffer.from(input, 'latin1'), key, (error, signature) =>
            error ? reject(error) : resolve(signature.toString('base64url')),
          );
        }),
    );
  return Object.freeze({ alg, kid, sign: signInput });
}

function prepareKey(key: KeyObject, alg: string) {
  if (alg.startsWith('PS')) return { key, ...PSS };
  // JWS wants r and s side by side (RFC 7518 §3.4), not DER.
  if (alg.startsWith('ES')) return { key, dsaEncoding: 'ieee-p1363' as const };
  return key;
}

function requireSuitable(key: KeyObject, alg: Exclude<SigningAlgorithm, 'HS256'>): void {
  const wanted = KEY_TYPES[alg.charAt(0) as keyof typeof KEY_TYPES];
  const isSuitable = key.asymmetricKeyType === wanted && key.asymmetricKeyDetails?.namedCurve === CURVES[alg];
  if (!isSuitable) throw new TypeError(`A key of type ${key.asymmetricKeyType} cannot sign ${alg}.`);
}
