import { enforced, type PropertyFamily, rowsOf } from './property-row.ts';

export const organizations: PropertyFamily = {
  title: 'Organizations',
  rows: [
    ...rowsOf('', {
      default_organization: enforced('client credentials where the grant demands an organization', []),
      organization_usage: enforced('/authorize and every grant that gives tokens of users', []),
      organization_require_behavior: enforced('pages that ask for the organization, before or after the login', []),
      organization_discovery_methods: enforced('the page that asks for the organization before the login', []),
    }),
    ...rowsOf('default_organization', {
      'organization_id flows': enforced('client credentials where the grant demands an organization', []),
    }),
  ],
};
