import { type Context, Failure, type Reply } from '../../../kernel/index.ts';
import { verifyOob } from '../../../mfa/index.ts';
import { type FormView, pageActions, renderMfaPushChallenge } from '../../../pages/index.ts';
import type { Transaction } from '../../../transactions/index.ts';
import { again, type Form, type Mistakes, page, step, type Visit } from '../../step.ts';
import { type Challenged, challengeOffers, findChallenged, isSent, leaveFor, sendChallenge } from './challenge.ts';
import { finishChallenge } from './finish.ts';
import { mistakesOf } from './mistakes.ts';
import { noteSecondFactor, oobCodeOf } from './pending.ts';
import { acceptChallenge } from './subject.ts';

const ASK_AGAIN_SECONDS = 5;

export const pushChallengeStep = step<Transaction>({
  path: '/u/mfa-push-challenge-push',
  name: 'mfaPushChallenge',
  summary: 'waits for the answer to a push notification.',
  fields: ['rememberBrowser'],
  accept: acceptChallenge,
  async show(ctx, visit) {
    const found = await findChallenged(ctx, visit, 'push');
    if ('status' in found) return found;
    return isSent(visit, found) ? draw(ctx, visit, found)(visit.view) : send(ctx, visit, found, false);
  },
  async submit(ctx, visit, form) {
    const found = await findChallenged(ctx, visit, 'push');
    if ('status' in found) return found;
    const leaving = leaveFor(visit, form.action);
    if (leaving) return leaving;
    if (form.action === pageActions.resend) return send(ctx, visit, found, true);
    return poll(ctx, visit, found, form);
  },
});

function draw(
  ctx: Context,
  visit: Visit<Transaction>,
  found: Challenged,
  more: { form?: Form; isResent?: boolean; isOver?: boolean } = {},
): (view: FormView) => string {
  const offers = challengeOffers(ctx, visit, found, more.form);
  const canEnterCode = found.others.some(({ kind }) => kind === 'totp');
  const to = found.method.authenticator.name;
  const askAgainSeconds = more.isOver ? undefined : ASK_AGAIN_SECONDS;
  return (view) =>
    renderMfaPushChallenge({ ...view, ...offers, to, canEnterCode, isResent: more.isResent, askAgainSeconds });
}

async function send(ctx: Context, visit: Visit<Transaction>, found: Challenged, isResent: boolean): Promise<Reply> {
  try {
    const sent = await sendChallenge(ctx, visit, found);
    return page(visit, 200, draw(ctx, sent, found, { isResent })(visit.view));
  } catch (error) {
    return again(visit, mistakesOf(error), draw(ctx, visit, found, { isOver: true }));
  }
}

async function poll(ctx: Context, visit: Visit<Transaction>, found: Challenged, form: Form): Promise<Reply> {
  const { transaction } = visit;
  const oob_code = oobCodeOf(ctx, transaction, transaction.second_factor?.challenge);
  if (oob_code === undefined)
    return again(visit, { form: 'push-expired' }, draw(ctx, visit, found, { form, isOver: true }));
  try {
    const attempt = { user: found.user, client_id: transaction.request.client_id, accepts: ['challenge'] as const };
    const proof = await verifyOob(ctx, { ...attempt, oob_code });
    return await finishChallenge(ctx, visit, proof, { remember: form.rememberBrowser === 'true' });
  } catch (error) {
    if (isWaiting(error)) return again(visit, { form: 'push-not-answered' }, draw(ctx, visit, found, { form }), 200);
    const mistakes = endOf(error);
    // The notification is spent: opening the page again sends a new one.
    await noteSecondFactor(ctx, transaction, (before) => ({ ...before, challenge: undefined }));
    return again(visit, mistakes, draw(ctx, visit, found, { form, isOver: true }));
  }
}

function isWaiting(error: unknown): boolean {
  return error instanceof Failure && (error.code === 'authorization_pending' || error.code === 'polling_too_fast');
}

function endOf(error: unknown): Mistakes {
  if (error instanceof Failure && error.code === 'authorization_rejected') return { form: 'push-rejected' };
  if (error instanceof Failure && error.code === 'unknown_oob_code') return { form: 'push-expired' };
  return mistakesOf(error);
}
