import { oauthError } from '../../../kernel/index.ts';
import { isStrictThirdParty } from '../../../resources/clients/index.ts';
import type { Asked } from '../request/request.ts';
import { asksForCode } from '../request/response-types.ts';

/** Auth0: what a strict third-party application may not send, known here or not. */
const NOT_TAKEN = 'claims id_token_hint invitation login_ticket owp request request_uri screen_hint'.split(' ');

/** A strict third-party application sends standard parameters in the open, and a PKCE challenge with every request for a code. */
export function checkThirdParty(_ctx: unknown, { client, parameters, signed, pushed }: Asked): void {
  if (!isStrictThirdParty(client)) return;
  const wrapping = signed ? 'request' : pushed === undefined ? undefined : 'request_uri';
  const excess = wrapping ?? NOT_TAKEN.find((name) => Object.hasOwn(parameters, name));
  if (excess !== undefined)
    throw oauthError(400, 'invalid_request', `parameter ${excess} is not allowed for this client`);
  if (asksForCode(parameters) && parameters.code_challenge === undefined)
    throw oauthError(400, 'invalid_request', 'code_challenge is required');
}
