import { oauthError, type WireError } from '../../../kernel/index.ts';
import type { CredentialCarrier } from './method.ts';

const LONGEST_SECRET = 1024;

/** The text sent as `name` in the body; an empty one counts as absent. */
export function textIn({ body }: CredentialCarrier, name: string): string | undefined {
  const value = (body as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** What a client sent as its secret. */
export interface SentSecret {
  readonly client_id: string;
  readonly secret: string;
}

/**
 * The Basic header, both halves form-urlencoded (RFC 6749 §2.3.1). A bearer token in the header is not the client's and is left alone.
 */
export function readBasic({ headers }: CredentialCarrier): SentSecret | undefined {
  const encoded = /^basic +([A-Za-z0-9+/_-]+=*) *$/i.exec(headers.authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  if (colon < 0) return { client_id: decodeForm(pair), secret: '' };
  return { client_id: decodeForm(pair.slice(0, colon)), secret: withinLimit(decodeForm(pair.slice(colon + 1))) };
}

/** A secret that is longer than any of ours is wrong anyway, and need not be hashed. */
export function withinLimit(secret: string): string {
  return secret.slice(0, LONGEST_SECRET);
}

/** Clients that do not encode are common; where decoding fails their text is taken as it stands. */
function decodeForm(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** The client that a request names, in the body or the Basic header. WireError 401 when it names none, 400 when it names two. */
export function requireName(carrier: CredentialCarrier): string {
  const inBody = textIn(carrier, 'client_id');
  const inHeader = readBasic(carrier)?.client_id;
  if (inBody !== undefined && inHeader !== undefined && inBody !== inHeader)
    throw ambiguous('client_id differs from the Authorization header');
  const name = inBody ?? inHeader;
  if (name === undefined) throw oauthError(401, 'invalid_client', 'Missing client_id');
  return name;
}

/** The request says in two ways who its client is. */
export function ambiguous(why: string): WireError {
  return oauthError(400, 'invalid_request', `Ambiguous client authentication: ${why}`);
}
