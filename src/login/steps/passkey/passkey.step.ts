import { type Context, isFailure, type Reply, redirect } from '../../../kernel/index.ts';
import { type FormView, renderLoginPasskey } from '../../../pages/index.ts';
import { PasskeyRefused } from '../../../platform/webauthn/index.ts';
import { findClient } from '../../../resources/clients/index.ts';
import { type Connection, databaseRules } from '../../../resources/connections/index.ts';
import {
  type PasskeyOffer,
  type PasskeyProof,
  startPasskeyLogin,
  verifyPasskeyAnswer,
} from '../../../strategies/index.ts';
import { LOGIN, lostTransaction, proveFirstFactor, type Transaction } from '../../../transactions/index.ts';
import { acceptLogin } from '../../accept.ts';
import { refuseBlocked } from '../../refuse-blocked.ts';
import { again, pagePath, proceed, step, type Visit } from '../../step.ts';
import { loginConnection } from '../password/connection.ts';
import { offerLocal, WEBAUTHN_FIELDS } from './offer.ts';
import { readAnswer } from './read-answer.ts';

/** Where people log in with a passkey. */
export const PASSKEY_LOGIN = '/u/login/passkey';

export const passkeyStep = step<Transaction>({
  path: PASSKEY_LOGIN,
  name: 'loginPasskey',
  summary: 'a passkey that logs in.',
  fields: ['auth_session', 'authn_response', ...WEBAUTHN_FIELDS],
  async accept(ctx, transaction): Promise<Transaction | Reply> {
    const login = acceptLogin(transaction);
    return (await passkeyConnection(ctx, login)) ? login : redirect(LOGIN);
  },
  show: async (ctx, visit) => (await drawer(ctx, visit))(visit.view),
  async submit(ctx, visit, form) {
    const client = await findClient(ctx, visit.transaction.request.client_id);
    const connection = await passkeyConnection(ctx, visit.transaction);
    if (!client || !connection) throw lostTransaction('its client or connection is gone');
    const { auth_session = '' } = form;
    try {
      const answer = { client, auth_session, realm: connection.name, authn_response: readAnswer(form) };
      const proof = await verifyPasskeyAnswer(ctx, answer);
      if (!proof) throw new PasskeyRefused('the challenge is unknown or too old');
      const passkeyOffer = await offerLocal(ctx, visit.transaction, proof, { form, answer: answer.authn_response });
      await prove(ctx, visit, proof, passkeyOffer);
      return proceed(visit);
    } catch (error) {
      if (isFailure(error, 'user_blocked')) return refuseBlocked(ctx, visit);
      if (!(error instanceof PasskeyRefused)) throw error;
      auditRefused(ctx, visit, connection);
      return again(visit, { form: 'passkey-failed' }, await drawer(ctx, visit));
    }
  },
});

/** The database of this login, if passkeys are on there. */
async function passkeyConnection(ctx: Context, { request }: Transaction): Promise<Connection | undefined> {
  const connection = await loginConnection(ctx, request);
  return connection && databaseRules(connection).passkeyEnabled ? connection : undefined;
}

/** The page with a new challenge. */
async function drawer(ctx: Context, visit: Visit<Transaction>): Promise<(view: FormView) => string> {
  const connection = await passkeyConnection(ctx, visit.transaction);
  if (!connection) throw lostTransaction('its connection is gone');
  const started = await startPasskeyLogin(ctx, { connection, client_id: visit.transaction.request.client_id });
  const { auth_session: authSession, authn_params_public_key: options } = started;
  return (view) => renderLoginPasskey({ ...view, authSession, options, loginUrl: pagePath(LOGIN, visit.state) });
}

async function prove(
  ctx: Context,
  { transaction }: Visit<Transaction>,
  proof: PasskeyProof,
  passkeyOffer: PasskeyOffer | undefined,
): Promise<void> {
  const { connection, user } = proof;
  const about = { userId: user.user_id, connection: connection.name, passkeyOffer };
  const proved = { ...about, name: 'passkey', interactive: true } as const;
  await ctx.store.transaction(async () => {
    await proof.consume();
    await proveFirstFactor(ctx, transaction, proved);
  });
}

function auditRefused(ctx: Context, { transaction }: Visit<Transaction>, { name }: Connection): void {
  const { client_id } = transaction.request;
  ctx.audit({ type: 'f', description: 'Invalid passkey assertion.', connection: name, client_id });
}
