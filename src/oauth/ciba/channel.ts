import { oauthError, type WireError } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';

/** How a user is asked, in the words of a client's `async_approval_notification_channels`. */
export type Channel = 'guardian-push' | 'email';

const DEFAULT: readonly Channel[] = ['guardian-push'];

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

/**
 * The channels that a request of this length may take, the one to try first first: the app, or e-mail where it is longer than an approval
 * in the app can wait. Auth0: a user without the app is asked by e-mail, and push is what clients have by default.
 *
 * @throws WireError 400 when the client has none of them
 */
export function channelsFor(client: StoredClient, expiry: number): readonly Channel[] {
  const enabled = (client.async_approval_notification_channels as readonly Channel[] | null | undefined) ?? DEFAULT;
  const fitting: readonly Channel[] = expiry <= LONGEST_PUSH ? ['guardian-push', 'email'] : ['email'];
  const channels = fitting.filter((channel) => enabled.includes(channel));
  if (channels.length > 0) return channels;
  const reason = `A requested_expiry of ${expiry} needs the notification channel ${fitting[0]}, which is not enabled for the client`;
  throw oauthError(400, 'invalid_request', reason);
}

/** The user can be reached by none of `channels`. */
export function unreachable(channels: readonly Channel[]): WireError {
  const lacks = { 'guardian-push': 'not enrolled in push notifications', email: 'without a verified email address' };
  const reasons = channels.map((channel) => lacks[channel]).join(' and ');
  return oauthError(400, 'access_denied', `The user is ${reasons}`);
}
