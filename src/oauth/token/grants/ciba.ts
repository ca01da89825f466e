import { type Context, epochSeconds, isoTime, oauthError, type WireError } from '../../../kernel/index.ts';
import { readApproval, spendApproval } from '../../../mfa/index.ts';
import type { StoredClient } from '../../../resources/clients/index.ts';
import type { Approval, DeferredAuthorization } from '../../deferred/deferred.store.ts';
import { findDeferred, notePoll } from '../../deferred/deferred.ts';
import { authorizeDeferred } from '../../deferred/redeem.ts';
import { GRANT } from '../../vocabulary.ts';
import type { Authorization } from '../authorization.ts';
import { grant } from '../grant.ts';
import { GrantRefusal } from '../grant-refusal.ts';

/** OpenID CIBA §10.1: the request that a user was asked to approve, asked for again and again until they have. */
export const ciba = grant({
  type: GRANT.ciba,
  summary: 'OpenID CIBA §10.1: a request that its user was asked to approve elsewhere, for tokens of that user.',
  rules: [
    'A request works once, until it expires, for its own client.',
    'Who asks more often than every five seconds is told to slow down, and must wait five seconds longer from then on.',
    'What was declined and what has expired is refused in the same words.',
  ],
  tests: [
    'src/oauth/ciba/ciba.http.test.ts',
    'src/oauth/ciba/bc-authorize.http.test.ts',
    'src/oauth/ciba/approval-by-email.http.test.ts',
    'test/attacks/ciba.http.test.ts',
  ],
  params: { auth_req_id: 'required' },
  log: { success: 'ciba_exchange_succeeded', failure: 'ciba_exchange_failed' },
  async handle(ctx, { client, params }) {
    const deferred = await findDeferred(ctx, 'ciba', client, params.auth_req_id);
    if (!deferred) throw unknownRequest('no such request, or of another client');
    const refused = deferred.denial !== undefined || deferred.expires_at <= ctx.clock.now();
    if (refused) throw declined(deferred);
    if (deferred.approval) return authorize(ctx, client, deferred, deferred.approval);
    const { challenge_id } = deferred;
    const given = challenge_id === undefined ? undefined : await readApproval(ctx, challenge_id);
    if (given?.answer === 'rejected') throw declined(deferred);
    if (!given || challenge_id === undefined) throw await pending(ctx, deferred);
    const authorized = await authorize(ctx, client, deferred, approvalInApp(deferred, given.answered_at));
    return { ...authorized, consume: () => consumeBoth(ctx, challenge_id, authorized) };
  },
});

function authorize(
  ctx: Context,
  client: StoredClient,
  deferred: DeferredAuthorization,
  approval: Approval,
): Promise<Authorization> {
  return authorizeDeferred(ctx, { client, deferred, approval, flow: 'ciba', refusal: unknownRequest });
}

/** The app has a key that only its user can use: that is what was proved. */
function approvalInApp({ user_id = '', scope }: DeferredAuthorization, answered_at: number): Approval {
  return {
    user_id,
    scope,
    auth_time: epochSeconds({ now: () => answered_at }),
    methods: [{ name: 'mfa', type: 'push', timestamp: isoTime(answered_at) }],
    approved_at: answered_at,
  };
}

async function consumeBoth(ctx: Context, challengeId: string, { consume }: Authorization): Promise<void> {
  if (!(await spendApproval(ctx, challengeId))) throw unknownRequest('redeemed by somebody else');
  await consume?.({});
}

function unknownRequest(detail: string): GrantRefusal {
  return new GrantRefusal(400, 'invalid_grant', 'Invalid or expired auth_req_id', { detail });
}

function declined({ user_id }: DeferredAuthorization): GrantRefusal {
  const text = 'The end-user denied the authorization request or it has been expired';
  return new GrantRefusal(400, 'access_denied', text, user_id === undefined ? {} : { log: { user_id } });
}

async function pending(ctx: Context, deferred: DeferredAuthorization): Promise<WireError> {
  const { isGone, tooSoon } = await notePoll(ctx, deferred);
  // The approval was read after somebody else had redeemed it.
  if (isGone) return unknownRequest('redeemed by somebody else');
  if (!tooSoon) return oauthError(400, 'authorization_pending', 'The end-user authorization is pending');
  const { interval } = tooSoon;
  return oauthError(400, 'slow_down', `You are polling faster than allowed. Try again in ${interval} seconds.`, {
    extra: { interval },
    headers: { 'retry-after': String(interval) },
  });
}
