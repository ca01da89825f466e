/** A tenant with a client of every kind and every property, and all that clients refer to; made through the Management API. */
import assert from 'node:assert/strict';
import { APP_TYPES } from '../../src/resources/clients/client.shapes.ts';
import { WITH_ADDONS } from './rich-addons.ts';
import { AUDIENCE, INDEPENDENT, MACHINE } from './rich-clients.ts';

/** Calls the Management API of a tenant, and answers the body. Fails unless the call succeeds. */
export type Call = (method: string, path: string, json?: object) => Promise<Record<string, never>>;

/** Makes it. What the Deploy CLI would add by itself to what it imports is said here, as other exports could not be equal. */
export async function fillTenant(call: Call): Promise<void> {
  for (const { id, options } of (await call('GET', '/connections')) as unknown as { id: string; options: object }[])
    await call('PATCH', `/connections/${id}`, { options: { ...options, disable_self_service_change_password: false } });
  await makeApis(call);
  const clients = await makeClients(call);
  await makeDocumented(call);
  await makeDelegates(call, clients);
  const connections = await makeConnections(call, clients);
  const roles = await call('POST', '/roles', { name: 'Reader', description: 'Reads things' });
  const permissions = [{ resource_server_identifier: AUDIENCE, permission_name: 'read:things' }];
  await call('POST', `/roles/${roles.id}/permissions`, { permissions });
  await makeOrganizations(call, clients, connections);
}

async function makeApis(call: Call): Promise<void> {
  await call('POST', '/resource-servers', {
    identifier: AUDIENCE,
    name: 'Rich API',
    scopes: [
      { value: 'read:things', description: 'Read' },
      { value: 'write:things', description: 'Write' },
    ],
    signing_alg: 'RS256',
    allow_offline_access: true,
    token_lifetime: 7200,
    token_lifetime_for_web: 600,
    enforce_policies: true,
    token_dialect: 'rfc9068_profile_authz',
    skip_consent_for_verifiable_first_party_clients: true,
    subject_type_authorization: {
      user: { policy: 'require_client_grant' },
      client: { policy: 'require_client_grant' },
    },
  });
}

type Ids = Readonly<Record<string, string>>;

async function makeClients(call: Call): Promise<Ids> {
  const ids: Record<string, string> = {};
  const make = async (name: string, body: object) => {
    ids[name] = (await call('POST', '/clients', { name, ...body })).client_id ?? assert.fail(name);
  };
  for (const [name, body] of Object.entries({ ...INDEPENDENT, ...WITH_ADDONS })) await make(name, body);
  await make('API client', { app_type: 'resource_server', resource_server_identifier: AUDIENCE });
  const others = APP_TYPES.filter((type) => type !== 'resource_server' && type !== 'express_configuration');
  for (const app_type of others) await make(`Of type ${app_type}`, { app_type });
  for (const [subject_type, scope] of [
    ['client', ['read:things']],
    ['user', ['read:things', 'write:things']],
  ] as const)
    await call('POST', '/client-grants', { client_id: ids.Web, audience: AUDIENCE, scope, subject_type });
  await call('POST', '/client-grants', {
    default_for: 'third_party_clients',
    audience: AUDIENCE,
    scope: ['read:things'],
    subject_type: 'user',
  });
  const everything = { client_id: ids.Native, audience: AUDIENCE, allow_all_scopes: true, subject_type: 'user' };
  await call('POST', '/client-grants', everything);
  return ids;
}

