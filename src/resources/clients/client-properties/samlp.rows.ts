import { type PropertyFamily, rowsOf, stored } from './property-row.ts';

export const samlp: PropertyFamily = {
  title: 'SAML',
  rows: [
    ...rowsOf('addons', {
      samlp: stored('SAML'),
    }),
    ...rowsOf('addons.samlp', {
      'mappings audience recipient createUpnClaim mapUnknownClaimsAsIs passthroughClaimsWithNoMapping mapIdentities signatureAlgorithm digestAlgorithm issuer destination lifetimeInSeconds signResponse nameIdentifierFormat nameIdentifierProbes authnContextClassRef':
        stored('SAML'),
    }),
  ],
};
