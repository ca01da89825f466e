import { createHash } from 'node:crypto';
import { oauthError } from '../../../kernel/index.ts';
import { safeEqual } from '../../../platform/crypto/index.ts';
import type { AuthorizationCode } from '../../authorization-code.store.ts';
import { invalidGrant } from '../grant-refusal.ts';

const UNRESERVED = /^[A-Za-z0-9._~-]*$/;

/**
 * RFC 7636 §4.6: the verifier belongs to the challenge that the code was asked for with; where there was none, none may come now
 * (RFC 9700 §2.1.1: or an attacker could strip the challenge and nobody would notice).
 *
 * @throws WireError 400 invalid_request for a malformed verifier, 403 invalid_grant otherwise
 */
export function requireVerifier(code: AuthorizationCode, verifier: string | undefined): void {
  if (verifier !== undefined) requireWellFormed(verifier);
  const isRight =
    code.code_challenge === undefined
      ? verifier === undefined
      : verifier !== undefined && safeEqual(transform(verifier, code.code_challenge_method), code.code_challenge);
  if (!isRight) throw invalidGrant('Failed to verify code verifier', { log: { user_id: code.user_id } });
}

function requireWellFormed(verifier: string): void {
  if (verifier.length < 43 || verifier.length > 128) {
    throw oauthError(400, 'invalid_request', "Parameter 'code_verifier' must be between 43 and 128 characters long");
  }
  if (!UNRESERVED.test(verifier)) {
    throw oauthError(400, 'invalid_request', "Parameter 'code_verifier' must only contain unreserved characters");
  }
}

function transform(verifier: string, method: AuthorizationCode['code_challenge_method']): string {
  return method === 'S256' ? createHash('sha256').update(verifier, 'ascii').digest('base64url') : verifier;
}
