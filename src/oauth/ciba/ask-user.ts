import { type Context, oauthError } from '../../kernel/index.ts';
import { findApprovalDevice, startApproval } from '../../mfa/index.ts';
import { hashToken, randomToken } from '../../platform/crypto/index.ts';
import { type Limit, spendAllowance } from '../../protection/index.ts';
import type { Authenticator } from '../../resources/authentication-methods/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { enqueueMessage } from '../../resources/outgoing-messages/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';
import { type DeferredAuthorization, deferredAuthorizationsOf } from '../deferred/deferred.store.ts';
import { draftDeferred } from '../deferred/deferred.ts';
import type { BackchannelRequest } from './backchannel-request.ts';
import { unreachable } from './channel.ts';
import { approvalEmail } from './email.ts';

/** Seconds between two questions of the client. */
export const INTERVAL = 5;
/** Auth0: no user is asked more often than five times a minute, whoever asks. */
const REQUESTS: Limit = { burst: 5, everyMs: 12_000 };
/** Auth0's length: 64 URL-safe characters. */
const HANDLE_BYTES = 48;

/** Where mailed links lead. As Auth0's. */
export const VERIFY = '/bc-verify';

/**
 * Asks the user of `request` and keeps what waits for their answer. Answers the `auth_req_id`.
 *
 * @throws WireError 400 access_denied when the user cannot be reached, 429 too_many_requests; Failure too_many_messages,
 * message_not_sent; then nobody was asked
 */
export async function askUser(ctx: Context, client: StoredClient, request: BackchannelRequest): Promise<string> {
  const { user } = request;
  const address = await findAddress(ctx, request);
  const spent = await spendAllowance(ctx, ['backchannel_requests', user.user_id], REQUESTS);
  if (!spent.allowed)
    throw oauthError(429, 'too_many_requests', 'Too many requests. Wait for some minutes before retrying.', spent);
  const auth_req_id = randomToken(ctx.random, HANDLE_BYTES);
  const asking = { client, request, row: draftRow(ctx, client, request, hashToken(auth_req_id)) };
  await ('email' in address ? askByEmail(ctx, asking, address.email) : askByPush(ctx, asking, address.device));
  return auth_req_id;
}

interface Asking {
  readonly client: StoredClient;
  readonly request: BackchannelRequest;
  readonly row: DeferredAuthorization;
}

/** Where the user is reached, by the first of the channels that leads to them. */
async function findAddress(
  ctx: Context,
  { user, channels }: BackchannelRequest,
): Promise<{ readonly device: Authenticator } | { readonly email: string }> {
  const device = channels.includes('guardian-push') ? await findApprovalDevice(ctx, user) : undefined;
  if (device) return { device };
  if (channels.includes('email') && user.email && user.email_verified) return { email: user.email };
  throw unreachable(channels);
}

function draftRow(ctx: Context, client: StoredClient, request: BackchannelRequest, id: string): DeferredAuthorization {
  const { user, scope, audience, authorization_details, binding_message, expiry } = request;
  const asked = {
    id,
    kind: 'ciba',
    client_id: client.client_id,
    user_id: user.user_id,
    scope,
    ...(audience === undefined ? {} : { audience }),
    ...(authorization_details ? { authorization_details } : {}),
    binding_message,
    interval: INTERVAL,
  } as const;
  return draftDeferred(ctx, asked, expiry * 1000);
}

async function askByPush(ctx: Context, { request, row }: Asking, authenticator: Authenticator): Promise<void> {
  const { user, target, grantable, binding_message, authorization_details, expiry } = request;
  const details = authorization_details ? { authorization_details } : {};
  const consent = { audience: target.identifier, scope: grantable, binding_message, ...details };
  const { client_id } = row;
  const asked = { user, client_id, authenticator, consent, lifetimeMs: expiry * 1000 };
  const challenge_id = await startApproval(ctx, asked);
  await deferredAuthorizationsOf(ctx).insert({ ...row, challenge_id });
}

/** The mail goes out once the answer has left, and is tried again for as long as the request lives. */
async function askByEmail(ctx: Context, { client, request, row }: Asking, to: string): Promise<void> {
  const { user, binding_message } = request;
  const token = randomToken(ctx.random);
  const link = `${ctx.issuer}${VERIFY.slice(1)}?consent=${token}`;
  const service = (await tenantSettings(ctx)).friendly_name || ctx.tenant.name;
  const message = approvalEmail(to, { link, service, application: client.name, binding_message });
  const event = { user_id: user.user_id, user_name: to, client_id: client.client_id, client_name: client.name };
  const details = { email_type: 'async_approval', to };
  const failure = { ...event, type: 'fn', description: `To: ${to}`, details } as const;
  await ctx.store.transaction(async () => {
    await deferredAuthorizationsOf(ctx).insert({ ...row, link_hash: hashToken(token) });
    await enqueueMessage(ctx, message, { user_id: user.user_id, failure, expires_at: row.expires_at });
  });
}
