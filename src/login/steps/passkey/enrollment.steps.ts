import { type Context, type Endpoint, isFailure, type Reply, redirect } from '../../../kernel/index.ts';
import { type FormView, passkeyActions, renderPasskeyEnrollment } from '../../../pages/index.ts';
import { PasskeyRefused } from '../../../platform/webauthn/index.ts';
import { snoozePasskeys } from '../../../resources/authentication-methods/index.ts';
import { databaseRules, findConnectionByName } from '../../../resources/connections/index.ts';
import { findUser } from '../../../resources/users/index.ts';
import {
  type PasskeyOffer,
  type PasskeyOwner,
  startPasskeyEnrollment,
  verifyPasskeyEnrollment,
} from '../../../strategies/index.ts';
import {
  type AnyTransaction,
  advanceTransaction,
  lostTransaction,
  PASSKEY_ENROLLMENT,
  RESUME,
  requireStanding,
  type Transaction,
} from '../../../transactions/index.ts';
import { acceptKnownUser } from '../../accept.ts';
import { refuseBlocked } from '../../refuse-blocked.ts';
import { again, type Form, proceed, step, type Visit } from '../../step.ts';
import { readAnswer } from './read-answer.ts';

/** Offers a passkey to who has logged in: with a password, or with a passkey of another device. They may decline, for now or a month. */
export const passkeyEnrollmentSteps: readonly Endpoint[] = [
  ...enrollment('progressive', 'passkeyEnrollment', 'a first passkey?'),
  ...enrollment('local', 'passkeyEnrollmentLocal', 'a passkey of this device, beside the one that was used?'),
];

function enrollment(offer: PasskeyOffer, name: string, summary: string): readonly Endpoint[] {
  return step<Transaction>({
    path: PASSKEY_ENROLLMENT[offer],
    name,
    summary,
    fields: ['auth_session', 'authn_response', 'dont-show-again'],
    accept: (ctx, transaction) => acceptOffered(ctx, transaction, offer),
    async show(ctx, visit) {
      const owner = await ownerOf(ctx, visit.transaction);
      return owner ? (await drawer(ctx, visit, owner, offer))(visit.view) : decline(ctx, visit);
    },
    async submit(ctx, visit, form) {
      const owner = await ownerOf(ctx, visit.transaction);
      if (!owner) return decline(ctx, visit);
      if (form.action !== passkeyActions.decline) return enroll(ctx, visit, owner, { form, offer });
      if (form['dont-show-again'] === 'true') await snooze(ctx, visit.transaction, owner, offer);
      return decline(ctx, visit);
    },
  });
}

/**
 * Only for whom it was offered to, and once all that they had to prove is part of a session: who knows but a password must not get a key
 * that asks for nothing else.
 */
async function acceptOffered(
  ctx: Context,
  transaction: AnyTransaction,
  offer: PasskeyOffer,
): Promise<Transaction | Reply> {
  const login = await acceptKnownUser(ctx, transaction);
  if ('status' in login) return login;
  return login.session_opened && login.passkey_offer === offer ? login : redirect(RESUME);
}

/** Whose passkey it will be, while passkeys are on. */
async function ownerOf(ctx: Context, { user_id, connection: name }: Transaction): Promise<PasskeyOwner | undefined> {
  const user = await findUser(ctx, user_id ?? '');
  const connection = name === undefined ? undefined : await findConnectionByName(ctx, name);
  const isOn = connection?.strategy === 'auth0' && databaseRules(connection).passkeyEnabled;
  return user && connection && isOn ? { user, connection } : undefined;
}

async function drawer(
  ctx: Context,
  visit: Visit<Transaction>,
  owner: PasskeyOwner,
  offer: PasskeyOffer,
): Promise<(view: FormView) => string> {
  const { client_id } = visit.transaction.request;
  const started = await startPasskeyEnrollment(ctx, { ...owner, client_id, offer });
  const { auth_session: authSession, authn_params_public_key: options } = started;
  return (view) => renderPasskeyEnrollment({ ...view, authSession, options, isLocal: offer === 'local' });
}

async function enroll(
  ctx: Context,
  visit: Visit<Transaction>,
  owner: PasskeyOwner,
  { form, offer }: { readonly form: Form; readonly offer: PasskeyOffer },
): Promise<Reply> {
  const { transaction } = visit;
  const { client_id } = transaction.request;
  try {
    const answer = { auth_session: form.auth_session ?? '', authn_response: readAnswer(form) };
    const made = await verifyPasskeyEnrollment(ctx, { ...owner, client_id }, answer);
    await ctx.store.transaction(async () => {
      await made.consume();
      await requireStanding(ctx, transaction);
      await settle(ctx, transaction, offer);
    });
  } catch (error) {
    if (isFailure(error, 'user_blocked')) return refuseBlocked(ctx, visit);
    if (!(error instanceof PasskeyRefused)) throw error;
    return again(visit, { form: 'passkey-not-made' }, await drawer(ctx, visit, owner, offer));
  }
  audit(ctx, client_id, owner);
  return proceed(visit);
}

/** There is nothing to offer any more. WireError where somebody else has answered meanwhile. */
async function settle(ctx: Context, transaction: Transaction, offer: PasskeyOffer): Promise<void> {
  await advanceTransaction(ctx, transaction, (stored) => {
    if (stored.passkey_offer !== offer) throw lostTransaction('answered meanwhile');
    return { ...stored, passkey_offer: undefined };
  });
}

async function decline(ctx: Context, visit: Visit<Transaction>): Promise<Reply> {
  await advanceTransaction(ctx, visit.transaction, (stored) => ({ ...stored, passkey_offer: undefined }));
  return proceed(visit);
}

function snooze(
  ctx: Context,
  { browser_hash }: Transaction,
  { user, connection }: PasskeyOwner,
  offer: PasskeyOffer,
): Promise<void> {
  const where = offer === 'local' ? browser_hash : connection.name;
  return snoozePasskeys(ctx, { user_id: user.user_id, where });
}

function audit(ctx: Context, client_id: string, { user, connection }: PasskeyOwner): void {
  ctx.audit({
    type: 'gd_enrollment_complete',
    description: 'Passkey enrolled.',
    client_id,
    connection: connection.name,
    user_id: user.user_id,
    user_name: user.email ?? user.username ?? user.phone_number ?? '',
  });
}
