/**
 * Enterprise protocols in which this server is the identity provider: what each says around the assertions (`assertions/`). Logins
 * themselves are those of every application: they begin and end at `transactions/`.
 */
import type { Endpoint } from '../kernel/index.ts';
import type { BeginLogin } from '../transactions/index.ts';
import { samlEndpoints } from './saml-idp/index.ts';
import { wsFederationEndpoints } from './ws-federation/index.ts';

export {
  answeredRequestsCollection,
  forgetSamlSessions,
  samlProtocol,
  samlSessionsCollection,
} from './saml-idp/index.ts';

export { wsFederationProtocol } from './ws-federation/index.ts';

/** `beginLogin`: begins the login of an application, whichever protocol it speaks. */
export function enterpriseEndpoints(beginLogin: BeginLogin): readonly Endpoint[] {
  return [...samlEndpoints(beginLogin), ...wsFederationEndpoints(beginLogin)];
}
