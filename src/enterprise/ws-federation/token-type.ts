import { oauthError } from '../../kernel/index.ts';
import { InvalidXml, parseXml, type XmlElement } from '../../platform/xml/index.ts';

export type TokenVersion = '1.1' | '2.0';

/** Names of SAML's versions: those of WS-Federation 1.2, of the token profile of WS-Security, and of SAML itself. */
const VERSIONS: Readonly<Record<string, TokenVersion>> = {
  'urn:oasis:names:tc:SAML:1.0:assertion': '1.1',
  'http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1': '1.1',
  'urn:oasis:names:tc:SAML:2.0:assertion': '2.0',
  'http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV2.0': '2.0',
};

/** The name of each version in an answer. */
export const TOKEN_TYPE: Readonly<Record<TokenVersion, string>> = {
  '1.1': 'urn:oasis:names:tc:SAML:1.0:assertion',
  '2.0': 'urn:oasis:names:tc:SAML:2.0:assertion',
};

/** The kind of token that `wreq` asks for; 1.1 unless it asks for one. WireError (page, 400) for what is no request or asks for another. */
export async function requestedVersion(wreq: string | undefined): Promise<TokenVersion> {
  if (!wreq) return '1.1';
  const type = tokenTypeIn(await read(wreq));
  const version = type === undefined ? '1.1' : VERSIONS[type];
  if (version) return version;
  throw oauthError(400, 'invalid_request', 'The wreq asks for a type of token that is not issued');
}

async function read(wreq: string): Promise<XmlElement> {
  try {
    const root = await parseXml(wreq);
    if (root.name === 'RequestSecurityToken') return root;
  } catch (error) {
    if (!(error instanceof InvalidXml)) throw error;
  }
  throw oauthError(400, 'invalid_request', 'The wreq is not a RequestSecurityToken');
}

const tokenTypeIn = ({ children }: XmlElement) => children.find(({ name }) => name === 'TokenType')?.text.trim();
