import { isDeepStrictEqual } from 'node:util';
import { type AuthorizationDetail, type Context, oauthError, type WireError } from '../kernel/index.ts';
import { findClientGrant, type StoredClient } from '../resources/clients/index.ts';
import { needsClientGrant } from './needs-client-grant.ts';
import type { Target } from './target.ts';

/** Auth0's limits: bytes of the whole, entries, members of an object, characters of a name and of a text, levels of objects. */
const MOST_BYTES = 5120;
const MOST_ENTRIES = 5;
const MOST_MEMBERS = 10;
const LONGEST_TEXT = 255;
const DEEPEST = 5;
const NAME = /^[A-Za-z0-9_.-]{1,255}$/;

/** Whose tokens for what: the types that may be asked for depend on it. */
export interface DetailsRequest {
  readonly client: StoredClient;
  readonly target: Target;
  /** `client`: it asks for itself, not for a user. */
  readonly subjectType?: 'client' | 'user';
}

/**
 * Reads the parameter `authorization_details` (RFC 9396 §2): a JSON array of objects, each of a type that the API has registered and, where
 * the API's policy wants a client grant, that the client's grant names. As with Auth0, what else an object says is for the API to judge.
 * Undefined for undefined.
 *
 * @throws WireError 400 invalid_authorization_details
 */
export async function readAuthorizationDetails(
  ctx: Context,
  sent: string | undefined,
  asking: DetailsRequest,
): Promise<readonly AuthorizationDetail[] | undefined> {
  if (sent === undefined) return undefined;
  const details = parseAuthorizationDetails(sent);
  const allowed = await allowedTypes(ctx, asking);
  const unknown = details.find(({ type }) => !allowed.includes(type));
  if (unknown) throw refused(`type '${unknown.type}' is not allowed for ${asking.target.identifier}`);
  return details;
}

/** The details that a text holds, if it is well-formed; of the types nothing is known yet. Throws as `readAuthorizationDetails`. */
export function parseAuthorizationDetails(sent: string): readonly AuthorizationDetail[] {
  if (Buffer.byteLength(sent) > MOST_BYTES) throw refused(`more than ${MOST_BYTES} bytes`);
  const details = parseJson(sent);
  if (!Array.isArray(details)) throw refused('it must be a JSON array');
  if (details.length === 0 || details.length > MOST_ENTRIES) throw refused(`it must have 1 to ${MOST_ENTRIES} entries`);
  for (const detail of details) requireDetail(detail);
  return details as AuthorizationDetail[];
}

/**
 * What of `granted` a token request still wants (RFC 9396 §6): each of its details must be one of those granted, as it is.
 * Without a wish all of them. Throws as `readAuthorizationDetails`.
 */
export function narrowAuthorizationDetails(
  granted: readonly AuthorizationDetail[] | undefined,
  sent: string | undefined,
): readonly AuthorizationDetail[] | undefined {
  if (sent === undefined) return granted;
  const wanted = parseAuthorizationDetails(sent);
  // One payment that was allowed is one payment, however often it is written.
  const left = [...(granted ?? [])];
  for (const detail of wanted) {
    const at = left.findIndex((one) => isDeepStrictEqual(one, detail));
    if (at < 0) throw refused(`a detail of type '${detail.type}' is more than was granted`);
    left.splice(at, 1);
  }
  return wanted;
}

/** Those of `details` that may still be given: what an API or a grant no longer has is dropped, as scopes are. Undefined for none. */
export async function stillAllowed(
  ctx: Context,
  details: readonly AuthorizationDetail[] | undefined,
  asking: DetailsRequest,
): Promise<readonly AuthorizationDetail[] | undefined> {
  if (!details) return undefined;
  const allowed = await allowedTypes(ctx, asking);
  const kept = details.filter(({ type }) => allowed.includes(type));
  return kept.length > 0 ? kept : undefined;
}

async function allowedTypes(ctx: Context, { client, target, subjectType = 'user' }: DetailsRequest): Promise<string[]> {
  const server = target.resourceServer;
  const registered = server?.authorization_details?.map(({ type }) => type) ?? [];
  if (!server || !needsClientGrant(client, server, subjectType)) return registered;
  const grant = await findClientGrant(ctx, client.client_id, target.identifier, subjectType);
  return registered.filter((type) => grant?.authorization_details_types?.includes(type));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused('it is not valid JSON');
  }
}

function requireDetail(detail: unknown): void {
  if (!isObject(detail)) throw refused('every entry must be an object');
  if (typeof detail.type !== 'string' || detail.type === '') throw refused('every entry must have a type');
  requireMembers(detail, DEEPEST);
}

function requireMembers(object: Readonly<Record<string, unknown>>, levels: number): void {
  if (levels === 0) throw refused(`objects must not be nested more than ${DEEPEST} deep`);
  const members = Object.entries(object);
  if (members.length > MOST_MEMBERS) throw refused(`an object must not have more than ${MOST_MEMBERS} properties`);
  for (const [name, value] of members) {
    if (!NAME.test(name) || name === '__proto__') throw refused('a property has a name that is not allowed');
    requireValue(value, levels);
  }
}

function requireValue(value: unknown, levels: number): void {
  if (typeof value === 'string' && value.length > LONGEST_TEXT)
    throw refused(`a value is longer than ${LONGEST_TEXT} characters`);
  if (typeof value === 'string' && value.includes('\u0000')) throw refused('a value contains a NUL character');
  if (Array.isArray(value)) {
    if (levels === 1 && value.length > 0) throw refused(`objects must not be nested more than ${DEEPEST} deep`);
    for (const item of value) requireValue(item, levels - 1);
  } else if (isObject(value)) requireMembers(value, levels - 1);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(why: string): WireError {
  return oauthError(400, 'invalid_authorization_details', `Invalid authorization_details: ${why}`);
}

/** Auth0: an API may want its users to prove a second factor for every transaction that is asked for, whatever the tenant's policy. */
export function isTransaction(
  { resourceServer }: Pick<Target, 'resourceServer'>,
  details: readonly AuthorizationDetail[] | undefined,
): boolean {
  return details !== undefined && resourceServer?.consent_policy === 'transactional-authorization-with-mfa';
}
