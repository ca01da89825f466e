import { SAML20 } from '../../assertions/index.ts';
import { type Context, oauthError } from '../../kernel/index.ts';
import { childrenOf, firstChildOf, type XmlElement } from '../../platform/xml/index.ts';
import { requireOwnDestination, textOf } from './authn-request.ts';
import { PROTOCOL } from './saml.ts';
import { logoutAddress, type SamlClient } from './saml-client.ts';

/** An application wants a session ended (SAML core §3.7.1). */
export interface LogoutRequest {
  readonly id: string;
  readonly nameId: string | undefined;
  readonly sessionIndexes: readonly string[];
}

/** Reads a request that was checked as far as its signature goes. WireError (page, 400) where it is not for us, or too late. */
export function readLogoutRequest(ctx: Context, saml: SamlClient, root: XmlElement): LogoutRequest {
  const { ID: id, Destination, NotOnOrAfter } = root.attributes;
  requireOwnDestination(ctx, saml, logoutAddress(ctx, saml), Destination);
  const isLate = NotOnOrAfter !== undefined && !(Date.parse(NotOnOrAfter) > ctx.clock.now());
  if (!id || isLate) {
    const extra = { client_id: saml.client.client_id };
    throw oauthError(400, 'invalid_request', 'The SAML Request has no ID, or has expired', { extra });
  }
  return {
    id,
    nameId: textOf(firstChildOf(root, SAML20, 'NameID')),
    sessionIndexes: childrenOf(root, PROTOCOL, 'SessionIndex').flatMap((index) => textOf(index) ?? []),
  };
}

/** How an application says that its own session is over, or not (SAML core §3.7.2). */
export function isSuccess(response: XmlElement, code: string): boolean {
  return firstChildOf(firstChildOf(response, PROTOCOL, 'Status'), PROTOCOL, 'StatusCode')?.attributes.Value === code;
}
