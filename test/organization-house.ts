/** A tenant whose organizations set up identity providers for themselves: an application, its profiles, two organizations, an administrator. */
import assert from 'node:assert/strict';
import { clientsOf } from '../src/resources/clients/index.ts';
import { findConnectionByName } from '../src/resources/connections/index.ts';
import {
  addMember,
  addOrganizationConnection,
  createOrganization,
  type Organization,
} from '../src/resources/organizations/index.ts';
import type { User } from '../src/resources/users/index.ts';
import { addApplication, addPerson, CONNECTION, type Credentials } from './fixtures.ts';
import { managementToken } from './management.ts';
import { type ScriptedProvider, scriptedProvider } from './scripted-provider.ts';
import { type Answer, START, type TestServer, testServer } from './server.ts';

export interface OrganizationHouse {
  readonly server: TestServer;
  readonly provider: ScriptedProvider;
  readonly client: Credentials;
  /** Member of `acme` and of `globex`. */
  readonly admin: User;
  readonly acme: Organization;
  readonly globex: Organization;
  /** TXT records by name. */
  readonly texts: Map<string, string>;
  readonly profiles: { readonly connection_profile_id: string; readonly user_attribute_profile_id: string };
  /** Calls the Management API with every scope. */
  manage(method: string, path: string, json?: unknown): Promise<Answer>;
  /** Gives the application's configuration these members; the rest is as it was made. */
  configure(changes: object): Promise<void>;
  /** A token of the administrator for an organization. */
  token(organization?: Organization, claims?: Readonly<Record<string, unknown>>): Promise<string>;
  /** Calls the My Organization API for `acme`, or with the bearer given. */
  call(method: string, path: string, json?: unknown, bearer?: string): Promise<Answer>;
  /** Notes a domain of an organization as verified. */
  verified(organization: Organization, domain: string): Promise<void>;
}

const NOUNS =
  'clients client_grants client_keys connections connection_profiles user_attribute_profiles resource_servers organizations ' +
  'organization_connections organization_discovery_domains organization_members organization_member_roles roles users';
const SCOPES = NOUNS.split(' ').flatMap((noun) =>
  ['create', 'read', 'update', 'delete'].map((verb) => `${verb}:${noun}`),
);

const MY_ORG_NOUNS =
  'configuration details identity_providers identity_providers_detach identity_providers_domains domains';
const MY_ORG_SCOPES = [...MY_ORG_NOUNS.split(' '), 'identity_providers_provisioning'].flatMap((noun) =>
  ['create', 'read', 'update', 'delete'].map((verb) => `${verb}:my_org:${noun}`),
);

const claim = (name: string) => `\${context.tokenset.${name}}`;

/** Two attributes, one of which Okta calls differently. */
const ATTRIBUTES = {
  email: {
    description: 'Address',
    label: 'E-mail',
    profile_required: true,
    auth0_mapping: 'email',
    oidc_mapping: { mapping: claim('email'), display_name: 'email' },
  },
  department: {
    description: 'Department',
    label: 'Department',
    profile_required: false,
    auth0_mapping: 'department',
    oidc_mapping: { mapping: claim('dept'), display_name: 'dept' },
    strategy_overrides: { okta: { oidc_mapping: { mapping: claim('okta_dept') } } },
  },
};

export async function openOrganizationHouse(issuer: string): Promise<OrganizationHouse> {
  let server: TestServer | undefined;
  const provider = await scriptedProvider(() => server?.clock.now() ?? START, issuer);
  const texts = new Map<string, string>();
  const outbound = { ...provider.outbound, texts: async (name: string) => [texts.get(name) ?? ''].filter(Boolean) };
  server = await testServer({ outbound });
  return furnish(server, provider, texts);
}

async function furnish(server: TestServer, provider: ScriptedProvider, texts: Map<string, string>) {
  const { ctx } = server;
  const bearer = await managementToken(server, SCOPES);
  const manage: OrganizationHouse['manage'] = (method, path, json) =>
    server.request(method, `/api/v2/${path}`, { bearer, ...(json === undefined ? {} : { json }) });
  const make = async (path: string, json: object) => {
    const answer = await manage('POST', path, json);
    assert.equal(answer.status, 201, answer.text);
    return answer.json;
  };
  const profiles = {
    connection_profile_id: (
      await make('connection-profiles', { name: 'Customers', connection_name_prefix_template: 'con-{org_name}-' })
    ).id,
    user_attribute_profile_id: (await make('user-attribute-profiles', { name: 'People', user_attributes: ATTRIBUTES }))
      .id,
  };
  const client = await addApplication(ctx, { organization_usage: 'allow', web_origins: ['https://app.test'] });
  const configuration = {
    ...profiles,
    allowed_strategies: ['oidc', 'okta', 'samlp'],
    connection_deletion_behavior: 'allow',
  } as const;
  const configure = async (changes: object) => {
    await clientsOf(ctx).update(client.client_id, (stored) => ({
      ...stored,
      my_organization_configuration: { ...configuration, ...changes },
    }));
  };
  await configure({});
  await make('resource-servers', { identifier: `${server.issuer}my-org/`, name: 'ignored' });
  const admin = await addPerson(ctx, 'admin@acme.test');
  const [acme, globex] = [await organization('acme'), await organization('globex')];
  async function organization(name: string): Promise<Organization> {
    const made = await createOrganization(ctx, { name, display_name: name.toUpperCase() });
    const database = await findConnectionByName(ctx, CONNECTION);
    await addOrganizationConnection(ctx, made.id, { connection_id: database!.id });
    await addMember(ctx, made.id, admin.user_id);
    return made;
  }
  const token: OrganizationHouse['token'] = (at = acme, claims = {}) =>
    managementToken(server, MY_ORG_SCOPES, {
      aud: `${server.issuer}my-org/`,
      sub: admin.user_id,
      azp: client.client_id,
      org_id: at.id,
      gty: undefined,
      ...claims,
    });
  return {
    ...{ server, provider, client, admin, acme, globex, texts, profiles, manage, configure, token },
    call: async (method: string, path: string, json?: unknown, own?: string) =>
      server.request(method, `/my-org/v1${path}`, {
        bearer: own ?? (await token()),
        ...(json === undefined ? {} : { json }),
      }),
    verified: async ({ id }: Organization, domain: string) => {
      await make(`organizations/${id}/discovery-domains`, { domain, status: 'verified' });
    },
  };
}

/** What an organization says of an `oidc` provider. */
export const oidcProvider = ({ issuer }: ScriptedProvider, more: object = {}) => ({
  name: 'corp',
  strategy: 'oidc',
  options: {
    type: 'back_channel',
    client_id: 'us',
    client_secret: 'our secret there',
    discovery_url: `${issuer}/.well-known/openid-configuration`,
  },
  ...more,
});
