/**
 * User attribute profiles: how attributes of users are found at identity providers, and `/api/v2/user-attribute-profiles`.
 * Which connections are made by which profile is said by clients.
 */

export { attributeMapOf, type MappedAttribute, oidcAttributes } from './oidc-mapping.ts';
export { userAttributeProfileEndpoints } from './user-attribute-profile.resource.ts';
export {
  findUserAttributeProfile,
  type OidcMapping,
  type UserAttributeProfile,
  userAttributeProfilesCollection,
} from './user-attribute-profile.store.ts';
