import { oauthError, type WireError } from '../../../kernel/index.ts';
import { GRANT } from '../../vocabulary.ts';
import { type Asked, responseTypes } from '../request.ts';

const IMPLICIT = 'implicit';
/** What is answered over the browser instead of the token endpoint. */
const FRONT_CHANNEL = new Set(['token', 'id_token']);

/** `response_type` is one that we know, and the client's grants allow it. */
export function checkResponseType(_ctx: unknown, { parameters, client }: Asked): void {
  const types = responseTypes(parameters);
  if (types.length === 0) throw oauthError(400, 'invalid_request', 'Missing required parameter: response_type');
  if (types.some((type) => type !== 'code' && !FRONT_CHANNEL.has(type))) throw unsupported(parameters.response_type);
  const grants = client.grant_types ?? [];
  const needed = [
    ...(types.includes('code') ? [GRANT.authorizationCode] : []),
    ...(types.some((type) => FRONT_CHANNEL.has(type)) ? [IMPLICIT] : []),
  ];
  const missing = needed.find((grant) => !grants.includes(grant));
  if (missing) throw oauthError(403, 'unauthorized_client', `Grant type '${missing}' not allowed for the client.`);
  if (needed.includes(IMPLICIT)) throw unsupported(parameters.response_type);
}

function unsupported(type: string | undefined): WireError {
  return oauthError(400, 'unsupported_response_type', `Unsupported response type: ${type}`);
}
