import { type Collection, type Context, collection } from '../../kernel/index.ts';

export type AuthenticatorType = 'otp' | 'phone' | 'email' | 'push' | 'recovery-code';

/**
 * One second factor of one user. `phone` serves sms and voice, `push` serves notifications and its twin one-time password:
 * the wire shows several ids (`sms|dev_X`, `voice|dev_X`), stored is one document `dev_X`.
 */
export interface Authenticator {
  /** `dev_` + 16 */
  readonly id: string;
  readonly user_id: string;
  readonly type: AuthenticatorType;
  /** False until its first code was confirmed; unconfirmed ones can't be challenged and expire. */
  readonly confirmed: boolean;
  readonly created_at: string;
  readonly enrolled_at?: string;
  readonly last_auth_at?: string;
  /** ms; only while unconfirmed. */
  readonly expires_at?: number;
  readonly name?: string;
  readonly phone_number?: string;
  readonly preferred_authentication_method?: 'sms' | 'voice';
  readonly email?: string;
  /** otp and push: base32 secret, sealed. */
  readonly secret_sealed?: string;
  /** otp and push: the last time step that was accepted. */
  readonly last_step?: number;
  /** recovery-code: keyed digest of the code. */
  readonly code_digest?: string;
  /** recovery-code, while unconfirmed: the factor that it was told with, and is confirmed with. */
  readonly comes_with?: string;
  /** push: what the Guardian app registered (public key, gateway token, device name …). */
  readonly device?: Readonly<Record<string, unknown>>;
}

export const authenticatorsCollection = collection<Authenticator>({
  name: 'authenticators',
  key: 'id',
  index: { user_id: 'text', type: 'text', created_at: 'text' },
  expires: 'expires_at',
});

export function authenticatorsOf(ctx: Context): Collection<Authenticator> {
  return ctx.store.collection(authenticatorsCollection);
}

/** The second factors of `userId`, oldest first; unconfirmed ones that expired are left out. */
export async function listAuthenticators(ctx: Context, userId: string): Promise<Authenticator[]> {
  const all = await authenticatorsOf(ctx).list({ where: { user_id: userId }, orderBy: 'created_at' });
  return all.filter((one) => one.confirmed || one.expires_at === undefined || one.expires_at > ctx.clock.now());
}
