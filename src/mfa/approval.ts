import { type Context, prefixedId } from '../kernel/index.ts';
import { type Authenticator, authenticatorsOf } from '../resources/authentication-methods/index.ts';
import type { User } from '../resources/users/index.ts';
import { type Challenge, challengesOf, type RequestedConsent } from './challenge.store.ts';
import { deliverChallenge, draftChallenge, requireAllowance } from './challenge.ts';
import { channelOf } from './factors/index.ts';
import { challengeableMethods } from './methods.ts';
import { noteUse } from './proof.ts';

/** The app that `user` is asked in; undefined when they have none, or the tenant has push notifications off. */
export async function findApprovalDevice(ctx: Context, user: User): Promise<Authenticator | undefined> {
  return (await challengeableMethods(ctx, user)).find(({ kind }) => kind === 'push')?.authenticator;
}

export interface ApprovalRequest {
  readonly user: User;
  readonly authenticator: Authenticator;
  readonly client_id: string;
  readonly consent: Omit<RequestedConsent, 'id'>;
  readonly lifetimeMs: number;
}

/**
 * Asks the user in their Guardian app to approve what an application wants. Answers the id under which the answer is found, which
 * nobody else may learn.
 *
 * @throws Failure too_many_messages, message_not_sent; then nothing is left of it
 */
export async function startApproval(ctx: Context, asked: ApprovalRequest): Promise<string> {
  const { user, client_id, authenticator, lifetimeMs } = asked;
  await requireAllowance(ctx, user, channelOf(authenticator.type, 'push'));
  const consent = { id: prefixedId(ctx.random, 'cns_'), ...asked.consent };
  const about = { user, client_id, authenticator, channel: 'push', purpose: 'approval', consent, lifetimeMs } as const;
  const draft = draftChallenge(ctx, about);
  await challengesOf(ctx).insert(draft.challenge);
  try {
    await deliverChallenge(ctx, about, draft);
  } catch (error) {
    await challengesOf(ctx).delete(draft.challenge.id);
    throw error;
  }
  return draft.challenge.id;
}

export interface GivenApproval {
  readonly answer: NonNullable<Challenge['answer']>;
  /** ms */
  readonly answered_at: number;
}

/** What the app has answered; undefined as long as it has not, and for good when the device was removed. */
export async function readApproval(ctx: Context, id: string): Promise<GivenApproval | undefined> {
  const found = await challengesOf(ctx).get(id);
  if (found?.purpose !== 'approval' || !found.answer || found.answered_at === undefined) return undefined;
  return { answer: found.answer, answered_at: found.answered_at };
}

/** Uses an approval up, in a transaction; false when somebody else was faster. */
export async function spendApproval(ctx: Context, id: string): Promise<boolean> {
  const spent = await challengesOf(ctx).take(id);
  if (spent?.answer !== 'accepted') return false;
  const authenticator = await authenticatorsOf(ctx).get(spent.authenticator_id);
  if (authenticator) await noteUse(ctx, authenticator);
  return true;
}
