import { answerMembers } from './client.shapes.ts';

/** Members of members that `fields` may choose. */
const NESTED = (
  'jwt_configuration.lifetime_in_seconds jwt_configuration.secret_encoded jwt_configuration.scopes jwt_configuration.alg ' +
  'encryption_key.pub encryption_key.cert mobile.android mobile.ios refresh_token.rotation_type ' +
  'refresh_token.expiration_type refresh_token.leeway refresh_token.policies refresh_token.token_lifetime ' +
  'client_authentication_methods.private_key_jwt signed_request_object.required signed_request_object.credentials ' +
  'token_exchange.allow_any_profile_of_type token_vault_privileged_access.credentials'
).split(' ');

/** Names of the published pattern that no client of ours has. */
const UNUSED =
  'config_route callback_url_template api_type owners id_token subject_type_authorization registration_type';

/** Everything that `fields` may name. */
export const clientFields = [...Object.keys(answerMembers), ...NESTED, ...UNUSED.split(' ')];
