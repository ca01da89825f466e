import type { Context } from '../../kernel/index.ts';
import type { ResourceServer } from './resource-server.store.ts';

type Template = Omit<Partial<ResourceServer>, 'id'> & { readonly name: string };

const MY_ACCOUNT_SCOPES = [
  'create:me:connected_accounts',
  'read:me:connected_accounts',
  'delete:me:connected_accounts',
  'read:me:authentication_methods',
  'delete:me:authentication_methods',
  'update:me:authentication_methods',
  'read:me:factors',
  'create:me:authentication_methods',
];

const describe = (scope: string) =>
  scope
    .replace(/:me:|:my_org:|:|_/g, ' ')
    .replace(/(^| )(\w)/g, (_all, gap: string, letter: string) => gap + letter.toUpperCase());

/** Called for a user who has logged in, never by an application for itself. */
const FOR_USERS = {
  allow_offline_access: true,
  skip_consent_for_verifiable_first_party_clients: true,
  subject_type_authorization: { client: { policy: 'deny_all' }, user: { policy: 'require_client_grant' } },
  token_lifetime: 600,
  token_lifetime_for_web: 600,
  proof_of_possession: { mechanism: 'dpop', required: false },
} as const;

const MY_ACCOUNT: Template = {
  name: 'Auth0 My Account API',
  scopes: MY_ACCOUNT_SCOPES.map((value) => ({ value, description: describe(value) })),
  ...FOR_USERS,
};

const MY_ORGANIZATION_SCOPES = [
  ...['read:my_org:configuration', 'read:my_org:details', 'update:my_org:details'],
  ...['create', 'read', 'update', 'delete'].map((verb) => `${verb}:my_org:identity_providers`),
  'update:my_org:identity_providers_detach',
  ...['create', 'delete'].map((verb) => `${verb}:my_org:identity_providers_domains`),
  ...['create', 'read', 'delete'].map((verb) => `${verb}:my_org:identity_providers_scim_tokens`),
  ...['create', 'read', 'update', 'delete'].map((verb) => `${verb}:my_org:identity_providers_provisioning`),
  ...['create', 'read', 'update', 'delete'].map((verb) => `${verb}:my_org:domains`),
];

const MY_ORGANIZATION: Template = {
  name: 'Auth0 My Organization API',
  scopes: MY_ORGANIZATION_SCOPES.map((value) => ({ value, description: describe(value) })),
  ...FOR_USERS,
};

const EXPRESS_CONFIGURE: Template = {
  name: 'Okta OIN Express Configuration API',
  scopes: [
    { value: 'express_configure:sso', description: 'Ability to create SSO configurations' },
    { value: 'express_configure:scim', description: 'Ability to create scim configurations' },
  ],
  // Auth0: who may is a matter of roles.
  enforce_policies: true,
  token_lifetime: 300,
  token_lifetime_for_web: 300,
};

/** The identifier (audience) of the tenant's My Organization API. */
export function myOrganizationAudience(ctx: Context): string {
  return `${ctx.canonicalIssuer}my-org/`;
}

/**
 * What the server itself knows about an API that is switched on by creating it: its identifier is reserved, and name, scopes and
 * policies are not the caller's to choose. Undefined for every other identifier.
 */
export function systemApiFor(ctx: Context, identifier: string): Template | undefined {
  if (identifier === `${ctx.canonicalIssuer}me/`) return { ...MY_ACCOUNT, is_system: true };
  if (identifier === myOrganizationAudience(ctx)) return { ...MY_ORGANIZATION, is_system: true };
  if (identifier === 'urn:auth0:express-configure') return { ...EXPRESS_CONFIGURE, is_system: true };
  return undefined;
}

/** Members of a system API that an operator may change. */
export const CHANGEABLE_IN_SYSTEM_API: ReadonlySet<string> = new Set([
  'token_lifetime',
  'token_lifetime_for_web',
  'allow_offline_access',
  'skip_consent_for_verifiable_first_party_clients',
  'subject_type_authorization',
  'proof_of_possession',
  'authorization_policy',
  'enforce_policies',
]);
