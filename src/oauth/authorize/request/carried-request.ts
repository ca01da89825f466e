import { type Context, oauthError } from '../../../kernel/index.ts';
import type { JwtMembers } from '../../../platform/crypto/index.ts';
import type { StoredClient } from '../../../resources/clients/index.ts';
import { findPushedRequest, REQUEST_URI_PREFIX } from '../../pushed-request.store.ts';
import { invalidRequestObject, readRequestObject, requestKeysOf } from '../../request-object.ts';
import { type Asked, type AuthorizeParameters, authorizeParameters } from './request.ts';

/** What a request asks, wherever it was written: in the open, in a signed object, or at the server since it was pushed. */
export type Carried = Pick<Asked, 'parameters' | 'signed' | 'pushed'>;

/**
 * Unpacks what `sent` carries. Of what was pushed or signed only that counts: parameters beside it, which anybody on the way could have
 * written, are not looked at (RFC 9101 §6.3, RFC 9126 §4). What cannot be unpacked for this client stays where it is, for a check to refuse.
 *
 * @throws WireError 400 invalid_request_uri, invalid_request_object or invalid_request
 */
export async function unpackRequest(ctx: Context, client: StoredClient, sent: AuthorizeParameters): Promise<Carried> {
  const { request, request_uri } = sent;
  if (request !== undefined && request_uri !== undefined)
    throw oauthError(400, 'invalid_request', 'request and request_uri must not be used together');
  if (request_uri?.startsWith(REQUEST_URI_PREFIX)) {
    const found = await findPushedRequest(ctx, client.client_id, request_uri);
    return { parameters: found.parameters as AuthorizeParameters, signed: found.signed, pushed: found.id };
  }
  if (request === undefined || requestKeysOf(client).length === 0)
    return { parameters: sent, signed: false, pushed: undefined };
  const parameters = parametersOf(await readRequestObject(ctx, client, request));
  return { parameters, signed: true, pushed: undefined };
}

const KNOWN = Object.keys(authorizeParameters.properties) as (keyof AuthorizeParameters)[];

/** The claims that are parameters, as text: in JSON some of them are numbers, lists or objects (RFC 9101 §4). */
function parametersOf(claims: JwtMembers): AuthorizeParameters {
  const given = KNOWN.flatMap((name) => {
    const claim = claims[name];
    return claim === undefined || claim === null || claim === '' ? [] : [[name, asText(claim)]];
  });
  return Object.fromEntries(given);
}

function asText(claim: unknown): string {
  const text = typeof claim === 'string' ? claim : JSON.stringify(claim);
  if (text.includes('\u0000') || text.includes('\\u0000'))
    throw invalidRequestObject('a parameter contains a NUL character');
  return text;
}
