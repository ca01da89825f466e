import { type AuthorizationDetail, type Collection, type Context, collection } from '../kernel/index.ts';
import type { RevokedAccess } from '../resources/access-revocation/index.ts';
import type { ProvenMethod } from '../transactions/index.ts';

/**
 * An authorization code and all that the token endpoint must know of the login behind it. It is kept, marked as redeemed, until it
 * expires, so that a second use is seen and what the first one produced can be revoked (RFC 6749 §4.1.2).
 */
export interface AuthorizationCode {
  /** SHA-256 of the code. */
  readonly id: string;
  readonly client_id: string;
  readonly redirect_uri: string;
  /** Was it in the authorization request? Then the token request must repeat it (RFC 6749 §4.1.3). */
  readonly redirect_uri_given: boolean;
  readonly user_id: string;
  /** Granted. */
  readonly scope: readonly string[];
  /** Asked for: the token answer tells where the two differ. */
  readonly requested_scope: readonly string[];
  readonly audience?: string;
  readonly nonce?: string;
  readonly code_challenge?: string;
  readonly code_challenge_method?: 'S256' | 'plain';
  /** RFC 9396: granted besides the scopes. */
  readonly authorization_details?: readonly AuthorizationDetail[];
  /** RFC 9449 §10: the key that the token request must prove to have. */
  readonly dpop_jkt?: string;
  /** The connection that the user came by. */
  readonly connection?: string;
  /** The organization that the user logged in to. */
  readonly organization_id?: string;
  /** The authentication context that the ID token names. */
  readonly acr?: string;
  /** The device's name, of a login of before OpenID Connect. */
  readonly device?: string;
  readonly session_id: string;
  /** Who acts for the user. */
  readonly actor?: Readonly<Record<string, unknown>>;
  /** The family of the refresh token that the login was handed over from. */
  readonly transferred_from?: string;
  /** Seconds: when the user proved who they are. */
  readonly auth_time: number;
  /** `max_age` or `prompt=login` was asked: the ID token must say `auth_time`. */
  readonly auth_time_requested: boolean;
  /** What was proved in this login; empty when the session alone was enough. */
  readonly methods: readonly ProvenMethod[];
  /** ms */
  readonly created_at: number;
  /** ms */
  readonly expires_at: number;
  /** ms */
  readonly redeemed_at?: number;
  /** The refresh token family that the first redemption began. */
  readonly family_id?: string;
}

export const authorizationCodesCollection = collection<AuthorizationCode>({
  name: 'authorization_codes',
  key: 'id',
  index: { user_id: 'text' },
  expires: 'expires_at',
});

export function authorizationCodesOf(ctx: Context): Collection<AuthorizationCode> {
  return ctx.store.collection(authorizationCodesCollection);
}

/** Forgets the codes of a user, or of one session of theirs: what was not redeemed yet will not be. */
export async function forgetAuthorizationCodes(ctx: Context, revoked: RevokedAccess): Promise<void> {
  const { user_id, session_id } = revoked;
  const codes = await authorizationCodesOf(ctx).list({ where: { user_id } });
  for (const code of codes)
    if (session_id === undefined || code.session_id === session_id) await authorizationCodesOf(ctx).delete(code.id);
}
