import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { oauthError } from '../../kernel/index.ts';
import {
  InvalidXml,
  parseXml,
  signatureAlgorithmOf,
  verifyEnveloped,
  verifyText,
  type XmlElement,
} from '../../platform/xml/index.ts';
import { PROTOCOL } from './saml.ts';
import type { SamlClient } from './saml-client.ts';

const inflate = promisify(inflateRaw);
/** Bytes: no document is read that is longer. */
const LONGEST = 64 * 1024;

/** What a browser brings by either binding. */
export interface Brought {
  readonly SAMLRequest?: string | undefined;
  readonly SAMLResponse?: string | undefined;
  readonly RelayState?: string | undefined;
  readonly SigAlg?: string | undefined;
  readonly Signature?: string | undefined;
  /** The query as it came, `?` and all; undefined where the message came in a form. */
  readonly query?: string | undefined;
}

export type MessageKind = 'AuthnRequest' | 'LogoutRequest' | 'LogoutResponse';
const PARAMETER = {
  AuthnRequest: 'SAMLRequest',
  LogoutRequest: 'SAMLRequest',
  LogoutResponse: 'SAMLResponse',
} as const;

/**
 * A message of the application. Where its settings have a certificate, the answer is the part that was signed with that certificate's
 * key, and nothing else of the message. The text may be deflated or not, whichever binding it came by, as Auth0 takes it.
 *
 * @throws WireError (page, 400)
 */
export async function readMessage(
  { client, settings }: SamlClient,
  kind: MessageKind,
  brought: Brought,
): Promise<XmlElement> {
  const refuse = (text: string) => oauthError(400, 'invalid_request', text, { extra: { client_id: client.client_id } });
  const parameter = PARAMETER[kind];
  try {
    const text = await unpack(brought[parameter] ?? '');
    const root = settings.signingCert
      ? await verified(text, parameter, brought, settings.signingCert, settings.signatureAlgorithm === 'rsa-sha1')
      : await parseXml(text);
    if (root.name !== kind || root.namespace !== PROTOCOL || root.attributes.Version !== '2.0')
      throw new InvalidXml('another message');
    return root;
  } catch (error) {
    if (error instanceof BadSignature) throw refuse(error.message);
    if (error instanceof InvalidXml)
      throw refuse(`Invalid ${parameter === 'SAMLRequest' ? 'SAML Request' : 'SAML Response'}`);
    throw error;
  }
}

class BadSignature extends Error {}

/** The text behind base64, inflated where it does not begin as XML does. */
async function unpack(parameter: string): Promise<string> {
  const bytes = Buffer.from(parameter, 'base64');
  if (bytes[0] === 0x3c) return bytes.toString('utf8');
  try {
    return (await inflate(bytes, { maxOutputLength: LONGEST })).toString('utf8');
  } catch (error) {
    throw new InvalidXml('not deflated', { cause: error });
  }
}

/**
 * Auth0: a message of an application with a certificate is signed, in the query (SAML bindings §3.4.4.1) or in itself. SHA-1 is taken
 * from applications that have it in their settings: they can do no better.
 */
async function verified(
  text: string,
  parameter: 'SAMLRequest' | 'SAMLResponse',
  brought: Brought,
  certificate: string,
  allowSha1: boolean,
): Promise<XmlElement> {
  if (brought.query !== undefined && brought.Signature !== undefined) {
    verifyQuery(parameter, brought.query, brought, certificate, allowSha1);
    return parseXml(text);
  }
  const root = await parseXml(text);
  const isSigned = root.children.some(({ name }) => name === 'Signature');
  if (!isSigned)
    throw new BadSignature(`${parameter} message MUST be signed when using an asynchronous binding (POST or Redirect)`);
  const signed = await verifyEnveloped(text, { certificate, allowSha1, id: 'ID' });
  if (!signed) throw new BadSignature('Signature check errors: the signature is not valid');
  return signed;
}

function verifyQuery(
  parameter: string,
  query: string,
  brought: Brought,
  certificate: string,
  allowSha1: boolean,
): void {
  const { SigAlg, Signature = '' } = brought;
  if (!SigAlg) throw new BadSignature('Signature Algorithm is missing');
  const algorithm = signatureAlgorithmOf(SigAlg);
  if (!algorithm || (algorithm.hash === 'sha1' && !allowSha1)) throw new BadSignature('Invalid signature algorithm');
  const text = signedQuery(query, parameter);
  // A name that is spelt otherwise would be read, and not be among what was signed.
  const isWhole = !brought.RelayState || /(^|&)RelayState=/.test(text);
  if (!isWhole || !verifyText(text, Signature, { certificate, algorithm: algorithm.name }))
    throw new BadSignature('Signature check errors: the signature is not valid');
}

/** What the sender signed: its own spelling of the values counts, in this order. */
function signedQuery(query: string, parameter: string): string {
  const sent = query.replace(/^\?/, '').split('&');
  return [parameter, 'RelayState', 'SigAlg']
    .flatMap((name) => sent.find((part) => part.startsWith(`${name}=`)) ?? [])
    .join('&');
}
