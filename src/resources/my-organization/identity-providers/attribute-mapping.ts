import type { Context } from '../../../kernel/index.ts';
import type { Connection } from '../../connections/index.ts';
import {
  findUserAttributeProfile,
  type OidcMapping,
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

/** What a profile says of a strategy: the attributes that OpenID Connect brings, by their names in the profile. */
function mappedAttributes({ user_attributes }: UserAttributeProfile, strategy: string) {
  return Object.entries(user_attributes).flatMap(([name, attribute]) => {
    const mapping = attribute.strategy_overrides?.[strategy]?.oidc_mapping ?? attribute.oidc_mapping;
    return mapping ? [{ name, attribute, mapping }] : [];
  });
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

/** The option `attribute_map` of a profile, undefined where it knows users by something else than `sub`. */
export function attributeMapOf(profile: UserAttributeProfile, strategy: string): object | undefined {
  const { strategy_overrides, oidc_mapping } = profile.user_id;
  if ((strategy_overrides?.[strategy]?.oidc_mapping ?? oidc_mapping ?? 'sub') !== 'sub') return undefined;
  const mapped = mappedAttributes(profile, strategy);
  // Providers write members of a user, and nothing inside of them: metadata is the tenant's.
  const writable = mapped.filter(({ attribute }) => !attribute.auth0_mapping.includes('.'));
  const attributes = Object.fromEntries(
    writable.map(({ attribute, mapping }) => [attribute.auth0_mapping, mapping.mapping]),
  );
  return { mapping_mode: 'use_map', attributes };
}

const fieldOf = ({ display_name, mapping }: OidcMapping) => [display_name ?? mapping];

/** The attributes of a connection, compared with those of the application's profile. */
export async function attributesOf(ctx: Context, visit: Visit, connection: Connection): Promise<ShownAttribute[]> {
  const profile = await findProfile(ctx, visit);
  const expected = profile ? mappedAttributes(profile, connection.strategy) : [];
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
