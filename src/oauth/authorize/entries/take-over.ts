import { type Context, type Reply, redirect } from '../../../kernel/index.ts';
import { type Cookies, type LoginDraft, RESUME, startTransaction } from '../../../transactions/index.ts';
import { sessionTransferTokensOf } from '../../session-transfer/session-transfer-token.store.ts';
import type { Login } from '../login.ts';
import { warn } from './transferred-login.ts';

/**
 * Begins a login that was handed over: the token is used up and the login stored, together; what it still needs is decided where every
 * login goes on, so that its session is only begun once everything is proved. Undefined, with a `w` in
 * the log: somebody was faster with the token.
 */
export async function takeOver(
  ctx: Context,
  tokenId: string,
  { transaction, client }: Login<LoginDraft>,
  cookies: Cookies,
): Promise<Reply | undefined> {
  const started = await ctx.store.transaction(async () => {
    const taken = await sessionTransferTokensOf(ctx).take(tokenId);
    return taken && startTransaction(ctx, transaction, cookies);
  });
  if (!started) warn(ctx, client, 'unknown');
  return started && redirect(`${RESUME}?state=${encodeURIComponent(started.state)}`, { cookies: started.cookies });
}
