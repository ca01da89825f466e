import { enforced, type PropertyFamily, rowsOf } from './property-row.ts';

export const tokens: PropertyFamily = {
  title: 'Tokens',
  rows: [
    ...rowsOf('', {
      jwt_configuration: enforced(
        'lifetime and algorithm of ID tokens, and the bytes of the secret that signs HS256. scopes: later',
        [],
      ),
      refresh_token: enforced('rotation, leeway, lifetimes, reuse detection, other APIs (policies)', []),
    }),
    ...rowsOf('jwt_configuration', {
      'lifetime_in_seconds secret_encoded alg': enforced(
        'lifetime and algorithm of ID tokens, and the bytes of the secret that signs HS256. scopes: later',
        [],
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
