/**
 * OpenID Connect Back-Channel Logout 1.0: applications that took part in a session are told of its end by a signed logout token. It owns
 * who is told of what, and the token; sessions end in `sessions`, and when a token is tried again is the queue's (`outgoing-messages`).
 */
export { announceLogout, LOGOUT_TOKEN } from './announce-logout.ts';
export { deliverLogoutToken } from './deliver-logout-token.ts';
