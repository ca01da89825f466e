import { type Collection, type Context, collection } from '../../kernel/index.ts';
import { hashToken } from '../../platform/crypto/index.ts';

/** Somebody on their way to an identity provider: what was asked there, against which the answer is checked. Good for one answer. */
export interface UpstreamLogin {
  /** SHA-256 of the `state` that went along. */
  readonly id: string;
  /** Whose answer it must be: an answer never chooses its connection (mix-up, RFC 9700 §4.4). */
  readonly connection_id: string;
  /** The login that this belongs to: the `state` of its pages, sealed. The browser that began it is noted there. */
  readonly transaction_sealed: string;
  readonly redirect_uri: string;
  readonly nonce?: string;
  readonly code_verifier_sealed?: string;
  /** Seconds: what was asked for. */
  readonly max_age?: number;
  /** ms */
  readonly expires_at: number;
}

export const upstreamLoginsCollection = collection<UpstreamLogin>({
  name: 'upstream_logins',
  key: 'id',
  index: { connection_id: 'text' },
  expires: 'expires_at',
});

export function upstreamLoginsOf(ctx: Context): Collection<UpstreamLogin> {
  return ctx.store.collection(upstreamLoginsCollection);
}

/** The departure that `state` belongs to, or undefined. */
export async function findUpstreamLogin(ctx: Context, state: string): Promise<UpstreamLogin | undefined> {
  const found = await upstreamLoginsOf(ctx).get(hashToken(state));
  return found && found.expires_at > ctx.clock.now() ? found : undefined;
}

/** Uses a departure up: of all answers that come with its state, one gets true. */
export async function takeUpstreamLogin(ctx: Context, { id }: UpstreamLogin): Promise<boolean> {
  return (await upstreamLoginsOf(ctx).take(id)) !== undefined;
}

const contextOf = (ctx: Context, id: string, member: string) => `${ctx.tenant.id}:upstream_logins:${id}:${member}`;

/** A text that only the departure `id` can be opened with. */
export function sealFor(ctx: Context, id: string, member: string, value: string): string {
  return ctx.sealer.seal(value, contextOf(ctx, id, member));
}

/** The `state` of the pages of the login behind a departure. */
export function transactionHandle(ctx: Context, { id, transaction_sealed }: UpstreamLogin): string {
  return ctx.sealer.open(transaction_sealed, contextOf(ctx, id, 'transaction'));
}

/** RFC 7636 §4.1, where a challenge was sent. */
export function codeVerifier(ctx: Context, { id, code_verifier_sealed }: UpstreamLogin): string | undefined {
  return code_verifier_sealed && ctx.sealer.open(code_verifier_sealed, contextOf(ctx, id, 'code_verifier'));
}
