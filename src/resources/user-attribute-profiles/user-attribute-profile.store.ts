import { type Collection, type Context, collection } from '../../kernel/index.ts';

export interface OidcMapping {
  /** A template: text, with `${context.tokenset.…}` and the like for what the provider says. */
  readonly mapping: string;
  readonly display_name?: string;
}

/** Where an attribute is found, by the protocol that it comes by. */
interface Mappings<Oidc> {
  readonly oidc_mapping?: Oidc;
  readonly saml_mapping?: readonly string[];
  readonly scim_mapping?: string;
}

type WithOverrides<Oidc> = Mappings<Oidc> & {
  readonly strategy_overrides?: Readonly<Record<string, Mappings<Oidc>>>;
};

/** What identifies a user. */
export type UserIdMapping = WithOverrides<string>;

/** One attribute of users. */
export type AttributeMapping = WithOverrides<OidcMapping> & {
  readonly description: string;
  readonly label: string;
  readonly profile_required: boolean;
  /** The member of the user that it becomes: `email`, `app_metadata.city`. */
  readonly auth0_mapping: string;
};

/** How attributes of users are found at identity providers. */
export interface UserAttributeProfile {
  readonly id: string;
  readonly name: string;
  readonly user_id: UserIdMapping;
  readonly user_attributes: Readonly<Record<string, AttributeMapping>>;
}

export const userAttributeProfilesCollection = collection<UserAttributeProfile>({
  name: 'user_attribute_profiles',
  key: 'id',
  cached: true,
});

export function userAttributeProfilesOf(ctx: Context): Collection<UserAttributeProfile> {
  return ctx.store.collection(userAttributeProfilesCollection);
}

/** The profile `id`, or undefined. From memory. */
export function findUserAttributeProfile(ctx: Context, id: string): Promise<UserAttributeProfile | undefined> {
  return userAttributeProfilesOf(ctx).get(id);
}
