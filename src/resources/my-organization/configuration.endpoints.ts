import { json, Type } from '../../kernel/index.ts';
import { choicesOf } from './identity-providers/connection-choices.ts';
import { organizationCall } from './organization-call.ts';

/** What the strategies are called in this answer. */
const NAMES: Readonly<Record<string, string>> = { 'google-apps': 'googleapps' };

const SCOPES = ['read:my_org:configuration'];

const get = organizationCall({
  about: 'config',
  method: 'GET',
  path: '/config',
  name: 'getMyOrganizationConfiguration',
  summary: 'Get what the organization may set up',
  scopes: SCOPES,
  replies: {
    200: Type.Object({ allowed_strategies: Type.Array(Type.String()), connection_deletion_behavior: Type.String() }),
  },
  async handle(_ctx, { configuration: { allowed_strategies, connection_deletion_behavior } }) {
    return json(200, { allowed_strategies, connection_deletion_behavior });
  },
});

const getIdentityProviders = organizationCall({
  about: 'config',
  method: 'GET',
  path: '/config/identity-providers',
  name: 'getMyOrganizationIdentityProviderConfiguration',
  summary: 'Get how identity providers may be set up',
  scopes: SCOPES,
  replies: { 200: Type.Object({ organization: Type.Unknown(), strategies: Type.Unknown() }) },
  async handle(ctx, visit) {
    const choices = await choicesOf(ctx, visit);
    // Provisioning and Universal Logout are not offered by this server, whatever the profile would allow.
    const strategies = visit.configuration.allowed_strategies.map((name) => [
      NAMES[name] ?? name,
      { provisioning_methods: [], enabled_features: [] },
    ]);
    const organization = {
      can_set_show_as_button: choices.show_as_button.isFree,
      can_set_assign_membership_on_login: choices.assign_membership_on_login.isFree,
    };
    return json(200, { organization, strategies: Object.fromEntries(strategies) });
  },
});

/** `/my-org/config` */
export const configurationEndpoints = [...get, ...getIdentityProviders];
