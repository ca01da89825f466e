import { shapes, type TSchema } from '../../kernel/index.ts';

const { choice, flag, list, record, text } = shapes;

const connectionProfile = (description: string) => text(description, { format: 'connection-profile-id' });
const userAttributeProfile = (description: string) => text(description, { format: 'user-attribute-profile-id' });
const client = (description: string) => text(description, { format: 'client-id' });

const EXPRESS_REQUIRED = (
  'initiate_login_uri_template user_attribute_profile_id connection_profile_id enable_client enable_organization ' +
  'okta_oin_client_id admin_login_domain'
).split(' ');

const expressMembers = {
  initiate_login_uri_template: text(
    'The URI users should bookmark to log in to this application. Variable substitution is permitted for the following properties: organization_name, organization_id, and connection_name.',
    { format: 'ec-initiate-login-uri-template-url' },
  ),
  user_attribute_profile_id: userAttributeProfile('The ID of the user attribute profile to use for this application.'),
  connection_profile_id: connectionProfile('The ID of the connection profile to use for this application.'),
  enable_client: flag(
    'When true, all connections made via express configuration will be enabled for this application.',
  ),
  enable_organization: flag(
    'When true, all connections made via express configuration will have the associated organization enabled.',
  ),
  linked_clients: list(
    record(
      { client_id: client('The ID of the linked client.') },
      'Configuration for linked clients in the OIN Express Configuration feature.',
      { required: ['client_id'] },
    ),
    'List of client IDs that are linked to this express configuration (e.g. web or mobile clients).',
  ),
  okta_oin_client_id: client(
    'This is the unique identifier for the Okta OIN Express Configuration Client, which Okta will use for this application.',
  ),
  admin_login_domain: text(
    'This is the domain that admins are expected to log in via for authenticating for express configuration. It can be either the canonical domain or a registered custom domain.',
    { minLength: 1 },
  ),
  oin_submission_id: text('The identifier of the published application in the OKTA OIN.', {
    minLength: 1,
    maxLength: 200,
  }),
};

const STRATEGIES = ['pingfederate', 'adfs', 'waad', 'google-apps', 'okta', 'oidc', 'samlp'];

const myOrganizationMembers = {
  connection_profile_id: connectionProfile('The connection profile ID that this client should validate against.'),
  user_attribute_profile_id: userAttributeProfile(
    'The user attribute profile ID that this client should validate against.',
  ),
  allowed_strategies: list(
    choice(STRATEGIES, 'The allowed connection strategy values for the My Organization Configuration.'),
    'The allowed connection strategies for the My Organization Configuration.',
  ),
  connection_deletion_behavior: choice(['allow', 'allow_if_empty'], 'The deletion behavior for this client.'),
};

/** Members about those who set up connections in the tenant's stead; a change may also remove them. */
export function delegatedSetupMembers(nullable: boolean): Record<string, TSchema> {
  return {
    express_configuration: record(
      expressMembers,
      'Application specific configuration for use with the OIN Express Configuration feature.',
      { required: EXPRESS_REQUIRED, nullable },
    ),
    my_organization_configuration: record(
      myOrganizationMembers,
      'Configuration related to the My Organization Configuration for the client.',
      { required: ['allowed_strategies', 'connection_deletion_behavior'], nullable },
    ),
  };
}
