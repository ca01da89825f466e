import { shapes, type TSchema } from '../../kernel/index.ts';
import { addonsShape } from './addons.shapes.ts';
import {
  certificateCredential,
  credentialReference,
  keyCredential,
  references,
  subjectCredential,
} from './credential.shapes.ts';
import {
  loginMembers,
  nativeSocialLogin,
  organizationMembers,
  protocolMembers,
  tokenMembers,
} from './member.shapes.ts';

const { choice, flag, list, openRecord, record, text } = shapes;

export const APP_TYPES = (
  'native spa regular_web non_interactive resource_server express_configuration rms box cloudbees concur dropbox mscrm ' +
  'echosign egnyte newrelic office365 salesforce sentry sharepoint slack springcm zendesk zoom sso_integration oag'
).split(' ');

const AUTH_METHODS = ['none', 'client_secret_post', 'client_secret_basic'];

const credentials = (items: TSchema) =>
  record({ credentials: list(items, 'Credentials.', { minItems: 0 }) }, 'Credentials of the method.', {
    required: ['credentials'],
  });

const methods = (members: Record<string, TSchema>, nullable: boolean) =>
  record(members, 'Defines client authentication methods.', { minProperties: 1, maxProperties: 1, nullable });

const placeholders = { format: 'url-with-placeholders' };

const addresses = {
  callbacks: list(text('A URL.', { format: 'callback-url' }), 'URLs that authentication may return to.'),
  allowed_origins: list(text('An origin.', placeholders), 'Origins that may call from JavaScript.'),
  web_origins: list(text('An origin.', placeholders), 'Origins of web messages and cross-origin authentication.'),
  allowed_logout_urls: list(text('A URL.', placeholders), 'URLs that logout may return to.'),
  client_aliases: list(text('An alias.', { minLength: 1 }), 'Audiences of the client in SAML and WS-Federation.'),
  allowed_clients: list(text('A client.', { minLength: 1 }), 'Clients that may ask for delegation.'),
  initiate_login_uri: text('Initiate login uri, must be https', {
    format: 'absolute-https-uri-with-placeholders-or-empty',
  }),
  logo_uri: text('URL of the logo to display for this client.', { format: 'absolute-uri-or-empty' }),
};

const metadata = openRecord({}, 'Metadata associated with the client: up to 10 texts of up to 255 characters.', {
  maxProperties: 10,
  propertyNames: { maxLength: 255, pattern: '^[A-Za-z0-9:,\\-+=_*?"/\\\\()<>@\\t ]*$' },
  additionalProperties: { type: ['string', 'null'], maxLength: 255, description: 'Text, or null to remove it.' },
});

const shared = {
  name: text('Name of this client (min length: 1 character, does not allow `<` or `>`).', { pattern: '^[^<>]+$' }),
  description: text('Free text description of this client (max length: 140 characters).', { maxLength: 140 }),
  ...addresses,
  grant_types: list(
    text('A grant type.', { minLength: 1 }),
    'A set of grant types that the client is authorized to use',
    { uniqueItems: true },
  ),
  app_type: choice(APP_TYPES, 'The type of application this client represents'),
  is_first_party: flag('Whether this client is a first party client.'),
  is_token_endpoint_ip_header_trusted: flag('Whether `auth0-forwarded-for` is believed at the token endpoint.'),
  addons: addonsShape,
  client_metadata: metadata,
  ...protocolMembers,
  ...loginMembers,
  ...tokenMembers,
};

/** Nothing to remove yet: what a change may set to null must have a value in a new client. */
const NULL_ONLY_IN_CHANGES = [
  'addons',
  'cross_origin_loc',
  'skip_non_verifiable_callback_uri_confirmation_prompt',
  'token_exchange',
  'token_quota',
];
/** Texts that a change may empty. */
const EMPTY_ONLY_IN_CHANGES = ['custom_login_page', 'custom_login_page_preview', 'form_template'];

