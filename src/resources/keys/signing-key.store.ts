import { type Collection, type Context, collection } from '../../kernel/index.ts';

/** A signing key of the tenant. Three live at any time: next, current, previous. */
export interface SigningKey {
  readonly kid: string;
  readonly state: 'next' | 'current' | 'previous' | 'revoked';
  /** PKCS8 PEM, sealed. */
  readonly private_key_sealed: string;
  readonly public_jwk: Readonly<Record<string, unknown>>;
  readonly cert: string;
  readonly pkcs7: string;
  readonly fingerprint: string;
  readonly thumbprint: string;
  readonly created_at: string;
  readonly current_since?: string;
  readonly current_until?: string;
  readonly revoked_at?: string;
}

export const signingKeysCollection = collection<SigningKey>({
  name: 'signing_keys',
  key: 'kid',
  index: { state: 'text', created_at: 'text' },
  cached: true,
});

export function signingKeysOf(ctx: Context): Collection<SigningKey> {
  return ctx.store.collection(signingKeysCollection);
}
