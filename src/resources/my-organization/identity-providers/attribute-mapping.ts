import type { Context } from '../../../kernel/index.ts';
import type { Connection } from '../../connections/index.ts';
import {
  attributeMapOf,
  findUserAttributeProfile,
  type OidcMapping,
  oidcAttributes,
  type UserAttributeProfile,
} from '../../user-attribute-profiles/index.ts';
import { misconfigured, type Visit } from '../visit.ts';

/** One attribute of users, as an organization sees it. */
export interface ShownAttribute {
  /** What the provider calls it. */
  readonly sso_field: readonly string[];
  readonly user_attribute: string;
  readonly description?: string;
  readonly label?: string;
  readonly is_required: boolean;
  /** The connection has it and the profile has not. */
  readonly is_extra: boolean;
  /** The profile has it and the connection has not. */
  readonly is_missing: boolean;
}

type AttributeMap = { readonly attributes?: Readonly<Record<string, unknown>> };

const mapOf = ({ options }: Connection) => ((options.attribute_map ?? {}) as AttributeMap).attributes ?? {};

async function findProfile(ctx: Context, { configuration }: Visit): Promise<UserAttributeProfile | undefined> {
  const id = configuration.user_attribute_profile_id;
  return id === undefined ? undefined : findUserAttributeProfile(ctx, id);
}

/**
 * The option `attribute_map` that the application's user attribute profile comes to. Problem 409 where it has none, or one that knows users
 * by something else than `sub`, which alone identifies accounts here.
 */
export async function requireAttributeMap(ctx: Context, visit: Visit, strategy: string): Promise<object> {
  const profile = await findProfile(ctx, visit);
  if (!profile) throw misconfigured();
  const map = attributeMapOf(profile, strategy);
  if (!map) throw misconfigured();
  return map;
}

const fieldOf = ({ display_name, mapping }: OidcMapping) => [display_name ?? mapping];

/** The attributes of a connection, compared with those of the application's profile. */
export async function attributesOf(ctx: Context, visit: Visit, connection: Connection): Promise<ShownAttribute[]> {
  const profile = await findProfile(ctx, visit);
  const expected = profile ? oidcAttributes(profile, connection.strategy) : [];
  const present = mapOf(connection);
  const known = new Set(expected.map(({ attribute }) => attribute.auth0_mapping));
  const extra = Object.entries(present).filter(([name]) => !known.has(name));
  return [
    ...expected.map(({ name, attribute, mapping }) => ({
      sso_field: fieldOf(mapping),
      user_attribute: name,
      description: attribute.description,
      label: attribute.label,
      is_required: attribute.profile_required,
      is_extra: false,
      is_missing: present[attribute.auth0_mapping] === undefined,
    })),
    ...extra.map(([name, template]) => ({
      sso_field: [String(template)],
      user_attribute: name,
      is_required: false,
      is_extra: true,
      is_missing: false,
    })),
  ];
}
