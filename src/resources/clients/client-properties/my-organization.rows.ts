import { type PropertyFamily, rowsOf, stored } from './property-row.ts';

export const myOrganization: PropertyFamily = {
  title: 'Express configuration and My Organization',
  rows: [
    ...rowsOf('', {
      'express_configuration my_organization_configuration': stored('profiles of connections'),
    }),
    ...rowsOf('express_configuration', {
      'initiate_login_uri_template user_attribute_profile_id connection_profile_id enable_client enable_organization linked_clients okta_oin_client_id admin_login_domain oin_submission_id':
        stored('profiles of connections'),
    }),
    ...rowsOf('express_configuration.linked_clients[]', {
      client_id: stored('profiles of connections'),
    }),
    ...rowsOf('my_organization_configuration', {
      'connection_profile_id user_attribute_profile_id allowed_strategies connection_deletion_behavior':
        stored('profiles of connections'),
    }),
  ],
};
