import { GRANT, TOKEN_TYPE } from '../../vocabulary.ts';
import { type Grant, grant } from '../grant.ts';
import { CUSTOM_PARAMS, exchangeCustomToken, mayExchangeCustomTokens } from './token-exchange/custom.ts';
import { nativeSocialLogins } from './token-exchange/native-social.ts';
import { onBehalfOf } from './token-exchange/on-behalf-of.ts';

/** What is exchanged under types that have a meaning of their own. All other types belong to profiles of the tenant. */
const exchanges: ReadonlyMap<unknown, Grant> = new Map([[TOKEN_TYPE.accessToken, onBehalfOf], ...nativeSocialLogins]);

/** RFC 8693, in all the ways that Auth0 has it; `subject_token_type` says which. */
export const tokenExchange = grant({
  type: GRANT.tokenExchange,
  summary:
    'RFC 8693: a token of somebody else, or an access token of the tenant, for tokens. `subject_token_type` says which way.',
  rules: [
    'Custom token exchange: a profile of the tenant checks the token. For first-party clients with `token_exchange`.',
    'On behalf of: an API exchanges its own access token for one of another API. For clients of type `resource_server`.',
    'Native social login: an Apple authorization code, a Facebook session info token, a Google ID token, proved at the provider. For clients with `native_social_login`.',
    'The right to each is a property of its own: `grant_types` has no say.',
    'With an actor there is no refresh token, and none at all on behalf of.',
  ],
  tests: [
    'src/oauth/token/grants/token-exchange/custom.http.test.ts',
    'src/oauth/token/grants/token-exchange/actor.http.test.ts',
    'src/oauth/token/grants/token-exchange/on-behalf-of.http.test.ts',
    'src/oauth/token/grants/token-exchange/native-social.http.test.ts',
  ],
  params: { ...CUSTOM_PARAMS, user_profile: 'optional' },
  permits: mayExchangeCustomTokens,
  choose: (body) => exchanges.get(body.subject_token_type),
  log: { success: 'secte', failure: 'fecte' },
  secondFactor: true,
  handle: exchangeCustomToken,
});
