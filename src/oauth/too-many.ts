import { oauthError, type WireError } from '../kernel/index.ts';

/** 429 for whoever asks too often, with what is left. */
export function tooMany(headers: Record<string, string>): WireError {
  return oauthError(429, 'too_many_requests', 'Too many requests. Wait for some minutes before retrying.', { headers });
}
