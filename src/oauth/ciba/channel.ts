import { oauthError, type WireError } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';

/** How a user is asked, in the words of a client's `async_approval_notification_channels`. */
export type Channel = 'guardian-push' | 'email';

/** Seconds. */
const DEFAULT_EXPIRY = 300;
/** Auth0: who has longer than five minutes is asked by e-mail. */
const LONGEST_PUSH = 300;
/** Auth0: 72 hours. */
const LONGEST = 259_200;

/** `requested_expiry` in seconds: a number, or one as text (OpenID CIBA §7.1.1). Throws WireError 400. */
export function readExpiry(sent: unknown): number {
  if (sent === undefined || sent === null || sent === '') return DEFAULT_EXPIRY;
  const text = String(sent);
  const expiry = /^[1-9]\d{0,5}$/.test(text) ? Number(text) : Number.NaN;
  if (expiry <= LONGEST) return expiry;
  throw oauthError(400, 'invalid_request', `requested_expiry must be an integer between 1 and ${LONGEST}`);
}

/** The channel that goes with `expiry`, if the client has it. Auth0's default is push. Throws WireError 400. */
export function channelFor(client: StoredClient, expiry: number): Channel {
  const channels: readonly string[] = (client.async_approval_notification_channels as
    | readonly string[]
    | null
    | undefined) ?? ['guardian-push'];
  const channel = expiry <= LONGEST_PUSH ? 'guardian-push' : 'email';
  if (channels.includes(channel)) return channel;
  const reason = `A requested_expiry of ${expiry} needs the notification channel ${channel}, which is not enabled for the client`;
  throw oauthError(400, 'invalid_request', reason);
}

/** The user has nothing to be reached by on this channel. */
export function unreachable(channel: Channel): WireError {
  const lacks = { 'guardian-push': 'not enrolled in push notifications', email: 'without a verified email address' };
  return oauthError(400, 'access_denied', `The user is ${lacks[channel]}`);
}
