import { type Context, isoTime, type Reply, type SetCookie } from '../../../kernel/index.ts';
import { issueRecoveryCode, type Proof } from '../../../mfa/index.ts';
import { rememberBrowser } from '../../../resources/sessions/index.ts';
import type { User } from '../../../resources/users/index.ts';
import {
  type AnyTransaction,
  advanceTransaction,
  type ProvenMethod,
  requireStanding,
  type SecondFactor,
  type Transaction,
} from '../../../transactions/index.ts';
import { proceed, type Visit } from '../../step.ts';
import { requireSameUser, sealFor } from './pending.ts';
import { mayRemember } from './subject.ts';
import { spendEnrollmentTicket } from './ticket.ts';

const pageMethod = ({ method }: Proof) => (method === 'totp' ? 'otp' : method);

const provenBy = (ctx: Context, proof: Proof): ProvenMethod => ({
  name: 'mfa',
  type: pageMethod(proof),
  timestamp: isoTime(ctx.clock),
});

/** Uses up the proof of a factor that the user has, and goes on. A used recovery code's successor is shown next. */
export async function finishChallenge(
  ctx: Context,
  visit: Visit<Transaction>,
  proof: Proof,
  { remember }: { remember: boolean },
): Promise<Reply> {
  const { transaction } = visit;
  const successor = proof.recovery_code;
  const second_factor: SecondFactor | undefined =
    successor === undefined ? undefined : waitingCode(ctx, transaction, successor, 'used');
  let cookies: SetCookie[] = [];
  await ctx.store.transaction(async () => {
    await proof.consume();
    await advanceTransaction(ctx, transaction, (stored) => {
      requireSameUser(stored, transaction);
      return { ...stored, interactive: true, methods: [...stored.methods, provenBy(ctx, proof)], second_factor };
    });
    if (remember && mayRemember(ctx, transaction)) cookies = await rememberBrowser(ctx, transaction.user_id ?? '');
  });
  return proceed(visit, cookies);
}

/** Uses up the first proof of a new factor: it is confirmed, counts for this login, and brings the recovery code to show. */
export async function finishEnrollment(ctx: Context, visit: Visit, user: User, proof: Proof): Promise<Reply> {
  const { transaction } = visit;
  await ctx.store.transaction(async () => {
    await proof.consume();
    await requireStanding(ctx, transaction);
    if (transaction.kind === 'enrollment') await spendEnrollmentTicket(ctx, transaction);
    const code = await issueRecoveryCode(ctx, user);
    const second_factor = code === undefined ? undefined : waitingCode(ctx, transaction, code, 'enrolled');
    await advanceTransaction(ctx, transaction, (stored): AnyTransaction => {
      requireSameUser(stored, transaction);
      const done = { interactive: true, methods: [...stored.methods, provenBy(ctx, proof)], second_factor };
      return stored.kind === 'login' ? { ...stored, ...done } : { ...stored, ...done, enrolled: pageMethod(proof) };
    });
  });
  return proceed(visit);
}

function waitingCode(
  ctx: Context,
  transaction: AnyTransaction,
  code: string,
  reason: NonNullable<SecondFactor['recovery_code_reason']>,
): SecondFactor {
  const recovery_code_sealed = sealFor(ctx, transaction, 'recovery_code', code);
  return { recovery_code_sealed, recovery_code_reason: reason };
}
