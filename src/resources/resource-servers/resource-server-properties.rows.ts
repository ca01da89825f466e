/** What a property of an API does, or that it is refused. */
export interface PropertyRow {
  readonly name: string;
  readonly status: 'enforced' | 'shown';
  readonly where: string;
}

const enforced = (name: string, where: string): PropertyRow => ({ name, status: 'enforced', where });
/** Every property of an API. */
export const resourceServerProperties: readonly PropertyRow[] = [
  enforced('id', 'Management API'),
  { name: 'name', status: 'shown', where: 'consent page, Management API' },
  enforced('identifier', 'the audience of its tokens; immutable, unique'),
  enforced('is_system', 'name, scopes and algorithm cannot be changed'),
  enforced('client_id', 'the application that stands for the API'),
  enforced('scopes', 'what tokens can carry'),
  enforced('signing_alg', 'access tokens'),
  enforced('signing_secret', 'HS256 access tokens; sealed at rest'),
  enforced('allow_offline_access', 'refresh tokens'),
  enforced('allow_online_access', 'online refresh tokens'),
  enforced(
    'allow_online_access_with_ephemeral_sessions',
    'online refresh tokens of sessions that end with the browser',
  ),
  enforced('token_lifetime', 'access tokens'),
  enforced('token_lifetime_for_web', 'access tokens issued in the browser'),
  enforced('token_dialect', 'claims of access tokens'),
  enforced('skip_consent_for_verifiable_first_party_clients', 'consent; custom token exchange wants it on'),
  enforced('enforce_policies', 'permissions in tokens'),
  enforced('subject_type_authorization', 'which applications get tokens'),
  enforced('token_encryption', 'access tokens, encrypted to the key of the API'),
  enforced(
    'consent_policy',
    'a second factor for every login that asks for authorization_details, before the user consents',
  ),
  enforced(
    'authorization_details',
    'types that authorization_details may have at /authorize, /oauth/par and /oauth/token',
  ),
  enforced('proof_of_possession', 'which access tokens are bound to a key, and which must be'),
  enforced('authorization_policy', 'refused: authorization policies are not evaluated'),
];
