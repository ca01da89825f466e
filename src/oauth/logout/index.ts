/** Ending the single sign-on session: Auth0's own `/v2/logout` and RP-Initiated Logout 1.0, with the page that asks first. */
import type { Endpoint } from '../../kernel/index.ts';
import { oidcLogoutEndpoints } from './oidc-logout.endpoints.ts';
import { v2LogoutEndpoint } from './v2-logout.endpoint.ts';

export const logoutEndpoints: readonly Endpoint[] = [v2LogoutEndpoint, ...oidcLogoutEndpoints];
