import { oauthError, type WireError } from '../../kernel/index.ts';
import { type ClientBody, isOpenCallback } from '../../resources/clients/index.ts';
import { GRANT } from '../vocabulary.ts';

/** What an application says about itself (RFC 7591 §2), as far as it is looked at. */
export type ClientMetadata = Readonly<Record<string, unknown>>;

/** Auth0: the two modes of `dynamic_client_registration_security_mode`. */
export type SecurityMode = 'strict' | 'permissive';

const LONGEST_NAME = 255;
const MOST_CALLBACKS = 50;
/** Not run at the token endpoint. */
const IMPLICIT = 'implicit';
const METHODS = ['client_secret_post', 'client_secret_basic', 'none'];

/** Grant types that may be had for the asking, and the response types that need them. */
const GRANTS: Readonly<Record<SecurityMode, readonly string[]>> = {
  strict: [GRANT.authorizationCode, GRANT.refreshToken],
  permissive: [GRANT.authorizationCode, IMPLICIT, GRANT.refreshToken, GRANT.clientCredentials],
};

/**
 * The client that `metadata` describes: what it asks for and may not have is left out where the answer can say so (grant types), refused
 * where it cannot. Members that are not listed are ignored (RFC 7591 §2), among them addresses that our pages would show.
 *
 * @throws WireError 400 invalid_redirect_uri or invalid_client_metadata (RFC 7591 §3.2.2)
 */
export function readClientMetadata(metadata: ClientMetadata, mode: SecurityMode): ClientBody {
  const method = readMethod(metadata);
  const app_type = readApplicationType(metadata, method);
  const callbacks = readCallbacks(metadata, app_type);
  const grant_types = readGrantTypes(metadata, mode, method);
  requireResponseTypes(metadata, grant_types);
  return {
    name: readName(metadata),
    app_type,
    callbacks,
    grant_types,
    token_endpoint_auth_method: method,
    is_first_party: false,
    third_party_security_mode: mode,
    oidc_conformant: true,
  };
}

/** The error of RFC 7591 §3.2.2 for all but callbacks. */
export function invalidMetadata(why: string): WireError {
  return oauthError(400, 'invalid_client_metadata', why);
}

function readName({ client_name: name }: ClientMetadata): string {
  if (name === undefined) return 'Registered application';
  const isUsable =
    typeof name === 'string' && /^[^<>\p{Cc}\p{Bidi_Control}]+$/u.test(name) && name.length <= LONGEST_NAME;
  if (!isUsable || name.trim() === '')
    throw invalidMetadata(`client_name must be a text of 1 to ${LONGEST_NAME} characters`);
  return name;
}

function readMethod({ token_endpoint_auth_method: method = METHODS[0] }: ClientMetadata): string {
  if (typeof method === 'string' && METHODS.includes(method)) return method;
  throw invalidMetadata(`token_endpoint_auth_method must be one of ${METHODS.join(', ')}`);
}

/** Auth0 takes an application without a secret for a native one unless it says what it is. */
function readApplicationType({ application_type: type }: ClientMetadata, method: string): string {
  const isPublic = method === 'none';
  if (type === 'native' || (type === undefined && isPublic)) return 'native';
  if (type === 'web' || type === undefined) return isPublic ? 'spa' : 'regular_web';
  throw invalidMetadata('application_type must be web or native');
}

function readCallbacks({ redirect_uris: uris }: ClientMetadata, app_type: string): string[] {
  const invalid = (why: string) => oauthError(400, 'invalid_redirect_uri', why);
  if (!isTexts(uris) || uris.length === 0) throw invalid('redirect_uris must be a list of at least one URL');
  if (uris.length > MOST_CALLBACKS) throw invalid(`redirect_uris must name at most ${MOST_CALLBACKS} URLs`);
  // RFC 8252 §7.3, and what developers run on their own machine.
  const rule = { loopback: true, ownScheme: app_type === 'native' };
  if (!uris.every((uri) => isOpenCallback(uri, rule))) {
    throw invalid('redirect_uris must be https URLs without placeholder or fragment, or lead to the same device');
  }
  return [...new Set(uris)];
}

function readGrantTypes(
  { grant_types: asked = [GRANT.authorizationCode] }: ClientMetadata,
  mode: SecurityMode,
  method: string,
): string[] {
  if (!isTexts(asked)) throw invalidMetadata('grant_types must be a list of texts');
  const isOffered = (grant: string) =>
    GRANTS[mode].includes(grant) && (grant !== GRANT.clientCredentials || method !== 'none');
  const granted = [...new Set(asked)].filter(isOffered);
  if (granted.length === 0) throw invalidMetadata('none of the grant_types can be given');
  return granted;
}

/** RFC 7591 §2.1: response types and grant types belong together. */
function requireResponseTypes({ response_types: types }: ClientMetadata, granted: readonly string[]): void {
  if (types === undefined) return;
  if (!isTexts(types)) throw invalidMetadata('response_types must be a list of texts');
  const isPossible = (type: string) => type.split(' ').every((part) => granted.includes(grantFor(part)));
  if (types.length > 0 && !types.some(isPossible)) throw invalidMetadata('none of the response_types can be given');
}

const grantFor = (part: string) => (part === 'code' ? GRANT.authorizationCode : IMPLICIT);

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
