import type { Context, Reply } from '../../kernel/index.ts';
import { type Cookies, type LoginDraft, type Refusal, silentRefusal } from '../../transactions/index.ts';
import type { Login } from './login.ts';
import { beginOnPage } from './show-step.ts';

/** How a login that has just begun may end at once. */
interface Ends {
  readonly complete: () => Promise<Reply>;
  readonly refuse: (refusal: Refusal) => Promise<Reply>;
}

/** Ends the login at once where nothing is left to ask, or nothing may be asked; else leads to its first page. */
export async function answerOrShow(
  ctx: Context,
  login: Login<LoginDraft>,
  ends: Ends,
  cookies: Cookies,
): Promise<Reply> {
  const { step, transaction } = login;
  if (step === 'issue') return ends.complete();
  const isSilent = transaction.request.prompt.includes('none');
  const refusal = step === 'refuse' ? transaction.refusal : isSilent ? silentRefusal(step) : undefined;
  if (refusal) return ends.refuse(refusal);
  return beginOnPage(ctx, login, step as Exclude<typeof step, 'refuse'>, cookies);
}
