import type { Context, Endpoint, Reply } from '../../../kernel/index.ts';
import { type MethodKind, type Proof, verifyOtp, verifyRecoveryCode } from '../../../mfa/index.ts';
import {
  type ErrorName,
  type MfaOtpChallengeView,
  renderMfaOtpChallenge,
  renderMfaRecoveryCodeChallenge,
} from '../../../pages/index.ts';
import type { User } from '../../../resources/users/index.ts';
import type { Transaction } from '../../../transactions/index.ts';
import { again, step } from '../../step.ts';
import { challengeOffers, findChallenged, leaveFor } from './challenge.ts';
import { finishChallenge } from './finish.ts';
import { mistakesOf } from './mistakes.ts';
import { acceptChallenge } from './subject.ts';

interface CodeChallenge {
  readonly kind: MethodKind;
  readonly path: string;
  readonly name: string;
  readonly summary: string;
  readonly empty: ErrorName;
  readonly render: (view: MfaOtpChallengeView) => string;
  readonly verify: (ctx: Context, attempt: { user: User; client_id: string }, code: string) => Promise<Proof>;
}

/** A page that asks for a code that the user has already: of an app, or a recovery code. */
function codeChallenge(declaration: CodeChallenge): readonly Endpoint[] {
  const { kind, path, name, summary, render } = declaration;
  return step<Transaction>({
    path,
    name,
    summary,
    fields: ['code', 'rememberBrowser'],
    accept: acceptChallenge,
    async show(ctx, visit) {
      const found = await findChallenged(ctx, visit, kind);
      if ('status' in found) return found;
      return render({ ...visit.view, ...challengeOffers(ctx, visit, found) });
    },
    async submit(ctx, visit, form): Promise<Reply> {
      const found = await findChallenged(ctx, visit, kind);
      if ('status' in found) return found;
      const leaving = leaveFor(visit, form.action);
      if (leaving) return leaving;
      const offers = challengeOffers(ctx, visit, found, form);
      const redraw = (view: typeof visit.view) => render({ ...view, ...offers });
      const code = form.code ?? '';
      if (code.trim() === '') return again(visit, { code: declaration.empty }, redraw);
      try {
        const { client_id } = visit.transaction.request;
        const proof = await declaration.verify(ctx, { user: found.user, client_id }, code);
        return await finishChallenge(ctx, visit, proof, { remember: form.rememberBrowser === 'true' });
      } catch (error) {
        return again(visit, mistakesOf(error), redraw);
      }
    },
  });
}

/** Challenges by something that the user holds. */
export const codeChallenges: readonly Endpoint[] = [
  ...codeChallenge({
    kind: 'totp',
    path: '/u/mfa-otp-challenge',
    name: 'mfaOtpChallenge',
    summary: 'the code that an authenticator app shows.',
    empty: 'no-code',
    render: renderMfaOtpChallenge,
    verify: (ctx, attempt, otp) => verifyOtp(ctx, { ...attempt, accepts: ['challenge'], otp }),
  }),
  ...codeChallenge({
    kind: 'recovery-code',
    path: '/u/mfa-recovery-code-challenge',
    name: 'mfaRecoveryCodeChallenge',
    summary: 'the recovery code.',
    empty: 'no-recovery-code',
    render: renderMfaRecoveryCodeChallenge,
    verify: (ctx, attempt, code) => verifyRecoveryCode(ctx, { ...attempt, code }),
  }),
];
