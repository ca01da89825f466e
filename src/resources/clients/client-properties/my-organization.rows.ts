import { enforced, type PropertyFamily, rowsOf, shown, testsIn } from './property-row.ts';

const configures = testsIn('src/resources/my-organization/my-organization.http.test.ts');
const setsUp = testsIn('src/resources/my-organization/identity-providers.http.test.ts');
const changes = testsIn('src/resources/my-organization/identity-providers-changed.http.test.ts');

const express = testsIn('src/resources/express-configuration/express-configuration.http.test.ts');
const writes = testsIn('src/resources/clients/delegated-setup.http.test.ts');

const ENABLED =
  'is enabled for the application and those that are linked to it; okta_oin_client_id says who sets it up';
const SETUP = 'resources/express-configuration/express-setup.ts';
const CALL = 'resources/my-organization/visit.ts';
const PROVIDERS = 'resources/my-organization/identity-providers';

export const myOrganization: PropertyFamily = {
  title: 'Express configuration and My Organization',
  rows: [
    ...rowsOf('', {
      express_configuration: enforced(
        'What connections get that Okta sets up for organizations (Express Configuration). Okta’s part is played by a client of type `express_configuration` with the Management API; the dialogue with Okta’s own administration is Okta’s.',
        SETUP,
        express('sets up nothing that no application asked for'),
        express('who holds the permission in the organization is granted it with that client'),
        writes('express_configuration names what there is'),
      ),
      my_organization_configuration: enforced(
        'Administrators of organizations may call the My Organization API with this application; without it every call is refused.',
        CALL,
        configures('an administrator logs in to the organization and reads its details with the token'),
        configures('without my_organization_configuration every call is refused'),
      ),
    }),
    ...rowsOf('express_configuration', {
      initiate_login_uri_template: enforced(
        'Where people of an organization begin to log in when the client has no `initiate_login_uri`; its placeholders are filled in for the organization and its connection.',
        'resources/organizations/login-route.ts',
        express('its people begin at initiate_login_uri_template'),
      ),
      user_attribute_profile_id: enforced(
        'Makes the attribute map of connections that Okta sets up and says nothing of attributes; without it there are none.',
        SETUP,
        express('has the attributes of the user attribute profile'),
        express('needs the profiles to be there'),
      ),
      connection_profile_id: enforced(
        'What names of connections that Okta sets up begin with, how organizations offer them, and whether Okta may end sessions (Universal Logout). SCIM, which the profile may allow, is not offered.',
        [SETUP, 'resources/organizations/connections/settle-offer.ts'],
        express('begins with the prefix of the connection profile, is of Okta, and not for everybody'),
        express('offers it as the connection profile decides; optional is as required'),
        express('lets Okta end sessions where the connection profile has universal_logout'),
      ),
      enable_client: enforced(
        'Connections that Okta sets up are enabled for this application.',
        SETUP,
        express(ENABLED),
      ),
      enable_organization: enforced(
        'Whether an organization has a connection that Okta sets up switched on.',
        'resources/organizations/connections/settle-offer.ts',
        express('has it switched off where enable_organization is false'),
      ),
      linked_clients: enforced(
        'Connections that Okta sets up are enabled for these applications.',
        SETUP,
        express(ENABLED),
      ),
      okta_oin_client_id: enforced(
        'The client of type `express_configuration` that may set up such connections with its own token of the Management API, and change no others.',
        [SETUP, 'resources/connections/setup-rules.ts'],
        express('sets up nothing that no application asked for'),
        express('others’ connections are not its own: no options are seen, nothing is changed'),
      ),
      admin_login_domain: enforced(
        'The domain at which administrators log in to that client.',
        'oauth/authorize/checks/express-domain.ts',
        express('administrators log in with it at admin_login_domain, to an organization'),
      ),
      oin_submission_id: shown(
        'For Okta, which gave it.',
        'resources/clients/delegated-setup.shapes.ts',
        writes('express_configuration is written, read, replaced and removed'),
      ),
    }),
    ...rowsOf('express_configuration.linked_clients[]', {
      client_id: enforced('An application of this tenant, as above.', SETUP, express(ENABLED)),
    }),
    ...rowsOf('my_organization_configuration', {
      connection_profile_id: enforced(
        'Names identity providers that organizations set up, decides which of their switches organizations have, and whether the provider may end sessions (Universal Logout). SCIM, which the profile may allow, is not offered.',
        [
          `${PROVIDERS}/connection-choices.ts`,
          `${PROVIDERS}/connection-name.ts`,
          'oauth/global-token-revocation/revoke-globally.endpoint.ts',
        ],
        configures('the connection profile says which switches an organization has'),
        setsUp('has the name that the profile’s prefix gives it; nobody learns what names others have'),
        setsUp('keeps to what the connection profile decides about its switches'),
        changes('ends sessions where the connection profile allows it to the strategy'),
      ),
      user_attribute_profile_id: enforced(
        'Makes the attribute map of identity providers that organizations set up.',
        `${PROVIDERS}/attribute-mapping.ts`,
        setsUp('lets people in, by the mapping of the user attribute profile, and makes members as the profile wants'),
        changes('attributes follow the profile when asked to'),
      ),
      allowed_strategies: enforced(
        'Strategies of which organizations may set up identity providers; of those in the list, this server has oidc and okta, and shows organizations no others.',
        `${PROVIDERS}/create.ts`,
        setsUp('is of a strategy in allowed_strategies that this server has'),
      ),
      connection_deletion_behavior: enforced(
        'Whether organizations may delete an identity provider that has users, and its users with it.',
        `${PROVIDERS}/change.ts`,
        changes('allow: the connection goes with its users'),
        changes('allow_if_empty: only one that has no users'),
      ),
    }),
  ],
};
