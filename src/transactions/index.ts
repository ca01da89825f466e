/**
 * Logins in progress. The one thing that `oauth/` (which starts and ends them) and `login/` (whose pages move them on) share:
 * their data, the cookie that binds them to a browser, tickets for what was proved elsewhere, the pure function that decides which step comes next, and the addresses
 * of the pages. It does not gather the facts that the decision needs, nor show a page.
 */
export type { ProvenMethod } from '../resources/sessions/index.ts';
export { askedOf } from './asked.ts';
export type { Cookies } from './device-cookie.ts';
export {
  type BeginLogin,
  type FinishedLogin,
  type ForeignProtocol,
  type ForeignWish,
  protocolOf,
  type RefusedLogin,
  registerProtocol,
} from './foreign.ts';
export {
  forgetLoginTicketsOf,
  forgetTicketsOnRevocation,
  type LoginTicket,
  loginTicketsCollection,
} from './login-ticket.store.ts';
export {
  browserCookie,
  findLoginTicket,
  isOfBrowser,
  issueLoginTicket,
  loginTicketById,
  spendLoginTicket,
  TICKET_LIFETIME,
  unverifiedBrowser,
} from './login-ticket.ts';
export { type LogoutDetour, logoutRoute, registerLogoutDetour } from './logout-detour.ts';
export { LostTransaction, lostTransaction } from './lost-transaction.ts';
export { type Facts, nextStep, type Step, silentRefusal } from './next-step.ts';
export {
  advanceTransaction,
  type EnrollmentDraft,
  finishTransaction,
  type LoginDraft,
  refuseTransaction,
  requireAnyTransaction,
  requireTransaction,
  type StartedTransaction,
  startTransaction,
} from './progress.ts';
export { type FirstProof, proveFirstFactor, provePassword } from './prove-first-factor.ts';
export { isOutdated, requireStanding, stillStands } from './standing.ts';
export {
  CLASSIC_LOGIN,
  CO_VERIFY,
  classicLoginPath,
  FEDERATED_LOGIN,
  IDENTIFIER_LOGIN,
  LOGIN,
  LOGIN_PASSWORD,
  PASSKEY_ENROLLMENT,
  RESUME,
  type ScreenHint,
  stepPath,
} from './step-paths.ts';
export { transactionsCollection, transactionsOf } from './transaction.store.ts';
export type {
  AnyTransaction,
  AuthorizationRequest,
  BackchannelDecision,
  ConsentRequest,
  Decision,
  DeviceDecision,
  EnrollmentTransaction,
  ForeignRequest,
  PendingFactor,
  Refusal,
  SecondFactor,
  Transaction,
} from './transaction.ts';
export { openUserCode, sealUserCode } from './user-code.ts';
