import { type Context, isFailure, type Reply, redirect } from '../../../kernel/index.ts';
import type { Connection } from '../../../resources/connections/index.ts';
import { promptSettings } from '../../../resources/prompts/index.ts';
import { saveFederatedUser } from '../../../resources/users/index.ts';
import { NativeLoginRefused, proveOneTapToken } from '../../../strategies/index.ts';
import {
  IDENTIFIER_LOGIN,
  LOGIN,
  lostTransaction,
  proveFirstFactor,
  refuseTransaction,
  type Transaction,
} from '../../../transactions/index.ts';
import { acceptLogin } from '../../accept.ts';
import { refuseBlocked } from '../../refuse-blocked.ts';
import { again, type Mistakes, pagePath, proceed, step, type Visit } from '../../step.ts';
import { findWays, loginDrawer } from '../password/ways.ts';
import { STRANGER } from './callback.endpoints.ts';
import { ONE_TAP, oneTapConnection, oneTapNonce } from './one-tap.ts';

/** Google One Tap (FedCM): the browser has an account at Google and posts what Google says of it. The page is the login page. */
export const oneTapStep = step<Transaction>({
  path: ONE_TAP,
  name: 'loginOneTap',
  summary: 'an account at Google that the browser offered on the login page.',
  fields: ['credential'],
  accept: (_ctx, transaction) => acceptLogin(transaction),
  show: async (_ctx, { state }) => redirect(pagePath(LOGIN, state)),
  async submit(ctx, visit, { credential = '' }) {
    const connection = await oneTapConnection(ctx, visit.transaction.request);
    if (!connection) throw lostTransaction('nothing is offered by the browser here');
    try {
      const nonce = oneTapNonce(ctx, visit.transaction);
      const arrival = await proveOneTapToken(ctx, connection, { token: credential, nonce });
      return await enter(ctx, visit, await saveFederatedUser(ctx, arrival), connection);
    } catch (error) {
      const isRefused = error instanceof NativeLoginRefused;
      if (!isRefused && !isFailure(error, 'temporarily_unavailable')) throw error;
      audit(ctx, visit, connection, isRefused ? error.message : 'Google does not answer');
      return onLoginPage(ctx, visit, { form: 'one-tap-failed' });
    }
  },
});

type Saved = Awaited<ReturnType<typeof saveFederatedUser>>;

/** As somebody who came back from Google's own page. */
async function enter(ctx: Context, visit: Visit<Transaction>, user: Saved, { name }: Connection): Promise<Reply> {
  if (user?.blocked) return refuseBlocked(ctx, visit);
  if (user) {
    const proof = { userId: user.user_id, connection: name, name: 'federated', interactive: true } as const;
    await proveFirstFactor(ctx, visit.transaction, proof);
  } else await refuseTransaction(ctx, visit.state, { refusal: STRANGER, connection: name });
  return proceed(visit);
}

async function onLoginPage(ctx: Context, visit: Visit<Transaction>, mistakes: Mistakes): Promise<Reply> {
  const { identifier_first: isIdentifierFirst } = await promptSettings(ctx);
  const [path, asks] = isIdentifierFirst ? ([IDENTIFIER_LOGIN, 'identifier'] as const) : ([LOGIN, 'both'] as const);
  const { login_hint: username } = visit.transaction.request;
  const draw = await loginDrawer(ctx, visit, await findWays(ctx, visit), { username, asks });
  return again(visit, mistakes, (view) => draw({ ...view, action: pagePath(path, visit.state) }));
}

function audit(ctx: Context, { transaction }: Visit<Transaction>, { name }: Connection, detail: string): void {
  const { client_id } = transaction.request;
  ctx.audit({
    type: 'f',
    description: 'Invalid Google One Tap credential.',
    connection: name,
    client_id,
    details: { detail },
  });
}
