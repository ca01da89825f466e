import {
  asProblem,
  databaseError,
  type Endpoint,
  managementError,
  oauthError,
  type Surface,
  type WireError,
} from '../../kernel/index.ts';
import { speaksManagement, speaksProblems } from './errors/index.ts';

/** A request that can't be read, in the dialect of its surface. */
export function unreadable(surface: Surface, status: 400 | 413 | 415, text: string): WireError {
  if (speaksManagement(surface)) return managementError(status, text, status === 400 ? 'invalid_body' : undefined);
  if (speaksProblems(surface)) return asProblem(managementError(status, text));
  if (surface === 'database') return databaseError(status, 'invalid_request', text);
  return oauthError(status, 'invalid_request', text);
}

/** True when `value` holds a NUL somewhere: no engine can store it as text, and nobody types it. */
function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\u0000');
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, member]) => name.includes('\u0000') || holdsNul(member));
}

const MAX_DEPTH = 32;

/** True when objects and lists in `value` are nested deeper than `levels`. Looks no deeper than that, and at any number of members. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}

/** Members that are arrays in `schema`, and so may be repeated in a query or a form. */
function repeatable(schema: unknown, name: string): boolean {
  const properties = (
    schema as { properties?: Record<string, { type?: unknown; anyOf?: { type?: unknown }[] }> } | undefined
  )?.properties;
  const declared = properties?.[name];
  return declared?.type === 'array' || (declared?.anyOf?.some((option) => option.type === 'array') ?? false);
}

/**
 * Query or form parameters as an object. A repeated parameter is refused unless the schema has an array there (RFC 6749 §3.1, §3.2);
 * without a schema of that member the last one counts where the surface is not OAuth's.
 */
export function readParameters(text: string, schema: unknown, surface: Surface): Record<string, unknown> {
  const read: Record<string, unknown> = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) {
    const many = repeatable(schema, name);
    if (name in read && !many && surface !== 'management') {
      throw unreadable(surface, 400, `Parameter ${name} must not be repeated`);
    }
    if (many) read[name] = [...((read[name] as string[] | undefined) ?? []), value];
    else read[name] = value;
  }
  if (holdsNul(read)) throw unreadable(surface, 400, 'Parameters must not contain NUL characters');
  return { ...read };
}

function readJson(text: string, surface: Surface): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text, (key, member) => (key === '__proto__' ? undefined : member));
  } catch {
    throw unreadable(surface, 400, 'Invalid request payload JSON format');
  }
  if (isDeeper(value, MAX_DEPTH)) throw unreadable(surface, 400, 'Invalid request payload JSON format');
  if (holdsNul(value)) throw unreadable(surface, 400, 'The payload must not contain NUL characters');
  return value;
}

function acceptedTypes(endpoint: Endpoint): readonly ('json' | 'form')[] {
  if (endpoint.accepts) return endpoint.accepts;
  if (endpoint.surface === 'oauth' || endpoint.surface === 'legacy') return ['json', 'form'];
  return endpoint.surface === 'page' ? ['form'] : ['json'];
}

/** The body of a request, parsed by its content type. `undefined` where the endpoint takes none: GET and DELETE bodies are ignored, as Auth0 ignores them. */
export function readBody(endpoint: Endpoint, contentType: string | undefined, raw: Buffer | undefined): unknown {
  if (!endpoint.body) return undefined;
  if (!raw || raw.length === 0) return {};
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const accepted = acceptedTypes(endpoint);
  const text = raw.toString('utf8');
  if (accepted.includes('json') && (type === 'application/json' || type.endsWith('+json')))
    return readJson(text, endpoint.surface);
  if (accepted.includes('form') && type === 'application/x-www-form-urlencoded')
    return readParameters(text, endpoint.body, endpoint.surface);
  throw unreadable(endpoint.surface, 415, 'Unsupported Media Type');
}
