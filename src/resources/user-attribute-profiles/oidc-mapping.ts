import type { AttributeMapping, OidcMapping, UserAttributeProfile } from './user-attribute-profile.store.ts';

/** An attribute that OpenID Connect brings. */
export interface MappedAttribute {
  /** What the profile calls it. */
  readonly name: string;
  readonly attribute: AttributeMapping;
  readonly mapping: OidcMapping;
}

/** The attributes that OpenID Connect brings to connections of `strategy`. */
export function oidcAttributes({ user_attributes }: UserAttributeProfile, strategy: string): MappedAttribute[] {
  return Object.entries(user_attributes).flatMap(([name, attribute]) => {
    const mapping = attribute.strategy_overrides?.[strategy]?.oidc_mapping ?? attribute.oidc_mapping;
    return mapping ? [{ name, attribute, mapping }] : [];
  });
}

/**
 * The option `attribute_map` that a profile comes to for `strategy`; undefined where it knows users by something else than `sub`, which alone
 * identifies accounts here.
 */
export function attributeMapOf(profile: UserAttributeProfile, strategy: string): object | undefined {
  const { strategy_overrides, oidc_mapping } = profile.user_id;
  if ((strategy_overrides?.[strategy]?.oidc_mapping ?? oidc_mapping ?? 'sub') !== 'sub') return undefined;
  // Providers write members of a user, and nothing inside of them: metadata is the tenant's.
  const writable = oidcAttributes(profile, strategy).filter(({ attribute }) => !attribute.auth0_mapping.includes('.'));
  const attributes = Object.fromEntries(
    writable.map(({ attribute, mapping }) => [attribute.auth0_mapping, mapping.mapping]),
  );
  return { mapping_mode: 'use_map', attributes };
}
