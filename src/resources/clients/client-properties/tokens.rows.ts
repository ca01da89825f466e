import { enforced, type PropertyFamily, rowsOf, testsIn } from './property-row.ts';

const idToken = testsIn('src/oauth/token/jwt-configuration.http.test.ts');

const refresh = testsIn('src/oauth/token/grants/refresh-token.http.test.ts');
const several = testsIn('src/oauth/token/multi-resource.http.test.ts');
const policy = enforced(
  'Other APIs that a refresh token is good for. First-party clients only, never the Management API.',
  ['oauth/token/refresh-scopes.ts', 'resources/clients/client.rules.ts'],
  several('another API of a policy: its scopes that the API has, and those of the login'),
  several('policies that could never hold are refused when they are written'),
);

export const tokens: PropertyFamily = {
  title: 'Tokens',
  rows: [
    ...rowsOf('', {
      jwt_configuration: enforced(
        'How ID tokens are made; what a change does not name stays.',
        'oauth/token/id-token.ts',
        idToken('a change of one member keeps the others'),
      ),
      refresh_token: enforced(
        'How refresh tokens live and end. Rotating ones expire; what is not sent has Auth0’s defaults.',
        ['oauth/token/refresh-rules.ts', 'resources/clients/client.defaults.ts'],
        refresh('an application that changes its mind about rotation'),
        testsIn('src/resources/clients/clients.http.test.ts')('what is sent partly is completed as recorded'),
      ),
    }),
    ...rowsOf('jwt_configuration', {
      lifetime_in_seconds: enforced(
        'Seconds that ID tokens live, at least 1; 36000 where nothing is said. Of strict third-party clients: access tokens.',
        ['oauth/token/claims.ts', 'oauth/audience.ts', 'resources/clients/client.rules.ts'],
        testsIn('test/clients/strict-third-party.http.test.ts')(
          'jwt_configuration.lifetime_in_seconds: of a strict client it is how long its access tokens live, if the API lets them',
        ),
        idToken('lifetime_in_seconds: how long the ID token lives; one that would be dead at once is refused'),
      ),
      secret_encoded: enforced(
        'Whether HS256 signs with the bytes that the secret stands for in base64; then it must be base64.',
        'resources/clients/id-token-secret.ts',
        idToken(
          'secret_encoded: HS256 signs with the bytes that the secret stands for, and refuses a secret that is no base64',
        ),
      ),
      alg: enforced(
        'What signs ID tokens: the tenant’s key, or for HS256 the client’s secret, where it keeps one.',
        'oauth/token/id-token.ts',
        idToken('alg: the next ID token is signed as the last change says, and what the tenant publishes verifies it'),
        idToken('HS256 is not for clients that keep no secret, unless they are older than OpenID Connect'),
      ),
    }),
    ...rowsOf('refresh_token', {
      rotation_type: enforced(
        '`rotating`: a token works once, and its reuse ends the family. `non-rotating`: it stays.',
        'oauth/token/refresh-rules.ts',
        refresh('rotation: each exchange gives a new token and ends the old one'),
        refresh('without rotation the token stays, and the answer tells the scope'),
        refresh('an application that changes its mind about rotation'),
      ),
      expiration_type: enforced(
        '`non-expiring`: no lifetime counts.',
        'oauth/token/refresh-rules.ts',
        refresh('tokens that do not expire do not, whatever the lifetimes say; those that do need not rotate'),
        refresh('the absolute end is fixed when the family begins; the idle end moves and follows today’s settings'),
      ),
      leeway: enforced(
        'Seconds in which the token before the newest still works.',
        'oauth/token/refresh-rules.ts',
        refresh('the leeway forgives the token right before the newest, and no earlier one'),
        refresh('after the leeway it is a reuse'),
      ),
      'token_lifetime idle_token_lifetime': enforced(
        'Seconds that a family lives, from its beginning; seconds that it lives without being used.',
        'oauth/token/refresh-rules.ts',
        refresh('the absolute end is fixed when the family begins; the idle end moves and follows today’s settings'),
      ),
      'infinite_token_lifetime infinite_idle_token_lifetime': enforced(
        'That end does not come.',
        'oauth/token/refresh-rules.ts',
        refresh('an end that is infinite does not come; the other one still does'),
      ),
      policies: policy,
    }),
    ...rowsOf('refresh_token.policies[]', {
      audience: enforced(
        'The API.',
        'oauth/token/refresh-scopes.ts',
        several('another API of a policy: its scopes that the API has, and those of the login'),
        several('an API that no policy names is refused, and nothing is used up'),
      ),
      scope: enforced(
        'Scopes that the token may ask for there, besides those of the login.',
        'oauth/token/refresh-scopes.ts',
        several('another API of a policy: its scopes that the API has, and those of the login'),
      ),
    }),
  ],
};
