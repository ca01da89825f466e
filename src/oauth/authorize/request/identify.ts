import { type Context, oauthError, type WireError } from '../../../kernel/index.ts';
import {
  findClient,
  isStrictThirdParty,
  matchRegisteredUrl,
  type StoredClient,
} from '../../../resources/clients/index.ts';
import { complianceOf } from '../../compliance.ts';
import { findNamedOrganization } from '../../organization.ts';
import { unpackRequest } from './carried-request.ts';
import type { Asked, AuthorizeParameters } from './request.ts';

/**
 * Who asks, and where the answer may go. What is wrong here is told to the person on a page: an address that has not been checked
 * is never redirected to (RFC 6749 §3.1.2.4).
 */
export async function identifyClient(ctx: Context, parameters: AuthorizeParameters): Promise<Asked> {
  const { client_id } = parameters;
  if (!client_id) throw oauthError(400, 'invalid_request', 'missing required parameter: client_id');
  const client = await findClient(ctx, client_id);
  if (!client || client.global)
    throw oauthError(400, 'invalid_request', `Unknown client: ${client_id}`, about(client_id));
  const carried = await unpackRequest(ctx, client, parameters);
  return { ...carried, client, ...(await chooseCallback(ctx, client, carried.parameters)) };
}

const about = (client_id: string) => ({ extra: { client_id } });

/** The callback that was asked for, or the client's first one. Throws as `identifyClient`. */
export async function chooseCallback(
  ctx: Context,
  client: StoredClient,
  { redirect_uri: asked, organization }: Pick<AuthorizeParameters, 'redirect_uri' | 'organization'>,
): Promise<Pick<Asked, 'redirect_uri' | 'redirect_uri_given'>> {
  const rules = complianceOf(client);
  const isExact = rules?.placeholderCallbacks === false || isStrictThirdParty(client);
  const allowed = await fillCallbacks(ctx, client.callbacks ?? [], isExact ? undefined : organization);
  const exact = allowed.filter((url) => !url.includes('*'));
  const callbacks = isExact ? exact : allowed;
  if (asked === undefined) {
    const [first] = exact;
    if (!first || rules?.redirectUriRequired)
      throw oauthError(400, 'invalid_request', 'missing required parameter: redirect_uri', about(client.client_id));
    return { redirect_uri: first, redirect_uri_given: false };
  }
  const anyLoopbackPort = client.app_type === 'native';
  if (!matchRegisteredUrl(callbacks, asked, { anyLoopbackPort })) throw callbackMismatch(client, asked);
  return { redirect_uri: asked, redirect_uri_given: true };
}

const ORGANIZATION_NAME = '{organization_name}';

/** Auth0: a callback may have the name of the organization in its host. It is one for that organization only, and none without. */
async function fillCallbacks(ctx: Context, callbacks: readonly string[], organization: string | undefined) {
  if (!callbacks.some((url) => url.includes(ORGANIZATION_NAME))) return callbacks;
  const found = organization === undefined ? undefined : await findNamedOrganization(ctx, organization);
  if (!found) return callbacks.filter((url) => !url.includes(ORGANIZATION_NAME));
  return callbacks.map((url) => url.replace(ORGANIZATION_NAME, found.name));
}

function callbackMismatch(client: StoredClient, asked: string): WireError {
  const description = `Callback URL mismatch. ${asked} is not in the list of allowed callback URLs`;
  return oauthError(403, 'unauthorized_client', description, about(client.client_id));
}
