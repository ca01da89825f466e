import { SAML20 } from '../../assertions/index.ts';
import { type Context, oauthError } from '../../kernel/index.ts';
import { firstChildOf, type XmlElement } from '../../platform/xml/index.ts';
import { requestedContexts } from './authn-context.ts';
import { PROTOCOL } from './saml.ts';
import { loginAddress, type SamlClient } from './saml-client.ts';

/** What an application asks for (SAML core §3.4.1). */
export interface AuthnRequest {
  readonly id: string;
  /** ms */
  readonly issuedAt: number;
  readonly issuer: string | undefined;
  readonly acs: string | undefined;
  readonly forceAuthn: boolean;
  readonly isPassive: boolean;
  /** Whom it expects. */
  readonly subject: string | undefined;
  readonly nameIdFormat: string | undefined;
  readonly binding: string | undefined;
  /** Classes of authentication context, with spaces between them. */
  readonly contexts: string | undefined;
}

/** How old a request may be, and how far ahead of our clock its own may be. ms */
export const OLDEST = 86_400_000;
const AHEAD = 300_000;

/** Reads a request that was checked as far as its signature goes. WireError (page, 400) where it is not for us or not of today. */
export function readAuthnRequest(ctx: Context, saml: SamlClient, root: XmlElement): AuthnRequest {
  const { attributes } = root;
  const policy = firstChildOf(root, PROTOCOL, 'NameIDPolicy');
  const subject = firstChildOf(firstChildOf(root, SAML20, 'Subject'), SAML20, 'NameID');
  const request = {
    id: attributes.ID ?? '',
    issuedAt: Date.parse(attributes.IssueInstant ?? ''),
    issuer: textOf(firstChildOf(root, SAML20, 'Issuer')),
    acs: attributes.AssertionConsumerServiceURL || undefined,
    forceAuthn: isTrue(attributes.ForceAuthn),
    isPassive: isTrue(attributes.IsPassive),
    subject: textOf(subject),
    nameIdFormat: policy?.attributes.Format,
    binding: attributes.ProtocolBinding,
    contexts: requestedContexts(root),
  };
  requireOwnDestination(ctx, saml, loginAddress(ctx, saml), attributes.Destination);
  requireTimely(ctx, saml, request);
  return request;
}

/** XML Schema: booleans are words or digits. */
const isTrue = (value: string | undefined) => value === 'true' || value === '1';

export const textOf = (element: XmlElement | undefined) => element?.text.trim() || undefined;

/** A message that says where it is to go goes nowhere else (SAML core §3.2.1). WireError (page, 400). */
export function requireOwnDestination(
  ctx: Context,
  { client }: SamlClient,
  own: string,
  destination: string | undefined,
): void {
  if (!destination || destination === own) return;
  // The tenant's own name is as good as the domain that the message arrived at.
  if (destination === own.replace(ctx.issuer, ctx.canonicalIssuer)) return;
  throw invalid(client.client_id, 'The Destination of the SAML message is not this endpoint');
}

function requireTimely(ctx: Context, { client }: SamlClient, { id, issuedAt }: AuthnRequest): void {
  const age = ctx.clock.now() - issuedAt;
  if (id && age <= OLDEST && age >= -AHEAD) return;
  throw invalid(client.client_id, 'The SAML Request has no ID, or has expired');
}

function invalid(client_id: string, text: string) {
  return oauthError(400, 'invalid_request', text, { extra: { client_id } });
}
