import { alphanumeric, type Context, fail } from '../kernel/index.ts';
import { hashToken, numericCode, opaqueTicket, randomToken } from '../platform/crypto/index.ts';
import { MessageNotSent } from '../platform/messages/index.ts';
import type { Authenticator } from '../resources/authentication-methods/index.ts';
import type { User } from '../resources/users/index.ts';
import { auditMfa } from './audit.ts';
import { type Challenge, challengesOf, type OobChannel, type RequestedConsent } from './challenge.store.ts';
import { channelOf, type FactorChannel } from './factors/index.ts';
import { spendAttempt } from './limits.ts';

/** Auth0: codes and approvals are good for five minutes. */
const CHALLENGE_MS = 300_000;

export interface ChallengeRequest {
  readonly user: User;
  readonly client_id: string;
  readonly authenticator: Authenticator;
  readonly channel: OobChannel;
  readonly purpose: Challenge['purpose'];
  /** approval: what is asked for. */
  readonly consent?: RequestedConsent;
  /** Default: five minutes. */
  readonly lifetimeMs?: number;
}

/** A challenge that is about to be stored, with what must not be stored. */
export interface DraftChallenge {
  readonly challenge: Challenge;
  /** What the client redeems. */
  readonly oobCode: string;
  /** What the user is sent. */
  readonly secret: string;
}

export function digestBindingCode(ctx: Context, challengeId: string, code: string): string {
  return ctx.sealer.digest(code, `${ctx.tenant.id}:mfa_challenges:${challengeId}:code`);
}

/** Makes a challenge and its secrets; stores and sends nothing. `secret`: what to use in place of a new one (push enrolments). */
export function draftChallenge(ctx: Context, request: ChallengeRequest, secret?: string): DraftChallenge {
  const now = ctx.clock.now();
  const { lifetimeMs = CHALLENGE_MS, consent } = request;
  const oobCode = opaqueTicket(ctx.random, now, lifetimeMs);
  const id = hashToken(oobCode);
  const { answer } = channelOf(request.authenticator.type, request.channel);
  const sent = secret ?? (answer === 'code' ? numericCode(ctx.random) : randomToken(ctx.random));
  const remembered =
    answer === 'code'
      ? { code_digest: digestBindingCode(ctx, id, sent) }
      : { transaction_hash: hashToken(sent), push_challenge: alphanumeric(ctx.random, 32) };
  const challenge: Challenge = {
    id,
    user_id: request.user.user_id,
    client_id: request.client_id,
    authenticator_id: request.authenticator.id,
    purpose: request.purpose,
    channel: request.channel,
    ...(request.authenticator.email ? { email: request.authenticator.email } : {}),
    ...remembered,
    ...(consent ? { consent } : {}),
    attempts: 0,
    created_at: now,
    expires_at: now + lifetimeMs,
  };
  return { challenge, oobCode, secret: sent };
}

/** Counts a message against the user's allowance. Failure too_many_messages. */
export async function requireAllowance(ctx: Context, user: User, channel: FactorChannel): Promise<void> {
  if (await spendAttempt(ctx, channel.limit, user.user_id)) return;
  fail('too_many_messages', { channel: channel.named });
}

/** Sends what `draft` holds and records it. Failure message_not_sent; undoing what was stored is the caller's. */
export async function deliverChallenge(ctx: Context, request: ChallengeRequest, draft: DraftChallenge): Promise<void> {
  const { user, authenticator, client_id, channel } = request;
  const { log, send } = channelOf(authenticator.type, channel);
  const event = { user, client_id, authenticator, method: channel };
  try {
    await send(ctx, { user, authenticator, challenge: draft.challenge, secret: draft.secret });
  } catch (error) {
    const detail = error instanceof MessageNotSent ? error.detail : String(error);
    auditMfa(ctx, log.failed, { ...event, description: 'The message could not be sent' });
    fail('message_not_sent', { channel }, detail);
  }
  auditMfa(ctx, log.sent, event);
}

/**
 * Challenges a confirmed authenticator out of band.
 *
 * @returns the `oob_code` to redeem within five minutes, and whether the user has a code to type
 * @throws Failure too_many_messages, message_not_sent (then nothing is left of the challenge), unsupported_challenge_type
 */
export async function startChallenge(
  ctx: Context,
  input: Omit<ChallengeRequest, 'purpose'>,
): Promise<{ oob_code: string; binding: boolean }> {
  const request = { ...input, purpose: 'challenge' as const };
  const channel = channelOf(request.authenticator.type, request.channel);
  await requireAllowance(ctx, request.user, channel);
  const draft = draftChallenge(ctx, request);
  await challengesOf(ctx).insert(draft.challenge);
  const { user, client_id, authenticator } = request;
  auditMfa(ctx, 'gd_start_auth', { user, client_id, authenticator, method: request.channel });
  try {
    await deliverChallenge(ctx, request, draft);
  } catch (error) {
    await challengesOf(ctx).delete(draft.challenge.id);
    throw error;
  }
  return { oob_code: draft.oobCode, binding: channel.answer === 'code' };
}
