import { oauthError } from '../../../kernel/index.ts';
import type { Asked } from '../request/request.ts';

/** RFC 9449 §10: `dpop_jkt` is the SHA-256 thumbprint of a key. */
export function checkDpopKey(_ctx: unknown, { parameters: { dpop_jkt } }: Asked): void {
  if (dpop_jkt === undefined || /^[A-Za-z0-9_-]{43}$/.test(dpop_jkt)) return;
  throw oauthError(400, 'invalid_request', 'Invalid value for dpop_jkt: a SHA-256 JWK thumbprint is expected');
}
