import { oauthError } from '../../kernel/index.ts';
import type { Session } from '../../resources/sessions/index.ts';

/** Microsoft's name for a login with more than one factor. */
const MULTIPLE = 'http://schemas.microsoft.com/claims/multipleauthn';
const PASSWORD = 'urn:oasis:names:tc:SAML:1.0:am:password';
const UNSPECIFIED = 'urn:oasis:names:tc:SAML:1.0:am:unspecified';
const KNOWN = [MULTIPLE, PASSWORD, UNSPECIFIED];

/** WS-Federation §13.2.2: the level that `wauth` names is required. WireError (page, 400) for one that nobody here can tell. */
export function requireAuthentication(wauth: string | undefined): void {
  if (wauth === undefined || KNOWN.includes(wauth)) return;
  throw oauthError(400, 'invalid_request', 'The wauth is not a method of authentication that is known here');
}

/**
 * What the token says of how the user logged in.
 *
 * @throws WireError (page, 403) where that is less than `wauth` requires
 */
export function authenticationMethod({ methods }: Session, wauth: string | undefined): string {
  const proved = methods.map(({ name }) => name);
  const reached = proved.includes('mfa') ? MULTIPLE : proved.includes('pwd') ? PASSWORD : UNSPECIFIED;
  const isEnough = wauth === undefined || wauth === UNSPECIFIED || wauth === reached;
  if (isEnough || (wauth === PASSWORD && proved.includes('pwd'))) return reached;
  throw oauthError(403, 'access_denied', 'The login does not reach the level that the wauth requires');
}
