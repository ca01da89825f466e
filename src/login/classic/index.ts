/**
 * What Lock and auth0.js speak to: login forms on an application's own pages (`/co/*`), and Auth0's classic login page with what it
 * posts to. Each proves a first factor by the same strategies as our pages, and hands on to `/authorize/resume` as they do.
 */
import type { Endpoint } from '../../kernel/index.ts';
import { clientConfigurationEndpoint } from './client-configuration.endpoint.ts';
import { coAuthenticateEndpoint } from './co-authenticate.endpoint.ts';
import { coVerifyEndpoints } from './co-verify.endpoints.ts';
import { loginPageEndpoint } from './login-page.endpoint.ts';
import { usernamePasswordLoginEndpoint } from './usernamepassword-login.endpoint.ts';
import { widgetEndpoints } from './widget.endpoints.ts';

export const classicEndpoints: readonly Endpoint[] = [
  coAuthenticateEndpoint,
  ...coVerifyEndpoints,
  loginPageEndpoint,
  usernamePasswordLoginEndpoint,
  ...widgetEndpoints,
  clientConfigurationEndpoint,
];
