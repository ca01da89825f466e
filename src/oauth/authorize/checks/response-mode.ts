import { oauthError } from '../../../kernel/index.ts';
import type { Asked } from '../request.ts';
import { isResponseMode } from '../response-modes.ts';

/** `response_mode` is one that we can answer in. */
export function checkResponseMode(_ctx: unknown, { parameters: { response_mode } }: Asked): void {
  if (response_mode === undefined || isResponseMode(response_mode)) return;
  throw oauthError(400, 'invalid_request', `Unsupported response mode: ${response_mode}`);
}
