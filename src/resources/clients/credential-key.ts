import type { KeyObject } from 'node:crypto';
import { isoTime } from '../../kernel/index.ts';
import { importPublicKey, jwkThumbprint, PublicKeyRefused, readCertificate } from '../../platform/crypto/index.ts';
import type { ClientCredential } from './credential.store.ts';
import { type CredentialBody, refuse, requirePem } from './credential-body.ts';

/** Auth0: algorithms that a client may sign with, each fixed by its credential. */
export const CREDENTIAL_ALGORITHMS = ['RS256', 'RS384', 'PS256', 'PS384', 'ES256', 'ES384'];

const SHORTEST_RSA_KEY = 2048;
/** RFC 7518 §3.4, in Node's names of the curves. */
const CURVES: Readonly<Record<string, string>> = { ES256: 'prime256v1', ES384: 'secp384r1' };

/** A key that signs assertions or requests. WireError 400 when it cannot be read, or cannot be used by the algorithm. */
export function readKey(body: CredentialBody): Partial<ClientCredential> {
  const pem = requirePem(body);
  const alg = body.alg ?? 'RS256';
  const key = readPublicKey(pem);
  requireFit(key, alg);
  const kid = body.kid ?? jwkThumbprint(key.export({ format: 'jwk' }));
  const validTo = body.parse_expiry_from_cert ? readCertificate(pem)?.validTo : undefined;
  const expiry = validTo ?? (body.expires_at === undefined ? undefined : Date.parse(body.expires_at));
  return { kid, alg, pem, ...(expiry === undefined ? {} : { expires_at: isoTime(expiry) }) };
}

function readPublicKey(pem: string): KeyObject {
  try {
    return importPublicKey(pem);
  } catch (error) {
    if (error instanceof PublicKeyRefused) throw refuse('The public key cannot be read');
    throw error;
  }
}

function requireFit({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject, alg: string): void {
  const curve = CURVES[alg];
  if (curve !== undefined) {
    if (type !== 'ec' || details?.namedCurve !== curve) throw refuse(`The public key is not one for ${alg}`);
    return;
  }
  if (type !== 'rsa') throw refuse('The public key must be an RSA key');
  if ((details?.modulusLength ?? 0) < SHORTEST_RSA_KEY) {
    throw refuse(`The public key must have at least ${SHORTEST_RSA_KEY} bits`);
  }
}
