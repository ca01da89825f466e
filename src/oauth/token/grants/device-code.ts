import type { Context } from '../../../kernel/index.ts';
import { type DeferredAuthorization, deferredAuthorizationsOf } from '../../deferred/deferred.store.ts';
import { findDeferred, notePoll } from '../../deferred/deferred.ts';
import { authorizeDeferred } from '../../deferred/redeem.ts';
import { GRANT } from '../../vocabulary.ts';
import { grant } from '../grant.ts';
import { GrantRefusal, invalidGrant } from '../grant-refusal.ts';

/** RFC 8628 §3.4: the code that a device was given, asked again and again until its user has decided. */
export const deviceCode = grant({
  type: GRANT.deviceCode,
  summary: 'RFC 8628 §3.4: the code that a device was given, for tokens of the user who activated it.',
  rules: [
    'Only for native applications without a secret that conform to OpenID Connect.',
    'A code works once, for fifteen minutes, for its own client.',
    'Who asks more often than every five seconds is told to slow down, and must wait five seconds longer from then on.',
    'That a code has expired is said once; from then on it is unknown.',
  ],
  tests: ['src/oauth/device/device-flow.http.test.ts', 'test/attacks/device-flow.http.test.ts'],
  params: { device_code: 'required' },
  log: { success: 'sede', failure: 'fede' },
  async handle(ctx, { client, params }) {
    const deferred = await findDeferred(ctx, 'device', client, params.device_code);
    if (!deferred) throw unknownCode('no such code, or of another client');
    if (deferred.expires_at <= ctx.clock.now()) throw await expiredCode(ctx, deferred);
    if (deferred.denial !== undefined) throw new GrantRefusal(403, 'access_denied', deferred.denial);
    const { approval } = deferred;
    if (!approval) throw await pending(ctx, deferred);
    return authorizeDeferred(ctx, { client, deferred, approval, flow: 'device_code', refusal: unknownCode });
  },
});

function unknownCode(detail: string): GrantRefusal {
  return invalidGrant('Invalid or expired device code.', { detail });
}

/** Auth0: `expired_token` exactly once. */
async function expiredCode(ctx: Context, { id }: DeferredAuthorization): Promise<GrantRefusal> {
  const isFirst = (await deferredAuthorizationsOf(ctx).take(id)) !== undefined;
  return isFirst ? new GrantRefusal(403, 'expired_token', 'The device code is expired.') : unknownCode('expired');
}

async function pending(ctx: Context, deferred: DeferredAuthorization): Promise<GrantRefusal> {
  const { isGone, tooSoon } = await notePoll(ctx, deferred);
  if (isGone) return unknownCode('redeemed by somebody else');
  if (!tooSoon) return new GrantRefusal(403, 'authorization_pending', 'User has yet to authorize device code.');
  const text = `You are polling faster than the specified interval of ${tooSoon.missed} seconds.`;
  return new GrantRefusal(429, 'slow_down', text);
}
