import { CLAIM, SAML20 } from '../../assertions/index.ts';
import type { Context } from '../../kernel/index.ts';
import { element, type Markup } from '../../platform/xml/index.ts';
import { currentSigningKey } from '../../resources/keys/index.ts';
import { signingKeyElement } from '../signing-key-element.ts';
import { BINDING, PROTOCOL } from './saml.ts';
import { issuerFor, loginAddress, logoutAddress, type SamlClient } from './saml-client.ts';

const METADATA = 'urn:oasis:names:tc:SAML:2.0:metadata';
const NAME_FORMATS = [
  'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
  'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
  'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
];
/** The claims that every application may count on, with the names that people know them by. */
const ATTRIBUTES: readonly (readonly [string, string])[] = [
  [CLAIM.emailaddress, 'E-Mail Address'],
  [CLAIM.givenname, 'Given Name'],
  [CLAIM.name, 'Name'],
  [CLAIM.surname, 'Surname'],
  [CLAIM.nameidentifier, 'Name ID'],
];

/**
 * What an application must know of us, as it imports it (SAML metadata §2.4.3).
 *
 * @param login what goes along with its logins: a connection, an organization
 */
export async function writeMetadata(
  ctx: Context,
  saml: SamlClient,
  login: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const { cert } = await currentSigningKey(ctx);
  const given = Object.entries(login).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const query = given.length > 0 ? `?${new URLSearchParams(given)}` : '';
  const descriptor = element(
    'IDPSSODescriptor',
    {
      protocolSupportEnumeration: PROTOCOL,
      WantAuthnRequestsSigned: saml.settings.signingCert ? 'true' : undefined,
    },
    signingKeyElement(cert),
    services('SingleLogoutService', logoutAddress(ctx, saml)),
    NAME_FORMATS.map((format) => element('NameIDFormat', {}, format)),
    services('SingleSignOnService', loginAddress(ctx, saml) + query),
    ATTRIBUTES.map(([name, friendly]) => attribute(name, friendly)),
  );
  return String(element('EntityDescriptor', { entityID: issuerFor(ctx, saml), xmlns: METADATA }, descriptor));
}

function services(name: string, Location: string): Markup[] {
  return Object.values(BINDING).map((Binding) => element(name, { Binding, Location }));
}

function attribute(Name: string, FriendlyName: string): Markup {
  const NameFormat = 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri';
  return element('Attribute', { xmlns: SAML20, Name, NameFormat, FriendlyName });
}
