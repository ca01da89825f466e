import type { Context, Reply, SetCookie } from '../../../kernel/index.ts';
import { type Cookies, type LoginDraft, startTransaction } from '../../../transactions/index.ts';
import { resume } from '../resume.endpoint.ts';

/** What a login begins with that comes with its first factor. */
export interface Entry {
  readonly draft: LoginDraft;
  /** Uses up what proved the factor; throws where somebody else was faster. */
  readonly consume: () => Promise<void>;
  /** To be set on the answer besides. */
  readonly cookies?: readonly SetCookie[];
}

/** Begins a login whose first factor is proved already, using up what proved it, and goes on with that at once. */
export async function enterLogin(ctx: Context, { draft, consume, cookies = [] }: Entry, sent: Cookies): Promise<Reply> {
  const started = await ctx.store.transaction(async () => {
    await consume();
    return startTransaction(ctx, draft, sent);
  });
  const set = Object.fromEntries(started.cookies.map((cookie) => [cookie.name, cookie.value]));
  const reply = await resume(ctx, started.state, { ...sent, ...set });
  return { ...reply, cookies: [...started.cookies, ...cookies, ...(reply.cookies ?? [])] };
}
