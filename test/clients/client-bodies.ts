/** Bodies that make and change clients, at random: over all that the schemas take, naming only what is there. */
import fc from 'fast-check';
import { createMembers, updateMembers } from '../../src/resources/clients/client.shapes.ts';
import type { ClientHouse } from './client-house.ts';
import { type BodySchema, type Known, valuesOf } from './schema-values.ts';

export const createSchema: BodySchema = {
  properties: createMembers as never,
  required: ['name'],
  additionalProperties: false,
  type: 'object',
};
export const updateSchema: BodySchema = {
  properties: updateMembers as never,
  additionalProperties: false,
  type: 'object',
  minProperties: 1,
};

export type Body = Readonly<Record<string, unknown>>;

const GRANTS = ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'];

async function made(house: ClientHouse, path: string, json: object): Promise<string> {
  const answer = await house.manage('POST', path, json);
  if (answer.status !== 201) throw new Error(`${path}: ${answer.text}`);
  return answer.json.id ?? answer.json.client_id;
}

/** A subject is said, or taken from a certificate. */
const subjects = (pem: string) =>
  fc
    .constantFrom({ pem }, { subject_dn: 'CN=somebody' })
    .map((one) => ({ credential_type: 'cert_subject_dn', ...one }));

/** Values for members that name something else in the tenant of `house`, or that only what is alike fits together with. */
export async function knownIn(house: ClientHouse, key: string, certificate: string): Promise<Known> {
  const organization = await made(house, 'organizations', { name: 'acme' });
  const other = await made(house, 'clients', { name: 'Other' });
  const express = await made(house, 'clients', { name: 'Express', app_type: 'express_configuration' });
  const connectionProfile = await made(house, 'connection-profiles', { name: 'Profile' });
  const userId = { oidc_mapping: 'sub', saml_mapping: ['id'], scim_mapping: 'externalId' };
  const attributes = { email: { description: 'd', label: 'l', profile_required: true, auth0_mapping: 'email' } };
  const userProfile = await made(house, 'user-attribute-profiles', {
    name: 'Profile',
    user_id: userId,
    user_attributes: attributes,
  });
  const addresses = fc.uniqueArray(fc.oneof(fc.ipV4(), fc.ipV6()), { maxLength: 3 });
  return [
    [/organization_id$/, fc.constant(organization)],
    [/linked_clients\[\]\.client_id$/, fc.constant(other)],
    [/okta_oin_client_id$/, fc.constant(express)],
    [/connection_profile_id$/, fc.constant(connectionProfile)],
    [/user_attribute_profile_id$/, fc.constant(userProfile)],
    [/\.tls_client_auth\.credentials\[\]$/, subjects(certificate)],
    [/tls_client_auth\.credentials\[\]\.pem$/, fc.constant(certificate)],
    [/credentials\[\]\.pem$/, fc.constant(key)],
    [/credentials\[\]\.alg$/, fc.constantFrom('RS256', 'RS384', 'PS256')],
    [/\.credentials\[\]\.id$/, fc.constant('cred_0000000000000000000000')],
    [/backchannel_logout_urls\[\]$/, fc.webUrl({ validSchemes: ['https'] })],
    [/^grant_types$/, fc.uniqueArray(fc.constantFrom(...GRANTS))],
    [/^client_aliases$/, fc.uniqueArray(fc.uuid(), { maxLength: 2 })],
    [/^encryption_key$/, fc.constantFrom({ cert: certificate }, { cert: certificate, subject: '/CN=somebody' }, {})],
    [/^resource_server_identifier$/, fc.uuid()],
    [/ip_allowlist$/, addresses],
    [/lifetime_in_seconds$/, fc.integer({ min: 900, max: 43_200 })],
  ];
}

/** Members that do not go together, of which one is taken away. */
const EXCLUSIVE: readonly (readonly [kept: string, gone: string])[] = [
  ['client_authentication_methods', 'token_endpoint_auth_method'],
  ['oidc_logout', 'oidc_backchannel_logout'],
];

const REFUSED_ADDONS = 'cloudbees concur egnyte mscrm oag office365 rms wams'.split(' ');
/** Add-ons of which a client has one. */
const RIVALS =
  'samlp box dropbox echosign newrelic salesforce sentry sharepoint slack springcm wsfed zendesk zoom'.split(' ');

/** Add-ons that are offered, and one service at most. */
function fittingAddons(addons: Body): Body {
  const [first] = Object.keys(addons).filter((name) => RIVALS.includes(name));
  const isFitting = (name: string) => !REFUSED_ADDONS.includes(name) && (name === first || !RIVALS.includes(name));
  return Object.fromEntries(Object.entries(addons).filter(([name]) => isFitting(name)));
}

function withoutConflicts(body: Body): Body {
  const fitting: Record<string, unknown> = { ...body };
  if (fitting.addons) fitting.addons = fittingAddons(fitting.addons as Body);
  for (const [kept, gone] of EXCLUSIVE) if (fitting[kept]) delete fitting[gone];
  if (fitting.resource_server_identifier) fitting.app_type = 'resource_server';
  return fitting;
}

/** At most so many members at a time: the more, the more rarely they all fit together. */
const MOST_MEMBERS = 12;

function some(
  schema: BodySchema,
  known: Known,
  always: readonly string[],
  never: readonly string[],
): fc.Arbitrary<Body> {
  const { properties = {} } = schema;
  const names = Object.keys(properties).filter((name) => !always.includes(name) && !never.includes(name));
  const minLength = Math.max(0, (schema.minProperties ?? 0) - always.length);
  return fc
    .subarray(names, { minLength, maxLength: MOST_MEMBERS })
    .chain((chosen) =>
      fc.record(
        Object.fromEntries([...always, ...chosen].map((name) => [name, valuesOf(properties[name] ?? {}, name, known)])),
      ),
    )
    .map((body) => withoutConflicts(JSON.parse(JSON.stringify(body)) as Body));
}

/** Bodies of `POST /api/v2/clients`. */
export const newClients = (known: Known): fc.Arbitrary<Body> => some(createSchema, known, ['name'], []);

/** What holds a client's own credentials: nobody else's may stand there. */
const OWN_CREDENTIALS = ['client_authentication_methods', 'signed_request_object', 'token_vault_privileged_access'];

/** Bodies of `PATCH /api/v2/clients/{id}`. */
export const changes = (known: Known): fc.Arbitrary<Body> => some(updateSchema, known, [], OWN_CREDENTIALS);
