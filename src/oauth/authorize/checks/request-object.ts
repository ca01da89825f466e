import { oauthError } from '../../../kernel/index.ts';
import type { Asked } from '../request.ts';

/** Signed requests are refused, never ignored: what is inside may contradict the rest (OIDC Core §3.1.2.6). */
export function checkRequestObject(_ctx: unknown, { parameters: { request, request_uri } }: Asked): void {
  if (request !== undefined) throw oauthError(400, 'request_not_supported', 'The request parameter is not supported');
  if (request_uri !== undefined)
    throw oauthError(400, 'request_uri_not_supported', 'The request_uri parameter is not supported');
}

/** A client that must push its requests may not bring them here. */
export function checkPushedRequest(_ctx: unknown, { client }: Asked): void {
  if (client.require_pushed_authorization_requests !== true) return;
  throw oauthError(400, 'invalid_request', 'Pushed authorization requests are required for this client');
}
