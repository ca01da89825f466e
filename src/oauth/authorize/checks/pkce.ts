import { oauthError } from '../../../kernel/index.ts';
import { complianceOf } from '../../compliance.ts';
import type { Asked } from '../request/request.ts';

/** RFC 7636 §4.2: what a challenge looks like, by method. S256 is always 32 bytes as base64url. */
const SHAPES: Readonly<Record<string, RegExp>> = {
  S256: /^[A-Za-z0-9_-]{43}$/,
  plain: /^[A-Za-z0-9._~-]{43,128}$/,
};

/** The PKCE challenge can be met at the token endpoint. */
export function checkPkce(_ctx: unknown, { client, parameters }: Asked): void {
  const { code_challenge, code_challenge_method } = parameters;
  if (complianceOf(client)?.s256 && code_challenge_method !== 'S256')
    throw oauthError(400, 'invalid_request', 'PKCE with S256 is required by the configured compliance level');
  if (code_challenge === undefined && code_challenge_method === undefined) return;
  if (code_challenge === undefined)
    throw oauthError(400, 'invalid_request', 'Missing required parameter: code_challenge');
  const method = code_challenge_method ?? 'plain';
  const shape = Object.hasOwn(SHAPES, method) ? SHAPES[method] : undefined;
  if (!shape) throw oauthError(400, 'invalid_request', `Unsupported code_challenge_method: ${method}`);
  if (!shape.test(code_challenge)) throw oauthError(400, 'invalid_request', 'Invalid value for code_challenge');
}
