import type { Context, SetCookie } from '../../kernel/index.ts';
import { hashToken, randomToken } from '../../platform/crypto/index.ts';
import { rememberedBrowsersOf } from './remembered-browser.store.ts';
import type { CookieJar } from './session-cookies.ts';

const REMEMBER_COOKIE = 'auth0-mf';
const COMPAT_REMEMBER_COOKIE = 'auth0-mf_compat';
const DAY = 86_400_000;
/** Auth0: thirty days for users who come back, a week for those who don't. */
const LIFETIME = 30 * DAY;
const IDLE = 7 * DAY;
const TOUCH_INTERVAL = 3_600_000;

/** Lets this browser skip the second factor of `userId` from now on. Answers the cookies to set. */
export async function rememberBrowser(ctx: Context, userId: string): Promise<SetCookie[]> {
  const token = randomToken(ctx.random);
  const now = ctx.clock.now();
  await rememberedBrowsersOf(ctx).insert({
    id: hashToken(token),
    user_id: userId,
    created_at: now,
    last_used_at: now,
    expires_at: now + LIFETIME,
  });
  const maxAge = LIFETIME / 1000;
  return [
    { name: REMEMBER_COOKIE, value: token, maxAge },
    { name: COMPAT_REMEMBER_COOKIE, value: token, maxAge, sameSite: 'lax' },
  ];
}

/** May `userId` skip the second factor in the browser that sent `cookies`? Being asked counts as use. */
export async function isBrowserRemembered(ctx: Context, userId: string, cookies: CookieJar): Promise<boolean> {
  const token = cookies[REMEMBER_COOKIE] || cookies[COMPAT_REMEMBER_COOKIE];
  if (!token) return false;
  const id = hashToken(token);
  const now = ctx.clock.now();
  const found = await rememberedBrowsersOf(ctx).get(id);
  if (!found || found.user_id !== userId || found.expires_at <= now || found.last_used_at + IDLE <= now) return false;
  if (now - found.last_used_at >= TOUCH_INTERVAL)
    await rememberedBrowsersOf(ctx).update(id, (stored) => ({ ...stored, last_used_at: now }));
  return true;
}

/** Forgets all browsers of a user: they are asked for their second factor again everywhere. */
export function forgetBrowsersOf(ctx: Context, userId: string): Promise<number> {
  return rememberedBrowsersOf(ctx).deleteWhere({ user_id: userId });
}
