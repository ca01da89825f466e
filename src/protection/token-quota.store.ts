import { type Collection, type Context, collection } from '../kernel/index.ts';

/** How many tokens were issued to somebody in one hour or one day. */
export interface TokenUsage {
  /** Hash of who, and which window. */
  readonly id: string;
  readonly used: number;
  /** ms: the end of the window. */
  readonly expires_at: number;
}

export const tokenUsageCollection = collection<TokenUsage>({
  name: 'token_usage',
  key: 'id',
  expires: 'expires_at',
});

export function tokenUsageOf(ctx: Context): Collection<TokenUsage> {
  return ctx.store.collection(tokenUsageCollection);
}
