/**
 * Enterprise protocols in which this server is the identity provider: what each says around the assertions (`assertions/`). Logins
 * themselves are those of every application: they begin and end at `transactions/`.
 */
import type { Endpoint } from '../kernel/index.ts';
import { type SamlHost, samlEndpoints } from './saml-idp/index.ts';
import { wsFederationEndpoints } from './ws-federation/index.ts';

export {
  answeredRequestsCollection,
  forgetSamlSessions,
  samlLogoutDetour,
  samlLogoutsCollection,
  samlProtocol,
  samlSessionsCollection,
} from './saml-idp/index.ts';

export { wsFederationProtocol } from './ws-federation/index.ts';

/** `host`: what these protocols need of the rest of the server. */
export function enterpriseEndpoints(host: SamlHost): readonly Endpoint[] {
  return [...samlEndpoints(host), ...wsFederationEndpoints(host.beginLogin)];
}