/** Serves the document of the client that has one. */
export const DOCUMENT_URL = 'https://document.rich.test/client.json';
export const DOCUMENT = {
  client_id: DOCUMENT_URL,
  client_name: 'Documented',
  redirect_uris: ['https://document.rich.test/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
};

async function makeDocumented(call: Call): Promise<void> {
  await call('PATCH', '/tenants/settings', { client_id_metadata_document_supported: true });
  const { client_id } = await call('POST', '/clients/cimd/register', { external_client_id: DOCUMENT_URL });
  await call('PATCH', `/clients/${client_id}`, { description: 'By its document', client_metadata: { team: 'green' } });
}

/** Names of what others name. */
export const CONNECTIONS = 'Connections of customers';
export const ATTRIBUTES = 'Attributes of customers';
export const OKTA = 'Of type express_configuration';

/** Names of clients that name what the Deploy CLI can only make after them. */
export const DEPENDENT = ['Portal', 'Integrated', 'Of one organization'];

/** Applications whose users, or Okta, set up connections. */
async function makeDelegates(call: Call, ids: Ids): Promise<void> {
  const strategies = { allowed_strategies: ['oidc', 'samlp'], connection_deletion_behavior: 'allow_if_empty' };
  const profiles = await makeProfiles(call);
  await call('POST', '/clients', { name: 'Portal', my_organization_configuration: { ...profiles, ...strategies } });
  const okta = { name: OKTA, app_type: 'express_configuration' };
  const { client_id } = await call('POST', '/clients', okta);
  const express_configuration = {
    ...profiles,
    initiate_login_uri_template: 'https://rich.test/login?organization={organization_name}',
    enable_client: true,
    enable_organization: true,
    linked_clients: [{ client_id: ids.Native }],
    okta_oin_client_id: client_id,
    admin_login_domain: 'rich.test',
    oin_submission_id: 'submission',
  };
  await call('POST', '/clients', { name: 'Integrated', app_type: 'regular_web', express_configuration });
}

/** What such applications name. */
async function makeProfiles(call: Call): Promise<object> {
  const connection = await call('POST', '/connection-profiles', {
    name: CONNECTIONS,
    organization: { show_as_button: 'required', assign_membership_on_login: 'required' },
    enabled_features: ['scim'],
    connection_config: {},
    strategy_overrides: { okta: { enabled_features: ['universal_logout'] } },
  });
  const mapping = {
    label: 'E-mail',
    description: 'Where they are reached',
    auth0_mapping: 'email',
    profile_required: true,
  };
  const attributes = await call('POST', '/user-attribute-profiles', {
    name: ATTRIBUTES,
    user_attributes: { email: mapping },
  });
  return { connection_profile_id: connection.id, user_attribute_profile_id: attributes.id };
}

async function makeConnections(call: Call, ids: Ids): Promise<Ids> {
  const enabled = async (body: object, names: readonly string[]) => {
    const { id } = await call('POST', '/connections', body);
    const clients = names.map((name) => ({ client_id: ids[name], status: true }));
    await call('PATCH', `/connections/${id}/clients`, clients);
    return id ?? assert.fail('no connection');
  };
  const database = await enabled(
    {
      name: 'People',
      strategy: 'auth0',
      display_name: 'People',
      options: { passwordPolicy: 'good', requires_username: true, disable_self_service_change_password: true },
    },
    ['Web', 'Native'],
  );
  const options = { type: 'back_channel', client_id: 'rich', client_secret: 'kept', issuer: 'https://idp.test/' };
  const endpoints = {
    authorization_endpoint: 'https://idp.test/authorize',
    token_endpoint: 'https://idp.test/token',
    jwks_uri: 'https://idp.test/jwks',
  };
  const oidc = { name: 'northwind', strategy: 'oidc', options: { ...options, ...endpoints }, show_as_button: true };
  return { People: database, northwind: await enabled(oidc, ['Web']) };
}

async function makeOrganizations(call: Call, clients: Ids, connections: Ids): Promise<void> {
  const acme = await call('POST', '/organizations', {
    name: 'acme',
    display_name: 'Acme Inc.',
    branding: { logo_url: 'https://acme.test/logo.png', colors: { primary: '#FF0000', page_background: '#00FF00' } },
    metadata: { tier: 'gold' },
    token_quota: { client_credentials: { enforce: true, per_hour: 10, per_day: 100 } },
    third_party_client_access: 'allow',
    enabled_connections: [
      { connection_id: connections.People, assign_membership_on_login: true, is_signup_enabled: true },
      { connection_id: connections.northwind, assign_membership_on_login: false, show_as_button: false },
    ],
  });
  await call('POST', '/organizations', { name: 'bare' });
  const grant = await call('POST', '/client-grants', {
    client_id: clients.Machine,
    audience: AUDIENCE,
    scope: ['write:things'],
    organization_usage: 'allow',
    allow_any_organization: false,
  });
  await call('POST', `/organizations/${acme.id}/client-grants`, { grant_id: grant.id });
  await call('POST', `/organizations/${acme.id}/discovery-domains`, { domain: 'acme.test', status: 'pending' });
  await call('POST', '/clients', {
    name: 'Of one organization',
    ...MACHINE,
    default_organization: { organization_id: acme.id, flows: ['client_credentials'] },
  });
  const named = [{ client_id: clients.Web, use_for_member_access: true }, { client_id: clients.Native }];
  await call('POST', `/organizations/${acme.id}/clients`, { clients: named });
}
