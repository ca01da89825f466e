import { oauthError } from '../../../kernel/index.ts';
import { requireGrant } from '../../allowed-grant.ts';
import { complianceOf } from '../../compliance.ts';
import { GRANT } from '../../vocabulary.ts';
import type { Asked } from '../request/request.ts';
import { asksForCode, responseTypes, tokensOverBrowser } from '../request/response-types.ts';

const IMPLICIT = 'implicit';
const KNOWN = new Set(['code', 'token', 'id_token']);

/** `response_type` is made of what we know, the client's grants allow each part of it, and its compliance level the whole. */
export function checkResponseType(_ctx: unknown, { parameters, client }: Asked): void {
  const types = responseTypes(parameters);
  if (types.length === 0) throw oauthError(400, 'invalid_request', 'Missing required parameter: response_type');
  if (types.some((type) => !KNOWN.has(type)))
    throw oauthError(400, 'unsupported_response_type', `Unsupported response type: ${parameters.response_type}`);
  const only = complianceOf(client)?.responseType;
  if (only !== undefined && types.toSorted().join(' ') !== only) {
    const description = `Response type must be '${only}' for the configured compliance level`;
    throw oauthError(400, 'unsupported_response_type', description);
  }
  const needed = [
    ...(asksForCode(parameters) ? [GRANT.authorizationCode] : []),
    ...(tokensOverBrowser(parameters).length > 0 ? [IMPLICIT] : []),
  ];
  for (const grant of needed) requireGrant(client, grant);
}
