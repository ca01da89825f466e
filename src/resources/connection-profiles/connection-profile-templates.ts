import type { ConnectionProfileBody } from './connection-profile.schema.ts';

interface Template {
  readonly id: string;
  readonly display_name: string;
  readonly template: ConnectionProfileBody;
}

/** What a new profile may begin as. Auth0 publishes the shape of templates and not their texts: ids and values are this server's. */
export const connectionProfileTemplates: readonly Template[] = [
  {
    id: 'auth0-generic',
    display_name: 'Generic Connection Profile Template',
    template: {
      name: 'Generic Connection Profile',
      organization: { show_as_button: 'optional', assign_membership_on_login: 'optional' },
      connection_name_prefix_template: 'con-{org_id}-',
      enabled_features: [],
      connection_config: {},
      strategy_overrides: {},
    },
  },
];
