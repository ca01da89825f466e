/**
 * OAuth 2.0 and OpenID Connect: starting and ending logins (`authorize`, `logout`), tokens and who may have them (`token`), what is
 * published about the server and its keys (`discovery`), `userinfo` and `revoke`, and what is older than all of it (`legacy`). The pages of a login are `login/`, which it meets
 * only at `transactions/`.
 */
import type { Endpoint } from '../kernel/index.ts';
import { cibaEndpoints } from './ciba/index.ts';
import { deviceEndpoints } from './device/index.ts';
import { appAssociationEndpoints } from './discovery/app-association.endpoints.ts';
import { discoveryEndpoints } from './discovery/discovery.endpoints.ts';
import { revokeGloballyEndpoint } from './global-token-revocation/revoke-globally.endpoint.ts';
import { legacyEndpoints } from './legacy/index.ts';
import { parEndpoint } from './par/par.endpoint.ts';
import { registerEndpoint } from './register/register.endpoint.ts';
import { revokeEndpoint } from './revoke/revoke.endpoint.ts';
import { tokenEndpoint } from './token/index.ts';
import { userinfoEndpoints } from './userinfo/userinfo.endpoint.ts';

export { forgetAuthorizationCodes } from './authorization-code.store.ts';
export { authorizeEndpoints, beginLogin } from './authorize/index.ts';
export { forgetApprovals, forgetDeferredAuthorizationsOf } from './deferred/deferred.store.ts';
export { endBrowserSession } from './logout/end-browser-session.ts';
export { logoutEndpoints } from './logout/index.ts';
export { endTransferred } from './session-transfer/end-transferred.ts';
export {
  forgetSessionTransfersOf,
  forgetTransfersOnRevocation,
} from './session-transfer/session-transfer-token.store.ts';
export { authenticateClient, type CredentialCarrier } from './token/index.ts';

/** Tokens and all that goes with them. */
export const oauthTokenEndpoints: readonly Endpoint[] = [
  ...discoveryEndpoints,
  ...appAssociationEndpoints,
  registerEndpoint,
  parEndpoint,
  tokenEndpoint,
  ...deviceEndpoints,
  ...cibaEndpoints,
  ...userinfoEndpoints,
  revokeEndpoint,
  revokeGloballyEndpoint,
  ...legacyEndpoints,
];
