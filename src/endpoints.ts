import type { Endpoint } from './kernel/index.ts';
import { loginEndpoints } from './login/index.ts';
import { guardianAppEndpoints } from './mfa/index.ts';
import { authorizeEndpoints, logoutEndpoints, oauthTokenEndpoints } from './oauth/index.ts';
import { mfaApiEndpoints } from './oauth/mfa-api/index.ts';
import { connectionEndpoints } from './resources/connections/index.ts';
import { databaseEndpoints } from './strategies/index.ts';

/** The table of contents: everything that can be called, by the folder that owns it. */
export const endpoints: readonly Endpoint[] = [
  ...authorizeEndpoints,
  ...logoutEndpoints,
  ...loginEndpoints,
  ...oauthTokenEndpoints,
  ...mfaApiEndpoints,
  ...databaseEndpoints,
  ...connectionEndpoints,
  ...guardianAppEndpoints,
];
