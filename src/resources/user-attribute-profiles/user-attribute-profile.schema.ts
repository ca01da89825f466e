import { shapes, type TSchema, Type } from '../../kernel/index.ts';
import type { UserAttributeProfile } from './user-attribute-profile.store.ts';

const { answer, body, choice, flag, list, record, text } = shapes;

export type UserAttributeProfileBody = Omit<UserAttributeProfile, 'id' | 'user_id'> &
  Partial<Pick<UserAttributeProfile, 'user_id'>>;
export type UserAttributeProfileChange = {
  readonly [K in keyof UserAttributeProfileBody]?: UserAttributeProfileBody[K] | null;
};

const STRATEGIES = ['pingfederate', 'ad', 'adfs', 'waad', 'google-apps', 'okta', 'oidc', 'samlp'];

const overrides = (override: TSchema, description: string) =>
  record(Object.fromEntries(STRATEGIES.map((strategy) => [strategy, override])), description);

const bounded = (description: string, maxLength: number) => text(description, { minLength: 1, maxLength });
const claims = (description: string) => list(bounded('SAML mapping field', 128), description, { minItems: 1 });
const claim = (values: readonly string[], description: string) =>
  choice(values, description, { minLength: 1, maxLength: 50 });

const SAML_OVERRIDE = claims('SAML mapping override for this strategy');
const SCIM_OVERRIDE = bounded('SCIM mapping override for this strategy', 128);

const userId = record(
  {
    oidc_mapping: claim(['sub'], 'OIDC mapping for user ID'),
    saml_mapping: claims('SAML mapping for user ID'),
    scim_mapping: bounded('SCIM mapping for user ID', 128),
    strategy_overrides: overrides(
      shapes.body({
        oidc_mapping: claim(['sub', 'oid', 'email'], 'OIDC mapping override for this strategy'),
        saml_mapping: SAML_OVERRIDE,
        scim_mapping: SCIM_OVERRIDE,
      }),
      'Strategy-specific overrides for user ID',
    ),
  },
  'User ID mapping configuration',
);

const oidcMapping = (description: string) =>
  record(
    { mapping: bounded('OIDC mapping field', 50), display_name: bounded('Display name for the OIDC mapping', 50) },
    description,
    {
      required: ['mapping'],
    },
  );

const attribute = shapes.body(
  {
    description: bounded('Description of this attribute', 128),
    label: bounded('Display label for this attribute', 128),
    profile_required: flag('Whether this attribute is required in the profile'),
    auth0_mapping: bounded('Auth0 mapping for this attribute', 50),
    oidc_mapping: oidcMapping('OIDC mapping for this attribute'),
    saml_mapping: claims('SAML mapping for this attribute'),
    scim_mapping: bounded('SCIM mapping for this attribute', 128),
    strategy_overrides: overrides(
      shapes.body({
        oidc_mapping: oidcMapping('OIDC mapping override for this strategy'),
        saml_mapping: SAML_OVERRIDE,
        scim_mapping: SCIM_OVERRIDE,
      }),
      'Strategy-specific overrides for this attribute',
    ),
  },
  { required: ['description', 'label', 'profile_required', 'auth0_mapping'] },
);

const userAttributes = Type.Unsafe<object>({
  type: 'object',
  description:
    'User attributes configuration map. Keys are attribute names, values are the mapping configuration for each attribute.',
  additionalProperties: attribute,
  minProperties: 1,
  maxProperties: 64,
});

const members: Record<string, TSchema> = {
  name: bounded('The name of the user attribute profile.', 128),
  user_id: userId,
  user_attributes: userAttributes,
};

export const createBody = body<UserAttributeProfileBody>(members, { required: ['name', 'user_attributes'] });
export const updateBody = body<UserAttributeProfileChange>({
  ...members,
  user_id: Type.Union([userId, Type.Null()]),
});
export const profileShape = answer({ id: text('User Attribute Profile identifier.'), ...members });
export const templateShape = answer({
  id: text('The id of the template.'),
  display_name: text('The user-friendly name of the template displayed in the UI.'),
  template: answer(members),
});
