/**
 * OpenID CIBA up to the tokens: requests that a user approves in their app or by a mailed link, and how a login ends that was about one.
 * What waits is `oauth/deferred`, the app's protocol `mfa/guardian-app`, the grant is in `oauth/token/grants`, the page that shows what
 * is asked for in `login/`.
 */
import type { Endpoint } from '../../kernel/index.ts';
import { backchannelAuthenticationEndpoint } from './bc-authorize.endpoint.ts';
import { backchannelVerifyEndpoint } from './bc-verify.endpoint.ts';
import { backchannelResultEndpoint } from './result-page.endpoint.ts';

export const cibaEndpoints: readonly Endpoint[] = [
  backchannelAuthenticationEndpoint,
  backchannelVerifyEndpoint,
  backchannelResultEndpoint,
];
