import { alphanumeric } from '../../../kernel/index.ts';
import { totpSecret } from '../../../platform/crypto/index.ts';
import { sealOtpSecret } from '../../../resources/authentication-methods/index.ts';
import { limits } from '../../limits.ts';
import { factor } from '../factor.ts';
import { pushPayload } from './push-payload.ts';

/** Approvals in an app made with the Guardian SDKs; the app also shows one-time passwords, for when no push gets through. */
export const push = factor({
  type: 'push',
  async prepare(ctx, _request, id) {
    return { members: { secret_sealed: sealOtpSecret(ctx, id, totpSecret(ctx.random)) }, told: {} };
  },
  channels: {
    push: {
      limit: limits.pushes,
      named: 'push',
      log: { sent: 'gd_send_pn', failed: 'gd_send_pn_failure' },
      answer: 'approval',
      async send(ctx, delivery) {
        const token = delivery.authenticator.device?.push_token;
        await ctx.messenger.deliver({
          channel: 'push',
          to: typeof token === 'string' ? token : '',
          text: `You have received ${delivery.challenge.consent ? 'a request for your approval' : 'a login request'}`,
          data: pushPayload(ctx, delivery),
        });
      },
    },
  },
});

/** What the QR code carries: the app presents it to enrol. */
export function newPushTransaction(ctx: Parameters<typeof pushPayload>[0]): string {
  return alphanumeric(ctx.random, 32);
}
