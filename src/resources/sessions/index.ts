/** Single sign-on sessions of browsers: kept, found by cookie, ended; and `/api/v2/sessions`. The login that makes them is in `login/` and `oauth/authorize`. */
export { type Session, sessionsCollection, sessionsOf } from './session.store.ts';
