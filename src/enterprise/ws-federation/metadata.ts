import { CLAIM } from '../../assertions/index.ts';
import type { Context } from '../../kernel/index.ts';
import { element, type Markup } from '../../platform/xml/index.ts';
import { currentSigningKey } from '../../resources/keys/index.ts';
import { signingKeyElement } from '../signing-key-element.ts';
import { TOKEN_TYPE } from './token-type.ts';

const METADATA = 'urn:oasis:names:tc:SAML:2.0:metadata';
const FEDERATION = 'http://docs.oasis-open.org/wsfed/federation/200706';
const AUTHORIZATION = 'http://docs.oasis-open.org/wsfed/authorization/200706';
const ADDRESSING = 'http://www.w3.org/2005/08/addressing';

/** The claims that every application may count on, with the names that people know them by. */
const CLAIMS: readonly (readonly [string, string])[] = [
  [CLAIM.emailaddress, 'E-Mail Address'],
  [CLAIM.givenname, 'Given Name'],
  [CLAIM.name, 'Name'],
  [CLAIM.surname, 'Surname'],
  [CLAIM.nameidentifier, 'Name ID'],
];

/** What an application must know of us, as it imports it (WS-Federation §3.1). `endpoint`: where it sends its users. */
export async function writeFederationMetadata(ctx: Context, endpoint: string): Promise<string> {
  const issuer = `urn:${new URL(ctx.issuer).host}`;
  const { cert } = await currentSigningKey(ctx);
  const address = element('EndpointReference', { xmlns: ADDRESSING }, element('Address', {}, endpoint));
  const role = element(
    'RoleDescriptor',
    {
      'xsi:type': 'fed:SecurityTokenServiceType',
      protocolSupportEnumeration: FEDERATION,
      ServiceDisplayName: issuer,
      'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
      'xmlns:fed': FEDERATION,
    },
    signingKeyElement(cert),
    element(
      'fed:TokenTypesOffered',
      {},
      Object.values(TOKEN_TYPE).map((Uri) => element('fed:TokenType', { Uri })),
    ),
    element('fed:ClaimTypesOffered', {}, CLAIMS.map(claimType)),
    element('fed:PassiveRequestorEndpoint', {}, address),
  );
  return String(element('EntityDescriptor', { entityID: issuer, xmlns: METADATA }, role));
}

function claimType([Uri, name]: readonly [string, string]): Markup {
  const head = { Uri, Optional: 'true', 'xmlns:auth': AUTHORIZATION };
  return element('auth:ClaimType', head, element('auth:DisplayName', {}, name));
}
