import { type Context, type Reply, redirect } from '../../../kernel/index.ts';
import { type FormView, renderLoginPassword } from '../../../pages/index.ts';
import { type Connection, databaseRules } from '../../../resources/connections/index.ts';
import { promptSettings } from '../../../resources/prompts/index.ts';
import { IDENTIFIER_LOGIN, LOGIN_PASSWORD, type Transaction } from '../../../transactions/index.ts';
import { acceptLogin } from '../../accept.ts';
import { again, type Mistakes, pagePath, step, type Visit } from '../../step.ts';
import { WEBAUTHN_FIELDS } from '../passkey/offer.ts';
import { identifierKind, isSignupOpen, requireLoginConnection } from '../password/connection.ts';
import { logIn } from '../password/log-in.ts';
import { resetUrl } from '../password/ways.ts';

/** The second page of a login with a password: whose it is was typed on the first, and can be changed there. */
export const passwordStep = step<Transaction>({
  path: LOGIN_PASSWORD,
  name: 'loginPassword',
  summary: 'the password, after the identifier.',
  fields: ['password', ...WEBAUTHN_FIELDS],
  async accept(ctx, transaction): Promise<Transaction | Reply> {
    const login = acceptLogin(transaction);
    const isHere = login.identified !== undefined && (await promptSettings(ctx)).identifier_first;
    return isHere ? login : redirect(IDENTIFIER_LOGIN);
  },
  async show(ctx, visit) {
    return (await drawer(ctx, visit, await requireLoginConnection(ctx, visit.transaction.request)))(visit.view);
  },
  async submit(ctx, visit, form) {
    const connection = await requireLoginConnection(ctx, visit.transaction.request);
    const tell = async (mistakes: Mistakes) => again(visit, mistakes, await drawer(ctx, visit, connection));
    const { password = '' } = form;
    if (password === '') return tell({ password: 'no-password' });
    return logIn(ctx, visit, connection, { ...form, username: visit.transaction.identified ?? '' }, tell);
  },
});

async function drawer(
  ctx: Context,
  visit: Visit<Transaction>,
  connection: Connection,
): Promise<(view: FormView) => string> {
  const { identified = '', request } = visit.transaction;
  const isOpen = await isSignupOpen(ctx, request, connection);
  return (view) =>
    renderLoginPassword({
      ...view,
      username: identified,
      identifier: identifierKind(connection),
      detectsPasskeys: databaseRules(connection).passkeyEnabled,
      editUrl: pagePath(IDENTIFIER_LOGIN, visit.state),
      resetUrl: resetUrl(visit, connection),
      signupUrl: isOpen ? pagePath('/u/signup', visit.state) : undefined,
    });
}
