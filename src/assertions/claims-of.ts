import type { User } from '../resources/users/index.ts';
import { CLAIM, type Claim, type ClaimValue, OWN_CLAIMS } from './claim.ts';

/** What an application's settings say of the claims that it gets. All are optional; the comments have Auth0's defaults. */
export interface ClaimSettings {
  /** Property of the profile (dots lead into objects) → claim, or several. Over the usual ones. */
  readonly mappings?: Readonly<Record<string, string | readonly string[]>>;
  /** true */
  readonly createUpnClaim?: boolean;
  /** true: what has no mapping is sent, too. */
  readonly passthroughClaimsWithNoMapping?: boolean;
  /** false: its name gets a prefix. */
  readonly mapUnknownClaimsAsIs?: boolean;
  /** true: by which identity the user is known. */
  readonly mapIdentities?: boolean;
}

/** Whom the claims are about, and for whom. */
export interface ClaimSubject {
  readonly user: User;
  readonly client_id: string;
  /** What the identity provider of the primary identity gave out for its API. */
  readonly access_token?: string | undefined;
}

const USUAL: Readonly<Record<string, string>> = {
  user_id: CLAIM.nameidentifier,
  email: CLAIM.emailaddress,
  name: CLAIM.name,
  given_name: CLAIM.givenname,
  family_name: CLAIM.surname,
  upn: CLAIM.upn,
  groups: CLAIM.group,
};

/** What Auth0 keeps to itself unless it is mapped: objects, and the record that it keeps of logins. */
const NOT_PASSED = new Set(['identities', 'user_metadata', 'app_metadata', 'blocked', 'last_ip', 'last_login']);
for (const name of ['logins_count', 'last_password_reset', 'multifactor']) NOT_PASSED.add(name);
const DATES = new Set(['created_at', 'updated_at', 'last_login', 'last_password_reset']);

/** The claims about a user, each name once, in the order in which Auth0 has them: mapped ones, identities, the rest. */
export function claimsOf({ user, client_id, access_token }: ClaimSubject, settings: ClaimSettings): readonly Claim[] {
  const profile: Profile = { ...user, clientID: client_id };
  const mappings: ClaimSettings['mappings'] = { ...USUAL, ...settings.mappings };
  const mapped = Object.entries(mappings).flatMap(([path, names]) =>
    [names].flat().map((name) => ({ name, values: valuesAt(profile, path) })),
  );
  const upn = settings.createUpnClaim === false ? [] : [{ name: CLAIM.upn, values: valuesAt(profile, 'email') }];
  const identities = settings.mapIdentities === false ? [] : identityClaims(user, settings, access_token);
  return once([...mapped, ...upn, ...identities, ...unmappedClaims(profile, mappings, settings)]);
}

type Profile = Readonly<Record<string, unknown>>;

function unmappedClaims(
  profile: Profile,
  mappings: NonNullable<ClaimSettings['mappings']>,
  { passthroughClaimsWithNoMapping = true, mapUnknownClaimsAsIs = false }: ClaimSettings,
): readonly Claim[] {
  if (!passthroughClaimsWithNoMapping) return [];
  return Object.keys(profile)
    .filter((name) => !NOT_PASSED.has(name) && !Object.hasOwn(mappings, name))
    .map((name) => ({ name: mapUnknownClaimsAsIs ? name : OWN_CLAIMS + name, values: valuesAt(profile, name) }));
}

/** The provider's token is for its API: it is sent where the settings ask for identities, not where they say nothing. */
function identityClaims(
  { identities }: User,
  { mapIdentities }: ClaimSettings,
  access_token: string | undefined,
): readonly Claim[] {
  return identities.flatMap(({ provider, connection, isSocial }, index) => {
    const prefix = `${OWN_CLAIMS}identities/${index === 0 ? 'default' : connection}/`;
    const token = index === 0 && mapIdentities === true && access_token !== undefined ? [access_token] : [];
    return [
      { name: `${prefix}provider`, values: [provider] },
      { name: `${prefix}connection`, values: [connection] },
      { name: `${prefix}isSocial`, values: [isSocial] },
      { name: `${prefix}access_token`, values: token },
    ];
  });
}

/** Two sources of one claim: the first that has a value. */
function once(claims: readonly Claim[]): readonly Claim[] {
  const said = new Map<string, Claim>();
  for (const claim of claims) if (claim.values.length > 0 && !said.has(claim.name)) said.set(claim.name, claim);
  return [...said.values()];
}

/** What stands at `path` of the profile: a property called so, or one of an object's. Objects are no values. */
function valuesAt(profile: Profile, path: string): readonly ClaimValue[] {
  const found = Object.hasOwn(profile, path) ? profile[path] : path.split('.').reduce<unknown>(memberOf, profile);
  return [found].flat().flatMap((value) => (isValue(value) ? [DATES.has(path) ? new Date(String(value)) : value] : []));
}

function memberOf(parent: unknown, name: string): unknown {
  const isObject = typeof parent === 'object' && parent !== null;
  return isObject && Object.hasOwn(parent, name) ? (parent as Profile)[name] : undefined;
}

function isValue(value: unknown): value is string | number | boolean {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean';
}
