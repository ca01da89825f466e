/**
 * What people see while they log in, sign up, reset a password, set up or prove a second factor, and consent; and the endpoints of
 * database connections that widgets post to. A step proves one thing, writes it into the transaction and hands on to
 * `/authorize/resume`; steps never call steps. What comes next is decided in `transactions/`, tokens are made in `oauth/`.
 */
export { renderErrorPage } from './error-page.ts';
export { loginEndpoints } from './login.endpoints.ts';
