/** A tenant with a client of every kind and every property, and all that clients refer to; made through the Management API. */
import assert from 'node:assert/strict';
import { APP_TYPES } from '../../src/resources/clients/client.shapes.ts';
import { AUDIENCE, KEY, KEY_PEM, MACHINE, NATIVE, PARTNER, WEB } from './rich-clients.ts';

/** Calls the Management API of a tenant, and answers the body. Fails unless the call succeeds. */
export type Call = (method: string, path: string, json?: object) => Promise<Record<string, never>>;

/** Makes it. What the Deploy CLI would add by itself to what it imports is said here, as other exports could not be equal. */
export async function fillTenant(call: Call): Promise<void> {
  for (const { id, options } of (await call('GET', '/connections')) as unknown as { id: string; options: object }[])
    await call('PATCH', `/connections/${id}`, { options: { ...options, disable_self_service_change_password: false } });
  await makeApis(call);
  const clients = await makeClients(call);
  await makeDelegates(call);
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
  await make('Web', WEB);
  await make('Native', NATIVE);
  await make('Machine', MACHINE);
  await make('Partner', PARTNER);
  const key = { credentials: [{ ...KEY, pem: KEY_PEM }] };
  await make('Key holder', { ...MACHINE, client_authentication_methods: { private_key_jwt: key } });
  await make('API client', { app_type: 'resource_server', resource_server_identifier: AUDIENCE });
  const others = APP_TYPES.filter((type) => type !== 'resource_server' && type !== 'express_configuration');
  for (const app_type of others) await make(`Of type ${app_type}`, { app_type });
  for (const [subject_type, scope] of [
    ['client', ['read:things']],
    ['user', ['read:things', 'write:things']],
  ] as const)
    await call('POST', '/client-grants', { client_id: ids.Web, audience: AUDIENCE, scope, subject_type });
  return ids;
}

/** Applications whose users set up connections. */
async function makeDelegates(call: Call): Promise<void> {
  const strategies = { allowed_strategies: ['oidc', 'samlp'], connection_deletion_behavior: 'allow_if_empty' };
  const profiles = await makeProfiles(call);
  await call('POST', '/clients', { name: 'Portal', my_organization_configuration: { ...profiles, ...strategies } });
  await call('POST', '/clients', { name: 'Of type express_configuration', app_type: 'express_configuration' });
}

/** What such applications name. The Deploy CLI makes profiles only after the clients that name them. */
export async function makeProfiles(call: Call): Promise<object> {
  const connection = await call('POST', '/connection-profiles', {
    name: 'Connections of customers',
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
    name: 'Attributes of customers',
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
}
