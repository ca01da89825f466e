import { type Context, isoTime } from '../../kernel/index.ts';
import { authenticatorsOf } from '../../resources/authentication-methods/index.ts';
import { type Challenge, challengesOf, type RequestedConsent } from '../challenge.store.ts';

/** Writes the app's answer down; false when there is nothing left to answer. */
export async function answerPush(ctx: Context, id: string, answer: NonNullable<Challenge['answer']>): Promise<boolean> {
  let answered = false;
  const now = ctx.clock.now();
  await challengesOf(ctx).update(id, (stored) => {
    answered = stored.answer === undefined && stored.channel === 'push' && stored.expires_at > now;
    return answered ? { ...stored, answer, answered_at: now } : undefined;
  });
  return answered;
}

export interface WaitingPush {
  readonly id: string;
  readonly to: string;
  readonly created_at: string;
  readonly status: 'pending' | 'approved' | 'rejected' | 'expired';
  /** What an application asks for; absent for logins and enrolments. */
  readonly asked?: RequestedConsent;
}

const STATUS = { accepted: 'approved', rejected: 'rejected' } as const;

/** Development: the notifications and enrolments that wait for an app, newest first. */
export async function listPushes(ctx: Context): Promise<WaitingPush[]> {
  requireDevelopment(ctx);
  const all = (await challengesOf(ctx).list()).filter(({ channel }) => channel === 'push');
  const shown = all.map(async (challenge): Promise<WaitingPush> => {
    const device = await authenticatorsOf(ctx).get(challenge.authenticator_id);
    const status = challenge.expires_at <= ctx.clock.now() ? 'expired' : 'pending';
    return {
      id: challenge.id,
      to:
        challenge.purpose === 'enrollment'
          ? `a new device of ${challenge.user_id}`
          : (device?.name ?? device?.id ?? ''),
      created_at: isoTime(challenge.created_at),
      status: challenge.answer ? STATUS[challenge.answer] : status,
      ...(challenge.consent ? { asked: challenge.consent } : {}),
    };
  });
  return (await Promise.all(shown)).sort((one, other) => other.created_at.localeCompare(one.created_at));
}

/** Development: answers in place of the app. An enrolment is completed with a device that exists only on paper. */
export async function approvePush(ctx: Context, id: string): Promise<void> {
  requireDevelopment(ctx);
  const challenge = await challengesOf(ctx).get(id);
  if (challenge?.purpose === 'enrollment') {
    const device = { identifier: 'development', push_service: 'GCM', push_token: 'development' };
    await authenticatorsOf(ctx).update(challenge.authenticator_id, (stored) =>
      stored.device ? undefined : { ...stored, name: 'Development device', device },
    );
  }
  await answerPush(ctx, id, 'accepted');
}

/** Development: rejects in place of the app. */
export async function rejectPush(ctx: Context, id: string): Promise<void> {
  requireDevelopment(ctx);
  await answerPush(ctx, id, 'rejected');
}

function requireDevelopment(ctx: Context): void {
  if (!ctx.development) throw new Error('only a development server answers for an app');
}
