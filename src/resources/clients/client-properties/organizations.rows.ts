import { enforced, type PropertyFamily, rowsOf, testsIn } from './property-row.ts';

const login = testsIn('src/oauth/authorize/organization.http.test.ts');
const pages = testsIn('src/login/organization-pages.http.test.ts');
const client = testsIn('src/oauth/token/grants/client-organization.http.test.ts');
const grant = 'oauth/token/grants/client-organization.ts';
const preset = client('require: one must be named, or be the default');

export const organizations: PropertyFamily = {
  title: 'Organizations',
  rows: [
    ...rowsOf('', {
      default_organization: enforced(
        'Whom it acts for where the client grant demands an organization and the request names none. One of the tenant’s.',
        grant,
        preset,
        client('the default stays out of it where an organization is optional'),
      ),
      organization_usage: enforced(
        'Whether its users log in to an organization: never, if they like, always. At /authorize and at every grant for users.',
        ['oauth/authorize/login-organization.ts', 'oauth/organization.ts'],
        login('denied, required, unknown, of another tenant'),
        login('obey the application’s usage'),
      ),
      organization_require_behavior: enforced(
        'Whether the organization is asked for: not, before the login, or after it.',
        ['oauth/authorize/login-organization.ts', 'oauth/authorize/checks/organization.ts'],
        pages('asks for the organization by name, then for the password'),
        pages('several are offered, and nothing but them is taken'),
        login('denied, required, unknown, of another tenant'),
      ),
      organization_discovery_methods: enforced(
        'What people may type there: the organization’s name, their address.',
        'login/steps/organization/organization-selection.step.ts',
        pages('by the domain of an address, as far as it is verified and wanted'),
      ),
    }),
    ...rowsOf('default_organization', {
      organization_id: enforced(
        'The organization.',
        grant,
        preset,
        testsIn('src/resources/organizations/organization-parts.http.test.ts')(
          'a client’s default organization must be one of the tenant’s',
        ),
      ),
      flows: enforced('Where the default counts: `client_credentials`.', grant, preset),
    }),
  ],
};
