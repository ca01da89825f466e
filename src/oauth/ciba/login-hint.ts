import { type Context, oauthError, type WireError } from '../../kernel/index.ts';

/** `auth0|5f7c…`: a strategy and an id. */
const USER_ID = /^[^|]+\|.+$/;

function invalid(why: string): WireError {
  return oauthError(400, 'invalid_request', `login_hint parameter validation failed: ${why}`);
}

/**
 * The `user_id` that a `login_hint` names. Auth0 knows one format of RFC 9493: a JSON object that names the user by issuer and subject.
 *
 * @throws WireError 400 invalid_request
 */
export function readLoginHint(ctx: Context, sent: string | undefined): string {
  if (sent === undefined) throw oauthError(400, 'invalid_request', 'login_hint is required');
  const { format, iss, sub } = parseHint(sent);
  if (format !== 'iss_sub') throw invalid('"format" must be iss_sub');
  if (iss !== ctx.issuer && iss !== ctx.canonicalIssuer) throw invalid('"iss" must be the issuer of the tenant');
  if (typeof sub !== 'string' || !USER_ID.test(sub)) throw invalid('"sub" contains unsupported format');
  return sub;
}

function parseHint(sent: string): Readonly<Record<string, unknown>> {
  try {
    const hint: unknown = JSON.parse(sent);
    if (typeof hint === 'object' && hint !== null) return hint as Readonly<Record<string, unknown>>;
  } catch {
    // Said below, in the same words.
  }
  throw invalid('it must be a JSON object');
}
