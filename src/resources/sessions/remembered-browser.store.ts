import { type Collection, type Context, collection } from '../../kernel/index.ts';

/** A browser in which a user proved a second factor and asked not to be asked again for a while. */
export interface RememberedBrowser {
  /** SHA-256 of the cookie's value. */
  readonly id: string;
  readonly user_id: string;
  /** ms */
  readonly created_at: number;
  /** ms */
  readonly last_used_at: number;
  /** ms */
  readonly expires_at: number;
}

export const rememberedBrowsersCollection = collection<RememberedBrowser>({
  name: 'remembered_browsers',
  key: 'id',
  index: { user_id: 'text' },
  expires: 'expires_at',
});

export function rememberedBrowsersOf(ctx: Context): Collection<RememberedBrowser> {
  return ctx.store.collection(rememberedBrowsersCollection);
}
