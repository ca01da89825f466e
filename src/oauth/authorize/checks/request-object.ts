import { oauthError } from '../../../kernel/index.ts';
import type { StoredClient } from '../../../resources/clients/index.ts';
import { complianceOf } from '../../compliance.ts';
import type { Asked } from '../request/request.ts';

/** What could not be unpacked is refused, never ignored: what is inside may contradict the rest (OIDC Core §3.1.2.6). */
export function checkRequestObject(_ctx: unknown, { parameters: { request, request_uri } }: Asked): void {
  if (request !== undefined) throw oauthError(400, 'request_not_supported', 'The request parameter is not supported');
  // Auth0 fetches no requests from elsewhere.
  if (request_uri !== undefined)
    throw oauthError(400, 'request_uri_not_supported', 'The request_uri parameter is not supported');
}

/** A client that must sign its requests does so, here or when it pushed them. */
export function checkSignedRequest(_ctx: unknown, { client, signed }: Asked): void {
  if (!signed) requireUnsignedAllowed(client);
}

/** Refuses an unsigned request of a client that must sign its requests. WireError 400 invalid_request. */
export function requireUnsignedAllowed(client: StoredClient): void {
  if (complianceOf(client)?.signedRequests)
    throw oauthError(400, 'invalid_request', 'Signed request objects are required by the configured compliance level');
  if (client.signed_request_object?.required === true)
    throw oauthError(400, 'invalid_request', 'Signed request objects are required for this client');
}

/** A client that must push its requests may not bring them here. */
export function checkPushedRequest(_ctx: unknown, { client, pushed }: Asked): void {
  if (pushed !== undefined) return;
  if (complianceOf(client))
    throw oauthError(
      400,
      'invalid_request',
      'Pushed Authorization Requests are required by the configured compliance level',
    );
  if (client.require_pushed_authorization_requests !== true) return;
  throw oauthError(400, 'invalid_request', 'Pushed authorization requests are required for this client');
}