function forNewClient(members: Record<string, TSchema>): Record<string, TSchema> {
  const strict = { ...members };
  for (const name of NULL_ONLY_IN_CHANGES) strict[name] = shapes.withoutNull(strict[name] ?? {});
  for (const name of EMPTY_ONLY_IN_CHANGES) strict[name] = { ...strict[name], minLength: 1 };
  return { ...strict, cross_origin_loc: { ...strict.cross_origin_loc, format: 'url' } };
}

const vault = (credentialShape: TSchema, nullable: boolean) =>
  record(
    {
      credentials: list(credentialShape, 'Keys that sign requests for tokens of users.', { minItems: 0 }),
      grants: list(
        record({ connection: text('Connection.'), scopes: list(text('A scope.'), 'Scopes.') }, 'A grant.', {
          required: ['connection', 'scopes'],
        }),
        'What may be fetched.',
      ),
      ip_allowlist: list(text('An address or network.'), 'Where from.'),
    },
    'Privileged access to the token vault.',
    { nullable, ...(nullable ? {} : { required: ['credentials'] }) },
  );

/** What a client may be made of. */
export const createMembers: Record<string, TSchema> = {
  ...forNewClient(shared),
  ...organizationMembers(false),
  token_endpoint_auth_method: choice(AUTH_METHODS, 'How the client authenticates at the token endpoint.'),
  client_authentication_methods: methods(
    {
      private_key_jwt: credentials(keyCredential),
      tls_client_auth: credentials(subjectCredential),
      self_signed_tls_client_auth: credentials(certificateCredential),
    },
    false,
  ),
  signed_request_object: record(
    {
      required: flag('Whether requests must be signed.'),
      credentials: list(keyCredential, 'Credentials.', { minItems: 0 }),
    },
    'JWT-secured Authorization Requests (JAR) settings.',
  ),
  token_vault_privileged_access: vault(keyCredential, false),
  resource_server_identifier: text('The identifier of the API that this client stands for.', {
    minLength: 1,
    maxLength: 600,
  }),
};

/** What may be changed of a client. */
export const updateMembers: Record<string, TSchema> = {
  ...shared,
  ...organizationMembers(true),
  native_social_login: nativeSocialLogin(true),
  client_secret: text('The secret of the client.', { minLength: 1 }),
  token_endpoint_auth_method: choice(AUTH_METHODS, 'How the client authenticates at the token endpoint.', {
    nullable: true,
  }),
  client_authentication_methods: methods(
    {
      private_key_jwt: credentials(credentialReference),
      tls_client_auth: credentials(credentialReference),
      self_signed_tls_client_auth: credentials(credentialReference),
    },
    true,
  ),
  signed_request_object: record(
    { required: flag('Whether requests must be signed.'), credentials: references },
    'JWT-secured Authorization Requests (JAR) settings.',
    { nullable: true },
  ),
  token_vault_privileged_access: vault(credentialReference, true),
};

/** Members that only the server writes. */
export const answerMembers: Record<string, TSchema> = {
  ...updateMembers,
  client_id: text('ID of this client.'),
  cross_origin_auth: flag('Older name of cross_origin_authentication.'),
  tenant: text('Name of the tenant this client belongs to.'),
  global: flag('Whether this is the global client of the tenant.'),
  signing_keys: list(
    openRecord({ cert: text('Certificate.'), pkcs7: text('PKCS#7.'), subject: text('Subject.') }, 'A key.'),
    'Certificates that verify tokens.',
  ),
  resource_server_identifier: text('The identifier of the API that this client stands for.'),
  external_client_id: text('Client ID of a metadata document.'),
  external_metadata_type: choice(['cimd'], 'Kind of external metadata.'),
  external_metadata_created_by: choice(['admin', 'client'], 'Who registered the external metadata.'),
  jwks_uri: text('URL of the keys of a client with a metadata document.'),
};
