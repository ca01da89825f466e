import type { Context, Reply } from '../../../kernel/index.ts';
import { advanceTransaction, LOGIN_PASSWORD, type Transaction } from '../../../transactions/index.ts';
import { again, goTo, type Mistake, type Visit } from '../../step.ts';
import { homeOf } from '../federated/home-realm.ts';
import { leaveFor } from '../federated/leave.endpoint.ts';
import { withOneTap } from '../federated/one-tap.ts';
import { identifierHint } from '../password/connection.ts';
import { findWays, identifierMistake, loginDrawer, type Ways } from '../password/ways.ts';
import type { IdentifierPage } from './identifier.step.ts';

/**
 * Asks who logs in. An address of an enterprise's domain leads to its provider; everybody else is asked for a password, whether or not
 * there is such an account.
 */
export const identifierPage: IdentifierPage = {
  async show(ctx, visit) {
    const username = identifierHint(visit.transaction);
    const draw = await loginDrawer(ctx, visit, await findWays(ctx, visit), { username, asks: 'identifier' });
    return withOneTap(ctx, visit, (oneTap) => draw(visit.view, oneTap));
  },
  async submit(ctx, visit, { username = '' }) {
    const ways = await findWays(ctx, visit);
    const typed = username.trim();
    const home = homeOf(ways.realms, typed);
    if (home) return leaveFor(ctx, home, { ...visit, login_hint: typed });
    const mistake = identifierMistake(ways, typed);
    if (mistake) return tellAgain(ctx, visit, ways, mistake, username);
    await advanceTransaction(ctx, visit.transaction, (stored) => ({ ...stored, identified: typed }));
    return goTo(visit, LOGIN_PASSWORD);
  },
};

async function tellAgain(
  ctx: Context,
  visit: Visit<Transaction>,
  ways: Ways,
  mistake: Mistake,
  username: string,
): Promise<Reply> {
  return again(visit, { username: mistake }, await loginDrawer(ctx, visit, ways, { username, asks: 'identifier' }));
}
