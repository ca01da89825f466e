import { oauthError } from '../../../kernel/index.ts';
import { JWT_BEARER_ASSERTION } from '../../vocabulary.ts';

/** What a request brings along to say who its client is, before anything is believed. */
export type Presented =
  | { readonly kind: 'name'; readonly client_id: string }
  | { readonly kind: 'secret'; readonly client_id: string; readonly secret: string; readonly basic: boolean }
  | { readonly kind: 'assertion'; readonly client_id: string | undefined; readonly assertion: string };

/** The parts of a request that may carry a client's credentials. */
export interface CredentialCarrier {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
}

const LONGEST_SECRET = 1024;

/**
 * Reads the client's credentials from the Basic header or the body.
 *
 * @throws WireError 401 invalid_client without a client id; 400 invalid_request when more than one kind of proof is there
 * (RFC 6749 §2.3) or an assertion of another type
 */
export function readPresented({ headers, body }: CredentialCarrier): Presented {
  const basic = readBasic(headers.authorization);
  const clientId = textOf(body, 'client_id');
  const secret = textOf(body, 'client_secret');
  const assertion = textOf(body, 'client_assertion');
  requireOneProof([basic, secret, assertion]);
  if (assertion !== undefined) {
    requireAssertionType(textOf(body, 'client_assertion_type'));
    return { kind: 'assertion', client_id: clientId, assertion };
  }
  if (basic) {
    if (clientId !== undefined && clientId !== basic.client_id)
      throw ambiguous('client_id differs from the Authorization header');
    return { kind: 'secret', basic: true, ...basic };
  }
  if (clientId === undefined) throw oauthError(401, 'invalid_client', 'Missing client_id');
  if (secret === undefined) return { kind: 'name', client_id: clientId };
  return { kind: 'secret', basic: false, client_id: clientId, secret: secret.slice(0, LONGEST_SECRET) };
}

function textOf(body: unknown, name: string): string | undefined {
  const value = (body as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function requireOneProof(proofs: readonly unknown[]): void {
  if (proofs.filter((proof) => proof !== undefined).length > 1)
    throw ambiguous('use one method of client authentication');
}

function ambiguous(why: string) {
  return oauthError(400, 'invalid_request', `Ambiguous client authentication: ${why}`);
}

function requireAssertionType(type: string | undefined): void {
  if (type === undefined) throw oauthError(400, 'invalid_request', 'Missing required parameter: client_assertion_type');
  if (type !== JWT_BEARER_ASSERTION) throw oauthError(400, 'invalid_request', 'Unsupported client_assertion_type');
}

/** RFC 6749 §2.3.1: both halves are form-urlencoded. A bearer token in the header is not the client's and is left alone. */
function readBasic(header: string | undefined): { client_id: string; secret: string } | undefined {
  const encoded = /^basic +([A-Za-z0-9+/_-]+=*) *$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  if (colon < 0) return { client_id: decodeForm(pair), secret: '' };
  return {
    client_id: decodeForm(pair.slice(0, colon)),
    secret: decodeForm(pair.slice(colon + 1)).slice(0, LONGEST_SECRET),
  };
}

/** Clients that do not encode are common; where decoding fails their text is taken as it stands. */
function decodeForm(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
