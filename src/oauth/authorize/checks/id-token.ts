import { oauthError } from '../../../kernel/index.ts';
import { splitScope } from '../../vocabulary.ts';
import type { Asked } from '../request.ts';
import { tokensOverBrowser } from '../response-types.ts';

/** An ID token over the browser is asked for as such, and tied to the request (OpenID Connect Core §3.2.2.1, §3.3.2.1). */
export function checkIdToken(_ctx: unknown, { parameters }: Asked): void {
  if (!tokensOverBrowser(parameters).includes('id_token')) return;
  if (parameters.nonce === undefined) throw oauthError(400, 'invalid_request', 'Missing required parameter: nonce');
  if (!splitScope(parameters.scope ?? '').includes('openid'))
    throw oauthError(400, 'invalid_request', 'openid scope must be requested');
}
