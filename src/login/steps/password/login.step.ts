import { type Context, type Reply, redirect } from '../../../kernel/index.ts';
import { promptSettings } from '../../../resources/prompts/index.ts';
import { IDENTIFIER_LOGIN, LOGIN, type Transaction } from '../../../transactions/index.ts';
import { acceptLogin } from '../../accept.ts';
import { again, type Mistakes, step, type Visit } from '../../step.ts';
import { homeOf } from '../federated/home-realm.ts';
import { leaveFor } from '../federated/leave.endpoint.ts';
import { withOneTap } from '../federated/one-tap.ts';
import { WEBAUTHN_FIELDS } from '../passkey/offer.ts';
import { logIn } from './log-in.ts';
import { findWays, identifierMistake, loginDrawer, type Ways } from './ways.ts';

export const loginStep = step<Transaction>({
  path: LOGIN,
  name: 'login',
  summary: 'identifier and password.',
  fields: ['username', 'password', ...WEBAUTHN_FIELDS],
  async accept(ctx, transaction) {
    const { identifier_first: isIdentifierFirst } = await promptSettings(ctx);
    return isIdentifierFirst ? redirect(IDENTIFIER_LOGIN) : acceptLogin(transaction);
  },
  async show(ctx, visit) {
    const { login_hint: username } = visit.transaction.request;
    const draw = await loginDrawer(ctx, visit, await findWays(ctx, visit), { username, asks: 'both' });
    return withOneTap(ctx, visit, (oneTap) => draw(visit.view, oneTap));
  },
  async submit(ctx, visit, form) {
    const { username = '', password = '' } = form;
    const ways = await findWays(ctx, visit);
    const home = homeOf(ways.realms, username);
    if (home) return leaveFor(ctx, home, { ...visit, login_hint: username.trim() });
    const { connection } = ways;
    const mistakes: Mistakes = {
      username: identifierMistake(ways, username),
      password: connection && password === '' ? 'no-password' : undefined,
    };
    const tell = (told: Mistakes) => tellAgain(ctx, visit, ways, told, username);
    if (!connection || mistakes.username || mistakes.password) return tell(mistakes);
    return logIn(ctx, visit, connection, form, tell);
  },
});

/** The page again, with what is wrong. */
async function tellAgain(
  ctx: Context,
  visit: Visit<Transaction>,
  ways: Ways,
  mistakes: Mistakes,
  username: string,
): Promise<Reply> {
  return again(visit, mistakes, await loginDrawer(ctx, visit, ways, { username, asks: 'both' }));
}
