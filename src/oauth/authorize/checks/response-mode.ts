import { type Context, oauthError } from '../../../kernel/index.ts';
import type { Asked } from '../request/request.ts';
import { askedMode, isResponseMode, maySend, messageOrigin } from '../response-modes.ts';

/** `response_mode` is one that we can answer in, that suits what is asked for, and that the client's settings allow. */
export async function checkResponseMode(ctx: Context, { parameters, client, redirect_uri }: Asked): Promise<void> {
  const response_mode = askedMode(parameters);
  if (response_mode === undefined) return;
  if (!isResponseMode(response_mode))
    throw oauthError(400, 'invalid_request', `Unsupported response mode: ${response_mode}`);
  if (!maySend(response_mode, parameters)) {
    const description = `Response mode '${response_mode}' is not allowed for response type '${parameters.response_type}'`;
    throw oauthError(400, 'invalid_request', description);
  }
  // Before anything is made for a page that would post it to nobody.
  if (response_mode === 'web_message' && (await messageOrigin(ctx, client, redirect_uri)) === undefined)
    throw oauthError(400, 'invalid_request', `The origin of ${redirect_uri} is not in the list of allowed web origins`);
}
