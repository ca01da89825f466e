import { type Context, type Reply, redirect } from '../../../kernel/index.ts';
import { challengeableMethods, type Method, type MethodKind, maskedName, startChallenge } from '../../../mfa/index.ts';
import { pageActions, type RememberBrowser } from '../../../pages/index.ts';
import type { User } from '../../../resources/users/index.ts';
import { RESUME, stepPath, type Transaction } from '../../../transactions/index.ts';
import { type Form, goTo, pagePath, type Visit } from '../../step.ts';
import { noteSecondFactor, sealFor } from './pending.ts';
import { mayRemember, requireSubject } from './subject.ts';

export const OPTIONS_PATH = '/u/mfa-login-options';
type Sendable = Exclude<MethodKind, 'totp' | 'recovery-code'>;

/** One method of the user's that a page is about, and what else they have. */
export interface Challenged {
  readonly user: User;
  readonly method: Method;
  readonly others: readonly Method[];
}

/** The method of `kind` that this login is to prove: the chosen one, or the user's first. A Reply where they have none. */
export async function findChallenged(
  ctx: Context,
  visit: Visit<Transaction>,
  kind: MethodKind,
): Promise<Challenged | Reply> {
  const user = await requireSubject(ctx, visit.transaction);
  const all = await challengeableMethods(ctx, user);
  const chosen = visit.transaction.second_factor?.challenge?.authenticator_id;
  const ofKind = all.filter((method) => method.kind === kind);
  const method = ofKind.find(({ authenticator }) => authenticator.id === chosen) ?? ofKind[0];
  if (!method) return redirect(pagePath(RESUME, visit.state));
  return { user, method, others: all.filter((other) => other !== method) };
}

/** What every challenge page offers besides its own fields. */
export function challengeOffers(
  ctx: Context,
  visit: Visit<Transaction>,
  { others }: Challenged,
  form?: Form,
): { canTryAnother: boolean; rememberBrowser: RememberBrowser | undefined } {
  const checked = form?.rememberBrowser === 'true';
  const rememberBrowser = mayRemember(ctx, visit.transaction) ? { checked } : undefined;
  return { canTryAnother: others.length > 0, rememberBrowser };
}

/** Sends a message to the method's address or device and notes it in the login. Failures too_many_messages, message_not_sent. */
export async function sendChallenge(
  ctx: Context,
  visit: Visit<Transaction>,
  { user, method }: Challenged,
): Promise<Visit<Transaction>> {
  const { transaction } = visit;
  const { authenticator } = method;
  const channel = method.kind as Sendable;
  const sent = await startChallenge(ctx, { user, client_id: transaction.request.client_id, authenticator, channel });
  const to = maskedName(method);
  const challenge = {
    authenticator_id: authenticator.id,
    method: method.kind,
    oob_code_sealed: sealFor(ctx, transaction, 'oob_code', sent.oob_code),
    ...(to === undefined ? {} : { to }),
  };
  const noted = await noteSecondFactor(ctx, transaction, (before) => ({ ...before, challenge }));
  return { ...visit, transaction: noted };
}

/** Was a message already sent to this method in this login? */
export function isSent({ transaction }: Visit<Transaction>, { method }: Challenged): boolean {
  const challenge = transaction.second_factor?.challenge;
  const isSame = challenge?.authenticator_id === method.authenticator.id && challenge.method === method.kind;
  return isSame && challenge.oob_code_sealed !== undefined;
}

/** Buttons that lead to another page of this step; undefined for those that do not. */
export function leaveFor(visit: Visit<Transaction>, action: string | undefined): Reply | undefined {
  if (action === pageActions.tryAnother) return goTo(visit, OPTIONS_PATH);
  const kind = LEADS_TO[action ?? ''];
  return kind && redirect(stepPath('mfa_challenge', visit.state, { method: kind }));
}

const LEADS_TO: Readonly<Record<string, MethodKind | undefined>> = {
  [pageActions.call]: 'voice',
  [pageActions.text]: 'sms',
  [pageActions.enterCode]: 'totp',
};
