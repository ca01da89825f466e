import { oauthError, type WireError } from '../kernel/index.ts';

/** What the MFA API says about the token it was given. SDKs compare these texts letter by letter. */
export const malformedMfaToken = (detail?: string): WireError =>
  oauthError(403, 'invalid_grant', 'Malformed mfa_token', detail === undefined ? {} : { detail });

export const expiredMfaToken = (headers?: Record<string, string>): WireError =>
  oauthError(401, 'expired_token', 'mfa_token is expired', headers ? { headers } : {});

/** RFC 6750 §3: a 401 says how to do better. */
const challenge = (error?: string) => ({ 'www-authenticate': error ? `Bearer error="${error}"` : 'Bearer' });

export const missingBearer = (): WireError =>
  oauthError(401, 'unauthorized', 'Missing authentication', { headers: challenge() });

export const invalidBearer = (detail?: string): WireError =>
  oauthError(401, 'invalid_token', 'Invalid MFA token', {
    headers: challenge('invalid_token'),
    ...(detail === undefined ? {} : { detail }),
  });

export const expiredBearer = (): WireError => expiredMfaToken(challenge('invalid_token'));

export const insufficientScope = (scope: string): WireError =>
  oauthError(403, 'insufficient_scope', `Insufficient scope, expected any of: ${scope}`);

export const invalidRequest = (description: string): WireError => oauthError(400, 'invalid_request', description);
