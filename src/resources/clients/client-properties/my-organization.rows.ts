import { enforced, type PropertyFamily, rowsOf, stored, testsIn } from './property-row.ts';

const configures = testsIn('src/resources/my-organization/my-organization.http.test.ts');
const setsUp = testsIn('src/resources/my-organization/identity-providers.http.test.ts');

const CALL = 'resources/my-organization/visit.ts';
const PROVIDERS = 'resources/my-organization/identity-providers';

export const myOrganization: PropertyFamily = {
  title: 'Express configuration and My Organization',
  rows: [
    ...rowsOf('', {
      express_configuration: stored('profiles of connections'),
      my_organization_configuration: enforced(
        'Administrators of organizations may call the My Organization API with this application; without it every call is refused.',
        CALL,
        configures('without my_organization_configuration every call is refused'),
      ),
    }),
    ...rowsOf('express_configuration', {
      'initiate_login_uri_template user_attribute_profile_id connection_profile_id enable_client enable_organization linked_clients okta_oin_client_id admin_login_domain oin_submission_id':
        stored('profiles of connections'),
    }),
    ...rowsOf('express_configuration.linked_clients[]', {
      client_id: stored('profiles of connections'),
    }),
    ...rowsOf('my_organization_configuration', {
      connection_profile_id: enforced(
        'Names identity providers that organizations set up, and decides which of their switches organizations have. SCIM and Universal Logout, which the profile may allow, are not offered.',
        [`${PROVIDERS}/connection-choices.ts`, `${PROVIDERS}/connection-name.ts`],
        configures('the connection profile says which switches an organization has'),
        setsUp('has the name that the profile’s prefix gives it; nobody learns what names others have'),
        setsUp('keeps to what the connection profile decides about its switches'),
      ),
      user_attribute_profile_id: enforced(
        'Makes the attribute map of identity providers that organizations set up.',
        `${PROVIDERS}/attribute-mapping.ts`,
        setsUp('lets people in, by the mapping of the user attribute profile, and makes members as the profile wants'),
        setsUp('attributes follow the profile when asked to'),
      ),
      allowed_strategies: enforced(
        'Strategies of which organizations may set up identity providers; of those in the list, this server has oidc and okta.',
        `${PROVIDERS}/create.ts`,
        setsUp('is of a strategy in allowed_strategies that this server has'),
      ),
      connection_deletion_behavior: enforced(
        'Whether organizations may delete an identity provider that has users, and its users with it.',
        `${PROVIDERS}/change.ts`,
        setsUp('allow: the connection goes with its users'),
        setsUp('allow_if_empty: only one that has no users'),
      ),
    }),
  ],
};
