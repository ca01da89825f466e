import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import { newMessageId, SAML20 } from '../../assertions/index.ts';
import { type Context, isoTime, type Reply, redirect, type SetCookie } from '../../kernel/index.ts';
import { element, type Markup, SIGNATURE_URI, signEnveloped, signText } from '../../platform/xml/index.ts';
import { postForm } from '../post-form.ts';
import { BINDING, PROTOCOL } from './saml.ts';
import { issuerFor, type SamlClient, signatureFor } from './saml-client.ts';

const deflate = promisify(deflateRaw);

/** What every message of ours begins with. */
export interface Envelope {
  readonly destination: string;
  readonly inResponseTo?: string | undefined;
}

/** A message of ours, not signed yet. `name`: its element. */
export function writeMessage(
  ctx: Context,
  saml: SamlClient,
  name: 'Response' | 'LogoutRequest' | 'LogoutResponse',
  { destination, inResponseTo }: Envelope,
  ...content: readonly (Markup | undefined)[]
): Markup {
  const head = {
    'xmlns:samlp': PROTOCOL,
    'xmlns:saml': SAML20,
    ID: newMessageId(ctx),
    Version: '2.0',
    IssueInstant: isoTime(ctx.clock),
    Destination: destination,
    InResponseTo: inResponseTo,
  };
  return element(`samlp:${name}`, head, element('saml:Issuer', {}, issuerFor(ctx, saml)), content);
}

/** What became of a request. */
export interface Outcome {
  readonly code: string;
  readonly subcode?: string | undefined;
  readonly message?: string | undefined;
}

/** SAML core §3.2.2.1 */
export function statusElement({ code, subcode, message }: Outcome): Markup {
  const inner = subcode === undefined ? undefined : element('samlp:StatusCode', { Value: subcode });
  return element(
    'samlp:Status',
    {},
    element('samlp:StatusCode', { Value: code }, inner),
    message === undefined ? undefined : element('samlp:StatusMessage', {}, message),
  );
}

/** `message` with our signature in it. */
export async function signMessage(ctx: Context, saml: SamlClient, message: Markup): Promise<Markup> {
  return signEnveloped(message, await signatureFor(ctx, saml), { id: 'ID', after: 'Issuer' });
}

export interface Parcel {
  readonly parameter: 'SAMLRequest' | 'SAMLResponse';
  readonly message: Markup;
  readonly to: string;
  readonly relayState: string | undefined;
  readonly cookies?: readonly SetCookie[];
}

/** Sends the browser with `message` in a form that posts itself. It is signed already, where it is to be. */
export function sendByPost(ctx: Context, { parameter, message, to, relayState, cookies }: Parcel): Promise<Reply> {
  const encoded = Buffer.from(String(message)).toString('base64');
  return postForm(ctx, to, { [parameter]: encoded, RelayState: relayState }, cookies);
}

/** Signs a logout message and sends the browser with it by the binding that the application's settings name (Auth0: HTTP-POST). */
export async function sendSigned(ctx: Context, saml: SamlClient, parcel: Parcel): Promise<Reply> {
  if (saml.settings.binding === BINDING.redirect) return sendByRedirect(ctx, saml, parcel);
  return sendByPost(ctx, { ...parcel, message: await signMessage(ctx, saml, parcel.message) });
}

/** SAML bindings §3.4.4.1: deflated, and the signature over the query as it stands. */
async function sendByRedirect(ctx: Context, saml: SamlClient, parcel: Parcel): Promise<Reply> {
  const { parameter, message, to, relayState, cookies = [] } = parcel;
  const { privateKey, signatureAlgorithm } = await signatureFor(ctx, saml);
  const encoded = (await deflate(Buffer.from(String(message)))).toString('base64');
  const query = new URLSearchParams({ [parameter]: encoded });
  if (relayState !== undefined) query.set('RelayState', relayState);
  query.set('SigAlg', SIGNATURE_URI[signatureAlgorithm]);
  const signature = signText(query.toString(), privateKey, signatureAlgorithm);
  const [address = '', ...fragment] = to.split('#');
  const separator = address.includes('?') ? '&' : '?';
  const signed = `${query}&${new URLSearchParams({ Signature: signature })}`;
  return redirect([`${address}${separator}${signed}`, ...fragment].join('#'), { cookies });
}
