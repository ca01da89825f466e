import { type AuthorizationDetail, type Collection, type Context, collection } from '../../kernel/index.ts';
import type { RevokedAccess } from '../../resources/access-revocation/index.ts';
import type { ProvenMethod } from '../../transactions/index.ts';

/**
 * A request for tokens that its user decides on elsewhere, while the client asks again and again whether they have: RFC 8628, OpenID
 * CIBA. Taken when the tokens are issued.
 */
export interface DeferredAuthorization {
  /** SHA-256 of what the client asks with: `device_code`, `auth_req_id`. */
  readonly id: string;
  readonly kind: 'device' | 'ciba';
  readonly client_id: string;
  /** Asked for. */
  readonly scope: readonly string[];
  readonly audience?: string;
  readonly authorization_details?: readonly AuthorizationDetail[];
  /** device: keyed digest of the code that the user types. */
  readonly user_code_digest?: string;
  /** ciba: who is asked. Whoever decides must be them. */
  readonly user_id?: string;
  /** ciba: what both devices show. */
  readonly binding_message?: string;
  /** ciba, by e-mail: SHA-256 of what the link carries. */
  readonly link_hash?: string;
  /** ciba, by push: the notification that the app answers. */
  readonly challenge_id?: string;
  /** Seconds that must pass between two questions of the client. */
  readonly interval: number;
  /** ms: when it asked last. */
  readonly polled_at?: number;
  readonly approval?: Approval;
  /** Why it was refused, in words for the client. */
  readonly denial?: string;
  /** ms */
  readonly created_at: number;
  /** ms: nobody can decide, and nothing is issued, from then on. */
  readonly expires_at: number;
  /** ms: until then the client is told that it came too late. */
  readonly forgotten_at: number;
}

/** What the login of the user who agreed came to. */
export interface Approval {
  readonly user_id: string;
  /** Of what was asked for, what the user may have. */
  readonly scope: readonly string[];
  /** Absent where no browser took part. */
  readonly session_id?: string;
  /** The refresh token family that the session was handed over from: what is issued ends with it. */
  readonly transferred_from?: string;
  readonly connection?: string;
  /** The organization that they logged in to. */
  readonly organization_id?: string;
  /** Seconds: when the user proved who they are. */
  readonly auth_time: number;
  /** What was proved in that login; empty when the session alone was enough. */
  readonly methods: readonly ProvenMethod[];
  /** ms */
  readonly approved_at: number;
}

export const deferredAuthorizationsCollection = collection<DeferredAuthorization>({
  name: 'deferred_authorizations',
  key: 'id',
  index: { user_code_digest: 'text', link_hash: 'text', user_id: 'text' },
  unique: [['user_code_digest'], ['link_hash']],
  expires: 'forgotten_at',
});

export function deferredAuthorizationsOf(ctx: Context): Collection<DeferredAuthorization> {
  return ctx.store.collection(deferredAuthorizationsCollection);
}

/** Nobody is asked in the name of a user who is gone. What they approved is worth nothing without them. */
export async function forgetDeferredAuthorizationsOf(ctx: Context, userId: string): Promise<void> {
  await deferredAuthorizationsOf(ctx).deleteWhere({ user_id: userId });
}

/** Ends what a user, or one session of theirs, approved, and what the user is still asked. */
export async function forgetApprovals(ctx: Context, { user_id, session_id }: RevokedAccess): Promise<void> {
  if (session_id === undefined) return forgetDeferredAuthorizationsOf(ctx, user_id);
  for (const { id, approval } of await deferredAuthorizationsOf(ctx).list({ where: { user_id } }))
    if (approval?.session_id === session_id) await deferredAuthorizationsOf(ctx).delete(id);
}
