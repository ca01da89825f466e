import { type Confirmation, oauthError } from '../../kernel/index.ts';
import type { StoredClient } from '../../resources/clients/index.ts';
import { splitScope } from '../vocabulary.ts';
import type { Grant, GrantRequest, Presence } from './grant.ts';

export type TokenBody = Readonly<Record<string, unknown>>;

/** A request for tokens, whichever endpoint it came to. */
export interface TokenRequest {
  readonly body: TokenBody;
  /** Names in lower case. */
  readonly headers: GrantRequest<never>['headers'];
  /** The keys that it proved to have. `exchange` finds out. */
  readonly confirmation?: Confirmation | undefined;
}

/** The text sent as `name`; an empty one counts as absent (RFC 6749 §3.2). Throws 400 invalid_request for anything but text. */
export function readText(body: TokenBody, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') {
    throw oauthError(400, 'invalid_request', `Parameter ${name} must be of type string`);
  }
  return value;
}

/** The text sent as `name`. Throws 400 invalid_request when there is none. */
export function requireText(body: TokenBody, name: string): string {
  const value = readText(body, name);
  if (value === undefined) throw oauthError(400, 'invalid_request', `Missing required parameter: ${name}`);
  return value;
}

/** The JSON object sent as `name`, in a form as its text. Throws 400 invalid_request when there is none. */
function requireObject(body: TokenBody, name: string): Readonly<Record<string, unknown>> {
  const given = body[name];
  const value = typeof given === 'object' && given !== null ? given : parseJson(requireText(body, name));
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw oauthError(400, 'invalid_request', `Parameter ${name} must be of type object`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const READERS: Readonly<Record<Presence, (body: TokenBody, name: string) => unknown>> = {
  required: requireText,
  optional: readText,
  object: requireObject,
};

/** Reads the parameters that `grant` declares. Throws 400 invalid_request or invalid_scope. */
export function readGrantRequest(
  grant: Grant,
  client: StoredClient,
  { body, headers, confirmation }: TokenRequest,
): GrantRequest<never> {
  const entries = Object.entries(grant.params).map(([name, presence]) => [name, READERS[presence](body, name)]);
  const params = Object.fromEntries(entries);
  return {
    client,
    params: params as never,
    scope: readScope(body.scope),
    audience: readText(body, 'audience'),
    confirmation,
    headers,
  };
}

/** The words of a scope, undefined without one. It is a text; Auth0 takes a list in JSON, too. Throws 400 invalid_scope. */
export function readScope(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return splitScope(value);
  if (Array.isArray(value) && value.every((word) => typeof word === 'string')) return splitScope(value.join(' '));
  throw oauthError(400, 'invalid_scope', 'Scope must be an array or a string');
}
