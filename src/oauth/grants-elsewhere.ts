import {
  delegationIdToken,
  delegationRefreshToken,
  resourceOwner,
  resourceOwnerJwt,
  socialAccessToken,
} from './legacy/index.ts';
import type { Grant } from './token/grant.ts';

/** What the documentation says of a grant type that is run at another place than the token endpoint. */
export interface GrantElsewhere
  extends Pick<Grant, 'type' | 'summary' | 'rules' | 'tests' | 'secondFactor' | 'permits'> {
  /** The path. */
  readonly at: string;
}

/** Grant types whose tokens do not come from `/oauth/token`. */
export const grantsElsewhere: readonly GrantElsewhere[] = [
  {
    type: 'implicit',
    at: '/authorize',
    summary: 'RFC 6749 §4.2 and OpenID Connect Core §3.2: a login, for tokens that come back over the browser.',
    rules: [
      'For `response_type` with `token` or `id_token`, hybrid ones too.',
      'Never a refresh token.',
      'The refusal goes back to the application, by redirect.',
    ],
    tests: ['src/oauth/authorize/front-channel.http.test.ts', 'src/oauth/authorize/errors.http.test.ts'],
  },
  { ...resourceOwner, at: '/oauth/ro' },
  { ...resourceOwnerJwt, at: '/oauth/ro' },
  { ...delegationRefreshToken, at: '/delegation' },
  { ...delegationIdToken, at: '/delegation' },
  { ...socialAccessToken, at: '/oauth/access_token' },
];

/** Grant types that a client may have although this version does not run them: it is refused when it uses one. */
export const grantsNotOffered: readonly string[] = [];
