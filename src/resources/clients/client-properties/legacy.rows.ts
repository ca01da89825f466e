import { enforced, type PropertyFamily, rowsOf, stored } from './property-row.ts';

export const legacy: PropertyFamily = {
  title: 'Older behaviour, metadata and browsers’ logins',
  rows: [
    ...rowsOf('', {
      oidc_conformant: enforced(
        'with organization_require_behavior; confirmation of unverifiable callbacks. Legacy claims: later',
        [],
      ),
      'client_metadata fedcm_login': stored('its own change'),
    }),
    ...rowsOf('jwt_configuration', {
      scopes: stored('its own change'),
    }),
  ],
};
