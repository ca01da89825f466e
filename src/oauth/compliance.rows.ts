import type { ComplianceRules } from './compliance.ts';

/** What each rule means to somebody who sets a level, for `docs/compat/compliance-levels.md`. */
export const complianceRules: Readonly<Record<keyof ComplianceRules, string>> = {
  clientAuthentication: 'How the client proves itself, to the exclusion of everything else',
  strictAssertionAudience: 'An assertion names the issuer alone, as a text',
  algorithms: 'What signs assertions and signed requests',
  oidcConformant: 'The client must be `oidc_conformant`',
  pushedRequests: 'Requests must be pushed',
  signedRequests: 'Requests must be signed; `nbf` and `exp` at most an hour apart',
  responseType: 'The one `response_type`',
  s256: 'PKCE with S256',
  redirectUriRequired: '`redirect_uri` may not be left out',
  placeholderCallbacks: 'Callbacks may be matched by placeholders',
  codeLifetime: 'Seconds that codes live',
  certificateBound: 'Access tokens must be bound to a client certificate',
  issInResponse: '`iss` in every answer of `/authorize`',
  stateHash: '`s_hash` in ID tokens over the browser',
  numericTimes: '`updated_at` as a number',
  tokenInHeader: '`/userinfo` takes the token from the Authorization header alone',
  interactionId: '`/userinfo` answers with `x-fapi-interaction-id`',
  standardErrors: 'Error codes and statuses of the specifications',
};
