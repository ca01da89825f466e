import { enterpriseEndpoints } from './enterprise/index.ts';
import type { Endpoint } from './kernel/index.ts';
import { loginEndpoints } from './login/index.ts';
import { guardianAppEndpoints } from './mfa/index.ts';
import {
  authorizeEndpoints,
  beginLogin,
  endBrowserSession,
  logoutEndpoints,
  oauthTokenEndpoints,
} from './oauth/index.ts';
import { mfaApiEndpoints } from './oauth/mfa-api/index.ts';
import { passkeyEndpoints } from './oauth/passkey/index.ts';
import { passwordlessEndpoints } from './oauth/passwordless/index.ts';
import { userBlockEndpoints } from './protection/index.ts';
import { accessRevocationEndpoints } from './resources/access-revocation/index.ts';
import { actionEndpoints } from './resources/actions/index.ts';
import { authenticationMethodEndpoints } from './resources/authentication-methods/index.ts';
import { clientGrantEndpoints } from './resources/client-grants/index.ts';
import { clientRelationEndpoints } from './resources/client-relations/index.ts';
import { cimdEndpoints, clientResourceEndpoints, credentialEndpoints } from './resources/clients/index.ts';
import { connectionProfileEndpoints } from './resources/connection-profiles/index.ts';
import { connectionEndpoints } from './resources/connections/index.ts';
import { deviceCredentialEndpoints } from './resources/device-credentials/index.ts';
import { federatedTokensetEndpoints } from './resources/federated-tokensets/index.ts';
import { grantEndpoints } from './resources/grants/index.ts';
import { guardianEndpoints } from './resources/guardian/index.ts';
import { keyEndpoints } from './resources/keys/index.ts';
import { logEndpoints } from './resources/logs/index.ts';
import { myOrganizationEndpoints } from './resources/my-organization/index.ts';
import { organizationEndpoints } from './resources/organizations/index.ts';
import { promptEndpoints } from './resources/prompts/index.ts';
import { refreshTokenEndpoints } from './resources/refresh-tokens/index.ts';
import { resourceServerEndpoints } from './resources/resource-servers/index.ts';
import { roleEndpoints } from './resources/roles/index.ts';
import { sessionEndpoints } from './resources/sessions/index.ts';
import { tenantSettingsEndpoints } from './resources/tenant-settings/index.ts';
import { tokenExchangeProfileEndpoints } from './resources/token-exchange-profiles/index.ts';
import { userAttributeProfileEndpoints } from './resources/user-attribute-profiles/index.ts';
import { userEndpoints } from './resources/users/index.ts';
import { databaseEndpoints, sendVerificationEmail, ticketEndpoints } from './strategies/index.ts';

/** The table of contents: everything that can be called, by the folder that owns it. */
export const endpoints: readonly Endpoint[] = [
  ...authorizeEndpoints,
  ...logoutEndpoints,
  ...loginEndpoints,
  ...oauthTokenEndpoints,
  ...enterpriseEndpoints({ beginLogin, endBrowserSession }),
  ...mfaApiEndpoints,
  ...passkeyEndpoints,
  ...passwordlessEndpoints,
  ...databaseEndpoints,
  ...clientResourceEndpoints,
  ...cimdEndpoints,
  ...clientRelationEndpoints,
  ...credentialEndpoints,
  ...clientGrantEndpoints,
  ...tokenExchangeProfileEndpoints,
  ...resourceServerEndpoints,
  ...tenantSettingsEndpoints,
  ...keyEndpoints,
  ...connectionEndpoints,
  ...connectionProfileEndpoints,
  ...userAttributeProfileEndpoints,
  ...grantEndpoints,
  ...sessionEndpoints,
  ...refreshTokenEndpoints,
  ...deviceCredentialEndpoints,
  ...accessRevocationEndpoints,
  ...userEndpoints(sendVerificationEmail),
  ...roleEndpoints,
  ...actionEndpoints,
  ...promptEndpoints,
  ...organizationEndpoints,
  ...myOrganizationEndpoints,
  ...federatedTokensetEndpoints,
  ...userBlockEndpoints,
  ...ticketEndpoints,
  ...logEndpoints,
  ...guardianAppEndpoints,
  ...guardianEndpoints,
  ...authenticationMethodEndpoints,
];
