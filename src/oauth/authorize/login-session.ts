import type { Context, SetCookie } from '../../kernel/index.ts';
import { findSession, openSession, type Session, type SessionOpening } from '../../resources/sessions/index.ts';
import { recordLogin } from '../../strategies/index.ts';
import {
  advanceTransaction,
  type Cookies,
  lostTransaction,
  type Step,
  type Transaction,
} from '../../transactions/index.ts';
import type { Login } from './login.ts';

/** Steps that are reached only once all factors are proved. */
const PROVED: readonly Step[] = [
  'offer_passkey',
  'pick_organization',
  'consent',
  'approve_request',
  'confirm_callback',
  'issue',
];

/**
 * Makes what was proved in this login part of the browser's session, once all of it is proved: a half-proved login leaves no session
 * behind, and what was proved once is worth one. Answers the login with its session and the cookies to set: always a new token, so that none
 * planted before is worth anything. Page error for all but one who come with the same login at once.
 */
export async function settleSession(
  ctx: Context,
  login: Login<Transaction>,
  cookies: Cookies,
): Promise<{ login: Login<Transaction>; cookies: readonly SetCookie[] }> {
  const { transaction, user, step } = login;
  const isDue = PROVED.includes(step) && transaction.methods.length > 0 && !transaction.session_opened;
  if (!isDue || !user) return { login, cookies: [] };
  const described = await describeSession(ctx, login, cookies, user.user_id);
  const {
    advanced,
    session,
    cookies: set,
  } = await ctx.store.transaction(async () => {
    await claimOpening(ctx, transaction);
    const opened = await openSession(ctx, described);
    const session_id = opened.session.id;
    return { ...opened, advanced: await advanceTransaction(ctx, transaction, (stored) => ({ ...stored, session_id })) };
  });
  if (provesFirstFactor(transaction) && !transaction.actor) await recordLogin(ctx, user, ctx.caller.ip);
  return { login: { ...login, transaction: advanced, session }, cookies: set };
}

/** Notes that the session of this login begins: of all that come at once, one does, and only for the user whom it looked at. */
async function claimOpening(ctx: Context, transaction: Transaction): Promise<void> {
  await advanceTransaction(ctx, transaction, (stored) => {
    const isOurs = !stored.session_opened && stored.user_id === transaction.user_id;
    if (!isOurs) throw lostTransaction('its session began meanwhile');
    return { ...stored, session_opened: true };
  });
}

const provesFirstFactor = ({ methods }: Transaction) => methods.some(({ name }) => name !== 'mfa');

/** A login that was handed over was proved when it began, elsewhere. */
const provedAt = ({ methods }: Transaction) => Date.parse(methods[0]?.timestamp ?? '');

/** A first factor begins the session anew; a second one adds to the session that was taken over. */
async function describeSession(
  ctx: Context,
  { transaction, session }: Login<Transaction>,
  cookies: Cookies,
  user_id: string,
): Promise<SessionOpening> {
  const replaces = session ?? (await findSession(ctx, cookies));
  const { connection } = transaction;
  const transferred_from = transaction.transferred_from ?? session?.transferred_from;
  const { actor } = transaction;
  const opening = { user_id, client_id: transaction.request.client_id, replaces, transferred_from, actor };
  if (transaction.transferred_from !== undefined)
    return { ...opening, connection, methods: transaction.methods, authenticated_at: provedAt(transaction) };
  if (!session || provesFirstFactor(transaction)) return { ...opening, connection, methods: transaction.methods };
  const methods: Session['methods'] = [...session.methods, ...transaction.methods];
  return {
    ...opening,
    connection: session.connection,
    methods,
    authenticated_at: Date.parse(session.authenticated_at),
  };
}
