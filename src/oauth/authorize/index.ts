/**
 * The authorization endpoint: what a request must be like (`checks.ts`, one rule a file), what is true around a login (`login.ts`),
 * how it ends (`complete-login.ts`), and how the application is answered (`respond.ts`, `response-modes.ts`). Which step comes next
 * is decided in `transactions/`, the pages are `login/`, tokens are made in `oauth/token`.
 */
import type { Endpoint } from '../../kernel/index.ts';
import { authorizationRequestEndpoints } from './authorize.endpoints.ts';
import { magicLinkEndpoint } from './magic-link.endpoint.ts';
import { resumeEndpoint } from './resume.endpoint.ts';

export { beginLogin } from './begin-login.ts';
export { checkPushed } from './check-pushed.ts';
export { type AuthorizeParameters, authorizeParameters } from './request.ts';

export const authorizeEndpoints: readonly Endpoint[] = [
  ...authorizationRequestEndpoints,
  resumeEndpoint,
  magicLinkEndpoint,
];
