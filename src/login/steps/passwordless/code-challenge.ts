import { type Context, type Endpoint, Failure, isFailure, type Reply } from '../../../kernel/index.ts';
import { type FormView, type LoginPasswordlessCodeView, pageActions } from '../../../pages/index.ts';
import { presentFailure } from '../../../platform/http/index.ts';
import { type Connection, type PasswordlessStrategy, passwordlessRules } from '../../../resources/connections/index.ts';
import { type PasswordlessAttempt, verifyPasswordlessCode } from '../../../strategies/index.ts';
import { IDENTIFIER_LOGIN, proveFirstFactor, type Transaction } from '../../../transactions/index.ts';
import { acceptLogin } from '../../accept.ts';
import { refuseBlocked } from '../../refuse-blocked.ts';
import { again, goTo, page, proceed, step, type Visit } from '../../step.ts';
import { CODE_PATHS, mistakesOf, sendCode, sentThrough } from './send-code.ts';

export interface CodeChallenge {
  readonly strategy: PasswordlessStrategy;
  readonly name: string;
  readonly summary: string;
  readonly render: (view: LoginPasswordlessCodeView) => string;
}

/** The page that asks for the code of a message. Opening it sends nothing. */
export function codeChallenge({ strategy, name, summary, render }: CodeChallenge): readonly Endpoint[] {
  const draw = ({ transaction }: Visit<Transaction>, connection: Connection, isResent = false) => {
    const facts = { to: transaction.passwordless?.recipient ?? '', isResent };
    return (view: FormView) => render({ ...view, ...facts, codeLength: passwordlessRules(connection).codeLength });
  };
  return step<Transaction>({
    path: CODE_PATHS[strategy],
    name,
    summary,
    fields: ['code'],
    accept: (_ctx, transaction) => acceptLogin(transaction),
    async show(ctx, visit) {
      const connection = await sentThrough(ctx, visit.transaction);
      if (connection?.strategy !== strategy) return goTo(visit, IDENTIFIER_LOGIN);
      return draw(visit, connection)(visit.view);
    },
    async submit(ctx, visit, { code = '', action }) {
      const connection = await sentThrough(ctx, visit.transaction);
      if (connection?.strategy !== strategy || action === pageActions.back) return goTo(visit, IDENTIFIER_LOGIN);
      const redraw = draw(visit, connection);
      if (action === pageActions.resend) return resend(ctx, visit, connection, draw(visit, connection, true));
      if (code.trim() === '') return again(visit, { code: 'no-code' }, redraw);
      return prove(ctx, visit, { connection, code }, redraw);
    },
  });
}

type Draw = (view: FormView) => string;

async function resend(ctx: Context, visit: Visit<Transaction>, connection: Connection, draw: Draw): Promise<Reply> {
  const { transaction } = visit;
  const mistakes = await sendCode(ctx, transaction, connection, transaction.passwordless?.recipient ?? '');
  return mistakes ? again(visit, mistakes, draw) : page(visit, 200, draw(visit.view));
}

/** The code and the step forward are one: a code that is used up has led somewhere. */
async function prove(
  ctx: Context,
  visit: Visit<Transaction>,
  { connection, code }: { readonly connection: Connection; readonly code: string },
  draw: Draw,
): Promise<Reply> {
  const { transaction } = visit;
  const { request, passwordless } = transaction;
  const client = { client_id: request.client_id };
  const attempt = { connection, recipient: passwordless?.recipient ?? '', code, client };
  try {
    const proof = await verifyPasswordlessCode(ctx, attempt);
    const name = connection.strategy === 'sms' ? 'sms' : 'email';
    const proved = { userId: proof.user.user_id, connection: connection.name, name, interactive: true } as const;
    await ctx.store.transaction(async () => {
      await proof.consume();
      await proveFirstFactor(ctx, transaction, proved);
    });
    return proceed(visit);
  } catch (error) {
    if (isFailure(error, 'user_blocked')) return refuseBlocked(ctx, visit);
    const mistakes = mistakesOf(error);
    auditWrong(ctx, attempt, error);
    return again(visit, mistakes, draw);
  }
}

function auditWrong(ctx: Context, { connection, recipient, client }: PasswordlessAttempt, error: unknown): void {
  const description = error instanceof Failure ? presentFailure('page', error).message : '';
  ctx.audit({ type: 'f', description, connection: connection.name, user_name: recipient.slice(0, 320), ...client });
}
