/**
 * The authorization endpoint: how a request comes and whose it is (`request/`), what it must be like (`checks.ts`, one rule a file), the ways
 * into a login (`entries/`), what is true around it (`login.ts`), how it ends (`endings/`), and how the application is answered
 * (`respond.ts`, `response-modes.ts`). Which step comes next is decided in `transactions/`, the pages are `login/`, tokens are made in
 * `oauth/token`.
 */
import type { Endpoint } from '../../kernel/index.ts';
import { authorizationRequestEndpoints } from './authorize.endpoints.ts';
import { magicLinkEndpoint } from './entries/magic-link.endpoint.ts';
import { resumeEndpoint } from './resume.endpoint.ts';

export { beginLogin } from './entries/begin-login.ts';
export { checkPushed } from './request/check-pushed.ts';
export { type AuthorizeParameters, authorizeParameters } from './request/request.ts';

export const authorizeEndpoints: readonly Endpoint[] = [
  ...authorizationRequestEndpoints,
  resumeEndpoint,
  magicLinkEndpoint,
];
