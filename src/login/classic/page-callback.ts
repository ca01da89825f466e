import { type Context, type Reply, redirect } from '../../kernel/index.ts';
import {
  type Cookies,
  findLoginTicket,
  type LoginTicket,
  lostTransaction,
  proveFirstFactor,
  RESUME,
  requireTransaction,
  spendLoginTicket,
} from '../../transactions/index.ts';
import { pagePath } from '../step.ts';

/** What the form of `/usernamepassword/login` posts to `/login/callback`. */
export interface PageAnswer {
  readonly wresult?: string | undefined;
  readonly wctx?: string | undefined;
}

/**
 * Takes up what was proved on a classic login page: once, in the login and the browser that it was proved for.
 *
 * @throws WireError (page, 400) for a ticket that belongs elsewhere, was used or has expired
 */
export async function takePageAnswer(
  ctx: Context,
  { wresult = '', wctx = '' }: PageAnswer,
  cookies: Cookies,
): Promise<Reply> {
  const state = stateIn(wctx);
  const transaction = await requireTransaction(ctx, state, cookies);
  const ticket = await findLoginTicket(ctx, wresult);
  if (ticket?.bound_to.kind !== 'login' || ticket.bound_to.transaction_id !== transaction.id)
    throw lostTransaction('unknown ticket of a login page');
  await ctx.store.transaction(async () => {
    if (!(await spendLoginTicket(ctx, ticket))) throw lostTransaction('its ticket was used meanwhile');
    await proveFirstFactor(ctx, transaction, firstProof(ticket));
  });
  return redirect(pagePath(RESUME, state));
}

function stateIn(wctx: string): string {
  try {
    const { state } = JSON.parse(wctx) as { state?: unknown };
    return typeof state === 'string' ? state : '';
  } catch {
    return '';
  }
}

/** The first factor that `ticket` stands for, proved when it was issued. */
export function firstProof({ user_id: userId, connection, methods }: LoginTicket) {
  const [first] = methods;
  if (!first) throw new Error('a login ticket proves nothing');
  const { name, timestamp } = first;
  return { userId, connection, name, interactive: true, timestamp };
}
