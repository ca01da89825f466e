import {
  type Confirmation,
  type Context,
  endpoint,
  json,
  oauthError,
  type Reply,
  Type,
  WireError,
} from '../../kernel/index.ts';
import { isStrictThirdParty, type StoredClient } from '../../resources/clients/index.ts';
import { tenantSettings } from '../../resources/tenant-settings/index.ts';
import { type AuthorizeParameters, authorizeParameters, checkPushed } from '../authorize/index.ts';
import { asSpecified, authenticateConfidential } from '../confidential-request.ts';
import { keepPushedRequest } from '../pushed-request.store.ts';
import { type CredentialCarrier, proveSender } from '../token/index.ts';

/** Seconds, unless the client has a `par_request_expiry`. */
const LIFETIME = 30;
/** Auth0: bytes. */
const LARGEST = 10_240;

type PushRequest = CredentialCarrier & { readonly body: AuthorizeParameters };

/** Takes an authorization request from the client itself, checks it as `/authorize` will, and keeps it for its user (RFC 9126). */
async function push(ctx: Context, request: PushRequest): Promise<Reply> {
  const { pushed_authorization_requests_supported: isSupported } = await tenantSettings(ctx);
  if (isSupported !== true)
    throw oauthError(404, 'endpoint_disabled', 'Pushed authorization requests are not enabled for this tenant');
  let client: StoredClient | undefined;
  try {
    // Auth0: public clients cannot push, as nobody could tell their requests from an attacker's; nor can strict third-party ones.
    client = await authenticateConfidential(ctx, request);
    if (isStrictThirdParty(client))
      throw oauthError(400, 'unauthorized_client', 'The client may not push authorization requests');
    const proof = await proveSender(ctx, client, request.headers);
    const { parameters: pushed, signed } = await checkPushed(ctx, client, request.body);
    const parameters = bindToKey(pushed, proof);
    const lifetime = client.par_request_expiry ?? LIFETIME;
    const request_uri = await keepPushedRequest(ctx, client.client_id, { parameters, signed }, lifetime);
    return json(201, { request_uri, expires_in: lifetime });
  } catch (error) {
    if (error instanceof WireError) throw refuse(ctx, error, client, request.body.client_id);
    throw error;
  }
}

/** RFC 9449 §10.1: the code that comes of it needs the key of the proof that it was pushed with. */
function bindToKey(parameters: AuthorizeParameters, proof: Confirmation | undefined): AuthorizeParameters {
  if (proof?.jkt === undefined) return parameters;
  if (parameters.dpop_jkt !== undefined && parameters.dpop_jkt !== proof.jkt)
    throw oauthError(400, 'invalid_dpop_proof', 'DPoP proof key thumbprint does not match dpop_jkt');
  return { ...parameters, dpop_jkt: proof.jkt };
}

/** The error in the words of a token endpoint (RFC 9126 §2.3): 401 for the client's identity, 400 for all else. It is logged. */
function refuse(ctx: Context, error: WireError, client: StoredClient | undefined, claimed: unknown): WireError {
  const specified = asSpecified(error);
  const { error: code, error_description } = specified.body;
  const description = String(error_description ?? '');
  ctx.audit({
    type: 'fpar',
    description,
    ...(typeof claimed === 'string' ? { client_id: claimed.slice(0, 200) } : {}),
    ...(client ? { client_id: client.client_id, client_name: client.name } : {}),
  });
  const status = error.status === 403 ? 400 : error.status;
  return oauthError(status, String(code), description, { headers: error.headers });
}

export const parEndpoint = endpoint({
  method: 'POST',
  path: '/oauth/par',
  name: 'pushAuthorizationRequest',
  summary: 'Push an authorization request to the server before its user comes',
  tag: 'authentication',
  surface: 'oauth',
  accepts: ['form'],
  // RFC 9126 §2.3.
  tellsMethods: true,
  bodyLimit: LARGEST,
  body: Type.Object({
    ...authorizeParameters.properties,
    client_secret: Type.Optional(Type.String()),
    client_assertion: Type.Optional(Type.String()),
    client_assertion_type: Type.Optional(Type.String()),
  }),
  replies: {
    201: Type.Object({ request_uri: Type.String(), expires_in: Type.Integer() }),
    400: 'The request is one that `/authorize` would refuse.',
    401: 'The client could not be authenticated.',
    404: 'The tenant does not take pushed requests.',
    413: 'The request is larger than 10 KB.',
  },
  handle: (ctx, { body, headers }) => push(ctx, { body, headers }),
});
