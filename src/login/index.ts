/**
 * What people see while they log in, sign up, reset a password, set up or prove a second factor, and consent. Each page in `steps/`
 * proves one thing, writes it into the transaction and hands on to `/authorize/resume`; it never leads to the page of another step.
 * Pages that a mailed link opens are in `links/`. What comes next is decided in `transactions/`, tokens are made in `oauth/`,
 * and what widgets post to (`/dbconnections/*`) is `strategies/`.
 */
export { renderErrorPage } from './error-page.ts';
export { loginEndpoints } from './login.endpoints.ts';
