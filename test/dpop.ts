/** A client with a DPoP key, which can also make every kind of wrong proof. */
import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import type { MovableClock } from '../src/kernel/index.ts';
import { jwkThumbprint } from '../src/platform/crypto/index.ts';

export interface ProofOptions {
  readonly method?: string;
  readonly nonce?: string;
  /** The access token that it comes with. */
  readonly token?: string;
  /** Laid over the claims; undefined takes one out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Laid over the header. */
  readonly header?: Readonly<Record<string, unknown>>;
  /** Signs in place of the key in the header. */
  readonly signedBy?: KeyObject;
}

export interface Prover {
  readonly jkt: string;
  readonly jwk: Readonly<Record<string, unknown>>;
  readonly privateKey: KeyObject;
  /** A new proof for `POST url`, unless `options` say otherwise. */
  proof(url: string, options?: ProofOptions): string;
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function createProver(clock: Pick<MovableClock, 'now'>): Prover {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' }) as Record<string, unknown>;
  const proof = (url: string, { method = 'POST', nonce, token, claims, header, signedBy }: ProofOptions = {}) => {
    const ath = token === undefined ? undefined : createHash('sha256').update(token).digest('base64url');
    const iat = Math.floor(clock.now() / 1000);
    const payload = { jti: randomUUID(), htm: method, htu: url, iat, nonce, ath, ...claims };
    const input = `${encode({ alg: 'ES256', typ: 'dpop+jwt', jwk, ...header })}.${encode(payload)}`;
    const key = signedBy ?? privateKey;
    return `${input}.${sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
  return { jkt: jwkThumbprint(jwk), jwk, privateKey, proof };
}
