import { shapes, type TSchema } from '../../kernel/index.ts';
import type { ConnectionProfile } from './connection-profile.store.ts';

const { answer, body, choice, list, record, text } = shapes;

export type ConnectionProfileBody = Omit<ConnectionProfile, 'id'>;

/** The strategies that a profile may treat differently. */
const STRATEGIES = ['pingfederate', 'ad', 'adfs', 'waad', 'google-apps', 'okta', 'oidc', 'samlp'];
const CHOICES = ['none', 'optional', 'required'];

const features = (description: string) =>
  list(choice(['scim', 'universal_logout'], 'Enum for enabled features.'), description);

const override = record(
  {
    enabled_features: features('Enabled features for a connections profile strategy override.'),
    connection_config: record({}, 'Connection profile strategy overrides connection configuration.'),
  },
  'Connection Profile Strategy Override',
);

const members: Record<string, TSchema> = {
  name: text('The name of the connection profile.', { minLength: 1, maxLength: 50 }),
  organization: record(
    {
      show_as_button: choice(CHOICES, 'Indicates if the organization should be shown as a button.'),
      assign_membership_on_login: choice(CHOICES, 'Indicates if membership should be assigned on login.'),
    },
    'The organization of the connection profile.',
  ),
  connection_name_prefix_template: text('Connection name prefix template.', {
    minLength: 0,
    maxLength: 15,
    pattern: '^(?!-)(?!.*--)(?:[a-zA-Z0-9-]|{org_id}|{org_name})*$',
  }),
  enabled_features: features('Enabled features for the connection profile.'),
  connection_config: record({}, 'Connection profile configuration.'),
  strategy_overrides: record(
    Object.fromEntries(STRATEGIES.map((strategy) => [strategy, override])),
    'Strategy-specific overrides for this attribute',
  ),
};

export const createBody = body<ConnectionProfileBody>(members, { required: ['name'] });
export const updateBody = body<Partial<ConnectionProfileBody>>(members);
export const profileShape = answer({ id: text('Connection Profile identifier.'), ...members });
export const templateShape = answer({
  id: text('The id of the template.'),
  display_name: text('The user-friendly name of the template displayed in the UI.'),
  template: answer(members),
});
