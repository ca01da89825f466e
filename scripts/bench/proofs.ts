import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs here and not with the server's own code, so that the bench does not check the server by itself. */
function signed(header: object, claims: object, key: KeyObject): string {
  const input = `${encode(header)}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

const seconds = () => Math.floor(Date.now() / 1000);

/** A key to prove oneself with, and the PEM to register: ES256, since thousands of proofs are made in advance. */
export function newKey(): { readonly privateKey: KeyObject; readonly publicKey: KeyObject; readonly pem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, publicKey, pem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}

/** RFC 7523 §2.2: a client assertion, good once. */
export function clientAssertion(issuer: string, clientId: string, key: KeyObject): string {
  const jti = randomBytes(16).toString('base64url');
  const claims = { iss: clientId, sub: clientId, aud: issuer, jti, iat: seconds(), exp: seconds() + 290 };
  return signed({ alg: 'ES256', typ: 'JWT' }, claims, key);
}

/** RFC 9449 §4.2: a proof for one POST to `url`. */
export function dpopProof(url: string, { privateKey, publicKey }: ReturnType<typeof newKey>): string {
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
  const jwk = { kty, crv, x, y };
  const jti = randomBytes(16).toString('base64url');
  return signed({ typ: 'dpop+jwt', alg: 'ES256', jwk }, { jti, htm: 'POST', htu: url, iat: seconds() }, privateKey);
}

/** RFC 7636 §4.2. */
export function pkceChallenge(): string {
  return createHash('sha256').update(randomBytes(32).toString('base64url')).digest('base64url');
}
