import { enforced, type PropertyFamily, rowsOf, stored } from './property-row.ts';

export const wsFederation: PropertyFamily = {
  title: 'WS-Federation and the identity provider’s keys',
  rows: [
    ...rowsOf('', {
      client_aliases: enforced('unique in the tenant. SAML and WS-Federation: later', []),
      'encryption_key form_template': stored('WS-Federation'),
    }),
    ...rowsOf('encryption_key', {
      'pub cert subject': stored('WS-Federation'),
    }),
    ...rowsOf('addons', {
      wsfed: stored('WS-Federation'),
    }),
  ],
};
