import type { Context, Endpoint, Reply } from '../../../kernel/index.ts';
import { verifyOob } from '../../../mfa/index.ts';
import { type FormView, pageActions } from '../../../pages/index.ts';
import type { Transaction } from '../../../transactions/index.ts';
import { again, type Form, page, step, type Visit } from '../../step.ts';
import { type Challenged, challengeOffers, findChallenged, isSent, leaveFor, sendChallenge } from './challenge.ts';
import { finishChallenge } from './finish.ts';
import { mistakesOf } from './mistakes.ts';
import { oobCodeOf } from './pending.ts';
import { acceptChallenge } from './subject.ts';

/** What the page shows besides what every form has. */
export type SentCodeFacts = ReturnType<typeof challengeOffers> & {
  to: string;
  isResent?: boolean;
  /** May the other phone channel be used instead? */
  canSwitch: boolean;
};

export interface SentCodeChallenge {
  readonly kind: 'sms' | 'voice' | 'email';
  readonly path: string;
  readonly name: string;
  readonly summary: string;
  readonly render: (view: FormView, facts: SentCodeFacts) => string;
}

/** A page that sends a code to the user and asks for it. Opening it sends; opening it again does not. */
export function sentCodeChallenge(declaration: SentCodeChallenge): readonly Endpoint[] {
  const { kind, path, name, summary } = declaration;
  const find = (ctx: Context, visit: Visit<Transaction>) => findChallenged(ctx, visit, kind);
  return step<Transaction>({
    path,
    name,
    summary,
    fields: ['code', 'rememberBrowser'],
    accept: acceptChallenge,
    async show(ctx, visit) {
      const found = await find(ctx, visit);
      if ('status' in found) return found;
      if (isSent(visit, found)) return draw(ctx, declaration, visit, found)(visit.view);
      return send(ctx, declaration, visit, found, false);
    },
    async submit(ctx, visit, form) {
      const found = await find(ctx, visit);
      if ('status' in found) return found;
      const leaving = leaveFor(visit, form.action);
      if (leaving) return leaving;
      if (form.action === pageActions.resend) return send(ctx, declaration, visit, found, true);
      return prove(ctx, declaration, visit, found, form);
    },
  });
}

function draw(
  ctx: Context,
  { kind, render }: SentCodeChallenge,
  visit: Visit<Transaction>,
  found: Challenged,
  more: { form?: Form; isResent?: boolean } = {},
): (view: FormView) => string {
  const { id } = found.method.authenticator;
  const other = kind === 'sms' ? 'voice' : 'sms';
  const canSwitch = kind !== 'email' && found.others.some((one) => one.kind === other && one.authenticator.id === id);
  const to = visit.transaction.second_factor?.challenge?.to ?? '';
  const facts = { ...challengeOffers(ctx, visit, found, more.form), to, canSwitch, isResent: more.isResent === true };
  return (view) => render(view, facts);
}

async function send(
  ctx: Context,
  declaration: SentCodeChallenge,
  visit: Visit<Transaction>,
  found: Challenged,
  isResent: boolean,
): Promise<Reply> {
  try {
    const sent = await sendChallenge(ctx, visit, found);
    return page(visit, 200, draw(ctx, declaration, sent, found, { isResent })(visit.view));
  } catch (error) {
    return again(visit, mistakesOf(error), draw(ctx, declaration, visit, found));
  }
}

async function prove(
  ctx: Context,
  declaration: SentCodeChallenge,
  visit: Visit<Transaction>,
  found: Challenged,
  form: Form,
): Promise<Reply> {
  const { user } = found;
  const redraw = draw(ctx, declaration, visit, found, { form });
  const oob_code = oobCodeOf(ctx, visit.transaction, visit.transaction.second_factor?.challenge);
  if (form.code === '') return again(visit, { code: 'no-code' }, redraw);
  if (oob_code === undefined) return again(visit, { code: 'expired-code' }, redraw);
  try {
    const attempt = { user, client_id: visit.transaction.request.client_id, accepts: ['challenge'] as const };
    const proof = await verifyOob(ctx, { ...attempt, oob_code, binding_code: form.code });
    return await finishChallenge(ctx, visit, proof, { remember: form.rememberBrowser === 'true' });
  } catch (error) {
    return again(visit, mistakesOf(error), redraw);
  }
}
