import { shapes } from '../../kernel/index.ts';
import type { ResourceServerBody } from './resource-servers.ts';

const { body, choice, flag, integer, list, openRecord, record, text } = shapes;

const scope = record(
  {
    value: text('Value of this scope.', { minLength: 1, maxLength: 280 }),
    description: text('What the scope allows, in words for people.', { maxLength: 500 }),
  },
  'A permission.',
  { required: ['value'] },
);

const tokenEncryption = record(
  {
    format: choice(['compact-nested-jwe'], 'Form of the encrypted token.'),
    encryption_key: record(
      {
        name: text('Name of the encryption key.', { minLength: 1, maxLength: 128 }),
        alg: choice(['RSA-OAEP-256', 'RSA-OAEP-384', 'RSA-OAEP-512'], 'Algorithm of the key encryption.'),
        kid: text('Key ID.', { minLength: 1, maxLength: 128 }),
        pem: text('Public key in PEM.', { minLength: 1, maxLength: 4096 }),
      },
      'Key that access tokens are encrypted with.',
      { required: ['alg', 'pem'] },
    ),
  },
  'Encryption of access tokens.',
  { required: ['format', 'encryption_key'], nullable: true },
);

const detailsType = openRecord(
  { type: text('Name of the type.', { minLength: 1, maxLength: 255 }) },
  'A type of authorization details.',
  { required: ['type'] },
);

const proofOfPossession = record(
  {
    mechanism: choice(['mtls', 'dpop'], 'How possession is proven.'),
    required: flag('Whether a proof is required.'),
    required_for: choice(['public_clients', 'all_clients'], 'Which clients must prove possession.'),
  },
  'Proof-of-Possession configuration for access tokens',
  { required: ['mechanism', 'required'], nullable: true },
);

const subjectTypeAuthorization = record(
  {
    user: openRecord(
      { policy: choice(['allow_all', 'deny_all', 'require_client_grant'], 'Policy for flows with a user.') },
      'Access of users through applications.',
    ),
    client: openRecord(
      { policy: choice(['deny_all', 'require_client_grant'], 'Policy for flows without a user.') },
      'Access of applications on their own.',
    ),
  },
  'Which applications may ask for tokens.',
);

const shared = {
  name: text('Friendly name of the API, without `<` or `>`.', { maxLength: 200, pattern: '^[^<>]+$' }),
  scopes: list(scope, 'Permissions of the API.'),
  signing_alg: choice(['HS256', 'RS256', 'RS512', 'PS256'], 'Algorithm that access tokens are signed with.'),
  signing_secret: text('Secret of HS256 signatures.', { minLength: 16 }),
  allow_offline_access: flag('Whether refresh tokens are issued for this API.'),
  allow_online_access: flag('Whether online refresh tokens are issued for this API.'),
  allow_online_access_with_ephemeral_sessions: flag('Whether online refresh tokens follow ephemeral sessions.'),
  token_lifetime: integer('Lifetime of access tokens in seconds.', { minimum: 0, maximum: 2592000 }),
  token_lifetime_for_web: integer('Lifetime in seconds of access tokens issued in the browser.', {
    minimum: 0,
    maximum: 2592000,
  }),
  token_dialect: choice(
    ['access_token', 'access_token_authz', 'rfc9068_profile', 'rfc9068_profile_authz'],
    'Claims of access tokens: own or RFC 9068, with or without permissions.',
  ),
  skip_consent_for_verifiable_first_party_clients: flag('Whether first-party applications need no consent.'),
  enforce_policies: flag('Whether role-based access control applies.'),
  token_encryption: tokenEncryption,
  consent_policy: choice(['transactional-authorization-with-mfa'], 'Consent beyond the standard.', { nullable: true }),
  authorization_details: list(detailsType, 'Types of authorization details.', { nullable: true }),
  proof_of_possession: proofOfPossession,
  subject_type_authorization: subjectTypeAuthorization,
  authorization_policy: record(
    { policy_id: text('ID of the policy.', { minLength: 1, maxLength: 1024 }) },
    'Authorization policy of the API.',
    { required: ['policy_id'], nullable: true },
  ),
};

const identifier = text('Unique identifier of the API: the audience of its tokens.', { minLength: 1, maxLength: 600 });

export const resourceServerAnswer = shapes.answer({
  id: text('ID of the API.'),
  identifier,
  is_system: flag('Whether the API belongs to the server itself.'),
  client_id: text('The client that stands for the API.'),
  ...shared,
});
export const createResourceServerBody = body<ResourceServerBody>(
  { identifier, ...shared },
  { required: ['identifier'] },
);
export const updateResourceServerBody = body<Partial<ResourceServerBody>>(shared);
