import { type Context, oauthError } from '../../../kernel/index.ts';
import type { StoredClient } from '../../../resources/clients/index.ts';
import { checks } from '../checks.ts';
import { type Carried, unpackRequest } from './carried-request.ts';
import { chooseCallback } from './identify.ts';
import { type AuthorizeParameters, dropEmpty, ownParameters } from './request.ts';

/**
 * Checks a request that `client` pushes by every rule that it will meet at `/authorize`. Answers its parameters, out of the signed request
 * if they came in one.
 *
 * @throws WireError as `/authorize` would tell the application, or show the person
 */
export async function checkPushed(
  ctx: Context,
  client: StoredClient,
  sent: AuthorizeParameters,
): Promise<Pick<Carried, 'signed'> & { readonly parameters: Readonly<Record<string, string>> }> {
  // RFC 9126 §2.1
  if (sent.request_uri) throw oauthError(400, 'invalid_request', 'request_uri must not be pushed');
  const named = { ...ownParameters(dropEmpty(sent)), client_id: client.client_id };
  const carried = await unpackRequest(ctx, client, named);
  const callback = await chooseCallback(ctx, client, carried.parameters);
  for (const check of checks) await check(ctx, { ...carried, client, ...callback });
  return { signed: carried.signed, parameters: ownParameters(carried.parameters) };
}
