import { type Context, oauthError, type Reply } from '../../../kernel/index.ts';
import { renderResetPasswordEmailSent, renderResetPasswordRequest } from '../../../pages/index.ts';
import { type Connection, databaseRules } from '../../../resources/connections/index.ts';
import { spendResetAllowance, startPasswordReset } from '../../../strategies/index.ts';
import { LOGIN, type Transaction } from '../../../transactions/index.ts';
import { acceptLogin } from '../../accept.ts';
import { again, page, pagePath, step, type Visit } from '../../step.ts';
import { identifierHint, identifierKind, loginConnection } from '../password/connection.ts';

const PATH = '/u/reset-password/request';

export const resetPasswordRequestStep = step<Transaction>({
  path: PATH,
  name: 'resetPasswordRequest',
  summary: 'whose password is to be reset?',
  fields: ['email'],
  accept: (_ctx, transaction) => acceptLogin(transaction),
  async show(ctx, visit) {
    const connection = await requireConnection(ctx, visit);
    return renderResetPasswordRequest(viewOf(visit, connection, identifierHint(visit.transaction)));
  },
  async submit(ctx, visit, { email = '' }) {
    const connection = await requireConnection(ctx, visit);
    const typed = email.trim();
    if (typed === '') {
      const empty = identifierKind(connection) === 'email' ? 'no-email' : 'no-username-or-email';
      return again(visit, { email: empty }, (view) =>
        renderResetPasswordRequest({ ...viewOf(visit, connection, ''), ...view }),
      );
    }
    return sendLink(ctx, visit, connection, typed);
  },
});

async function requireConnection(ctx: Context, { transaction }: Visit<Transaction>): Promise<Connection> {
  const connection = await loginConnection(ctx, transaction.request);
  if (connection && databaseRules(connection).selfServiceReset) return connection;
  const { client_id } = transaction.request;
  throw oauthError(400, 'invalid_request', 'the connection does not support password reset', { extra: { client_id } });
}

function viewOf(visit: Visit, connection: Connection, email: string | undefined) {
  const acceptsUsername = identifierKind(connection) !== 'email';
  return { ...visit.view, email, acceptsUsername, loginUrl: pagePath(LOGIN, visit.state) };
}

/** The answer is the same whether or not there is such an account. */
async function sendLink(
  ctx: Context,
  visit: Visit<Transaction>,
  connection: Connection,
  identifier: string,
): Promise<Reply> {
  const redraw = (view: typeof visit.view) =>
    renderResetPasswordRequest({ ...viewOf(visit, connection, identifier), ...view });
  const { allowed } = await spendResetAllowance(ctx, connection, identifier);
  if (!allowed) return again(visit, { form: 'too-many-requests' }, redraw, 429);
  const { client_id } = visit.transaction.request;
  await startPasswordReset(ctx, { connection, identifier, client: { client_id } });
  const loginUrl = pagePath(LOGIN, visit.state);
  return page(visit, 200, renderResetPasswordEmailSent({ ...visit.view, email: identifier, loginUrl }));
}
