/**
 * Single sign-on sessions of browsers: begun, found by cookie, kept alive, ended; the cookies that carry them;
 * the browsers that may skip a second factor. Who hears of the end of a session is `backchannel-logout`.
 * The logins that lead to them are in `login/` and `oauth/authorize`.
 */

export {
  endExpiredSessions,
  endSession,
  endSessionsOf,
  endSessionsWhere,
  onSessionEnded,
  SESSION_ENDS,
  type SessionEnd,
} from './end-session.ts';
export { type RememberedBrowser, rememberedBrowsersCollection } from './remembered-browser.store.ts';
export { forgetBrowsersOf, isBrowserRemembered, rememberBrowser } from './remembered-browser.ts';
export { requireSession, sessionEndpoints } from './session.endpoints.ts';
export { isOver as isSessionOver } from './session.rules.ts';
export { type FirstFactor, type ProvenMethod, type Session, sessionsCollection, sessionsOf } from './session.store.ts';
export { type CookieJar, clearedSessionCookies } from './session-cookies.ts';
export {
  findSession,
  type OpenedSession,
  openSession,
  prolongSession,
  type SessionOpening,
  touchSession,
} from './sessions.ts';
