import { type Context, oauthError } from '../../../kernel/index.ts';
import { isLegacyLogin } from '../../legacy-login.ts';
import { splitScope } from '../../vocabulary.ts';
import type { Asked } from '../request/request.ts';
import { tokensOverBrowser } from '../request/response-types.ts';
import { askedAudience } from './audience.ts';

/** An ID token over the browser is asked for as such, and tied to the request (OpenID Connect Core §3.2.2.1, §3.3.2.1). */
export async function checkIdToken(ctx: Context, asked: Asked): Promise<void> {
  const { client, parameters } = asked;
  if (!tokensOverBrowser(parameters).includes('id_token')) return;
  // Auth0: applications of before OpenID Connect send none.
  const needsNonce = !(await isLegacyLogin(ctx, client, await askedAudience(ctx, asked)));
  if (needsNonce && parameters.nonce === undefined)
    throw oauthError(400, 'invalid_request', 'Missing required parameter: nonce');
  if (!splitScope(parameters.scope ?? '').includes('openid'))
    throw oauthError(400, 'invalid_request', 'openid scope must be requested');
}
