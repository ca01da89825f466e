import type { StoredClient } from '../../resources/clients/index.ts';
import type { RefreshToken } from '../../resources/refresh-tokens/index.ts';
import type { Target } from '../target.ts';
import { OFFLINE_ACCESS, ONLINE_ACCESS, SCOPE_CLAIMS } from '../vocabulary.ts';

type Token = Pick<RefreshToken, 'audience' | 'scope'>;
type Client = Pick<StoredClient, 'is_first_party' | 'refresh_token'>;

/** Scopes that belong to the user's login and not to one API. */
const isOfLogin = (scope: string) =>
  scope === OFFLINE_ACCESS || scope === ONLINE_ACCESS || Object.hasOwn(SCOPE_CLAIMS, scope);

const union = (...scopes: readonly (readonly string[])[]) => [...new Set(scopes.flat())];

/**
 * What `token` is good for at `target`, before the API's own rules: at the API that it was issued for, what was granted there and what
 * the client's policy adds; at another one that a policy names, the policy's scopes and those of the login. A scope of one API is never
 * carried to another, whatever it is called. Undefined: the token is not good for that API. Auth0: Multi-Resource Refresh Tokens.
 */
export function renewableScopes(token: Token, target: Target, client: Client): readonly string[] | undefined {
  const policy = policyFor(client, target);
  if (target.identifier === token.audience) return union(token.scope, policy ?? []);
  return policy && union(token.scope.filter(isOfLogin), policy);
}

/** Auth0: policies are for first-party clients and for APIs where these need no consent, never for the Management API. */
function policyFor({ is_first_party, refresh_token }: Client, { kind, identifier, resourceServer }: Target) {
  const mayApply = kind === 'api' && is_first_party !== false;
  if (!mayApply || resourceServer?.skip_consent_for_verifiable_first_party_clients !== true) return undefined;
  const policies = (refresh_token?.policies ?? []).filter(({ audience }) => audience === identifier);
  return policies.length === 0 ? undefined : union(...policies.map(({ scope }) => scope));
}

/** Those of `renewable` that were asked for; all where nothing was. Wider wishes are ignored in silence. */
export function narrowScopes(renewable: readonly string[], asked: readonly string[] | undefined): readonly string[] {
  return asked === undefined ? renewable : renewable.filter((scope) => asked.includes(scope));
}
