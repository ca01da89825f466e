import { enforced, type PropertyFamily, rowsOf, testsIn } from './property-row.ts';

const idToken = testsIn('src/oauth/token/jwt-configuration.http.test.ts');

export const tokens: PropertyFamily = {
  title: 'Tokens',
  rows: [
    ...rowsOf('', {
      jwt_configuration: enforced(
        'How ID tokens are made; what a change does not name stays.',
        'oauth/token/id-token.ts',
        idToken('a change of one member keeps the others'),
      ),
      refresh_token: enforced('rotation, leeway, lifetimes, reuse detection, other APIs (policies)', []),
    }),
    ...rowsOf('jwt_configuration', {
      lifetime_in_seconds: enforced(
        'Seconds that ID tokens live, at least 1; 36000 where nothing is said.',
        ['oauth/token/claims.ts', 'resources/clients/client.rules.ts'],
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
      'rotation_type expiration_type leeway token_lifetime infinite_token_lifetime idle_token_lifetime infinite_idle_token_lifetime policies':
        enforced('rotation, leeway, lifetimes, reuse detection, other APIs (policies)', []),
    }),
    ...rowsOf('refresh_token.policies[]', {
      'audience scope': enforced('rotation, leeway, lifetimes, reuse detection, other APIs (policies)', []),
    }),
  ],
};
