import type { Context, SetCookie } from '../../kernel/index.ts';
import type { Session } from './session.store.ts';

/** Holds the session's token. Over TLS `SameSite=None`, so that silent authentication works in frames. */
const SESSION_COOKIE = 'auth0';
/** The same without `SameSite=None`, for browsers that refuse cookies with it. */
const COMPAT_SESSION_COOKIE = 'auth0_compat';

export type CookieJar = Readonly<Record<string, string | undefined>>;

/** The token that the browser presents, or undefined. */
export function readSessionToken(cookies: CookieJar): string | undefined {
  return cookies[SESSION_COOKIE] || cookies[COMPAT_SESSION_COOKIE] || undefined;
}

/** Cookies that hand `token` to the browser: for as long as the session may last, or until the browser closes. */
export function sessionCookies(ctx: Context, session: Session, token: string): SetCookie[] {
  const seconds = Math.max(1, Math.floor((session.expires_at - ctx.clock.now()) / 1000));
  const lifetime = session.persistent ? { maxAge: seconds } : {};
  return [
    { name: SESSION_COOKIE, value: token, ...lifetime },
    { name: COMPAT_SESSION_COOKIE, value: token, sameSite: 'lax', ...lifetime },
  ];
}

/** Cookies that take the session's token away from the browser. */
export function clearedSessionCookies(): SetCookie[] {
  return [
    { name: SESSION_COOKIE, value: '', maxAge: 0 },
    { name: COMPAT_SESSION_COOKIE, value: '', maxAge: 0, sameSite: 'lax' },
  ];
}
