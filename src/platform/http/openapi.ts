import type { Endpoint, Surface, TSchema } from '../../kernel/index.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type JsonObject = { readonly [name: string]: Json };

export interface OpenApiOptions {
  readonly title: string;
  readonly version: string;
  /** Only endpoints of these surfaces; default: all. */
  readonly surfaces?: readonly Surface[];
  readonly serverUrl: string;
  /** With the endpoints that exist in development only; default: without. */
  readonly development?: boolean;
}

const CONTENT_TYPES = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const;
const DEFAULT_ACCEPTS: Readonly<Record<Surface, readonly ('json' | 'form')[]>> = {
  management: ['json'],
  my_organization: ['json'],
  database: ['json'],
  oauth: ['json', 'form'],
  legacy: ['json', 'form'],
  page: ['form'],
  guardian: ['json'],
  plain: ['json'],
};
/** Whose access tokens the surfaces take, and which flow brings them. */
const BEARERS: Partial<Record<Surface, { readonly name: string; readonly flow: string; readonly urls: JsonObject }>> = {
  management: { name: 'managementToken', flow: 'clientCredentials', urls: { tokenUrl: '/oauth/token' } },
  my_organization: {
    name: 'organizationToken',
    flow: 'authorizationCode',
    urls: { authorizationUrl: '/authorize', tokenUrl: '/oauth/token' },
  },
};
const COMPONENT = '#/components/schemas/';

/** Schemas with a title, by title. */
type Components = Map<string, JsonObject>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const componentName = (title: string) => title.replace(/[^A-Za-z0-9._-]+/g, '_');

function addComponent(title: string, schema: JsonObject, components: Components): JsonObject {
  const name = componentName(title);
  const known = components.get(name);
  if (known && JSON.stringify(known) !== JSON.stringify(schema)) {
    throw new Error(`two different schemas are called ${name}`);
  }
  components.set(name, schema);
  return { $ref: `${COMPONENT}${name}` };
}

/** Below these are names of the author's choosing: a property called `title` titles nothing. */
const NAMED = new Set(['properties', 'patternProperties', '$defs']);
/** Below these are values, not schemas. */
const VALUES = new Set(['default', 'const', 'enum', 'examples', 'example', 'required']);

/** `value` as plain JSON, in which every schema with a title has become a reference to its component. */
function hoist(value: unknown, components: Components, isSchema = true): Json {
  if (Array.isArray(value)) return value.map((item) => hoist(item, components));
  if (!isObject(value)) return value as Json;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  const plain: JsonObject = Object.fromEntries(
    entries.map(([name, member]) => {
      if (isSchema && VALUES.has(name)) return [name, member as Json];
      return [name, hoist(member, components, !(isSchema && NAMED.has(name)))];
    }),
  );
  return isSchema && typeof plain.title === 'string' ? addComponent(plain.title, plain, components) : plain;
}

/** The schema of a parameter without its description, which belongs to the parameter. */
function parametersIn(place: 'path' | 'query', schema: TSchema | undefined, components: Components): Json[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    properties?: Record<string, Record<string, unknown>>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(typeof description === 'string' ? { description } : {}),
    schema: hoist(rest, components),
  }));
}

/** Path segments that no schema describes are text. */
function pathParameters(endpoint: Endpoint, components: Components): Json[] {
  const described = parametersIn('path', endpoint.params, components) as { name: string }[];
  const names = [...endpoint.path.matchAll(/:(\w+)/g)].map(([, name]) => name!);
  return names.map(
    (name) =>
      (described.find((parameter) => parameter.name === name) as Json | undefined) ?? {
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      },
  );
}

function requestBody(endpoint: Endpoint, components: Components): JsonObject {
  if (!endpoint.body) return {};
  const schema = hoist(endpoint.body, components);
  const accepts = endpoint.accepts ?? DEFAULT_ACCEPTS[endpoint.surface];
  const content = Object.fromEntries(accepts.map((kind) => [CONTENT_TYPES[kind], { schema }]));
  const required = ((endpoint.body as { required?: readonly string[] }).required ?? []).length > 0;
  return { requestBody: { required, content } };
}

function response(value: TSchema | string, components: Components): JsonObject {
  if (typeof value === 'string') return { description: value };
  const { description } = value as { description?: string };
  const schema = hoist(value, components);
  return { description: description ?? 'The answer.', content: { [CONTENT_TYPES.json]: { schema } } };
}

function security(endpoint: Endpoint): JsonObject {
  const bearer = BEARERS[endpoint.surface];
  if (!bearer) return {};
  // One scope of the list is enough: in OpenAPI, alternatives are separate requirements.
  const alternatives = (endpoint.scopes ?? []).map((scope) => ({ [bearer.name]: [scope] }));
  return { security: alternatives.length > 0 ? alternatives : [{ [bearer.name]: [] }] };
}

function operation(endpoint: Endpoint, components: Components): JsonObject {
  const parameters = [...pathParameters(endpoint, components), ...parametersIn('query', endpoint.query, components)];
  const replies = Object.entries(endpoint.replies).map(([status, value]) => [status, response(value, components)]);
  return {
    operationId: endpoint.name,
    summary: endpoint.summary,
    tags: [endpoint.tag],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...requestBody(endpoint, components),
    responses: Object.fromEntries(replies),
    ...security(endpoint),
  };
}

function isDocumented(endpoint: Endpoint, options: OpenApiOptions): boolean {
  if (endpoint.development && !options.development) return false;
  return !options.surfaces || options.surfaces.includes(endpoint.surface);
}

const compare = (one: string, other: string) => (one < other ? -1 : Number(one > other));
const sorted = <V>(entries: Iterable<readonly [string, V]>) =>
  Object.fromEntries([...entries].sort(([one], [other]) => compare(one, other)));

function securitySchemes(endpoints: readonly Endpoint[]): JsonObject {
  const schemes = (Object.keys(BEARERS) as Surface[]).flatMap((surface) => {
    const mine = endpoints.filter((endpoint) => endpoint.surface === surface);
    const bearer = BEARERS[surface];
    if (mine.length === 0 || !bearer) return [];
    const names = mine.flatMap((endpoint) => endpoint.scopes ?? []);
    const scopes = sorted(names.map((scope) => [scope, scope.replace(/[:_]/g, ' ')]));
    return [[bearer.name, { type: 'oauth2', flows: { [bearer.flow]: { ...bearer.urls, scopes } } }] as const];
  });
  return schemes.length === 0 ? {} : { securitySchemes: Object.fromEntries(schemes) };
}

/**
 * An OpenAPI 3.1 document of `endpoints`. Paths, methods and components are sorted, so equal declarations give equal bytes.
 * Throws when two endpoints share a path and method or two different schemas a title.
 */
export function openApiDocument(endpoints: readonly Endpoint[], options: OpenApiOptions): JsonObject {
  const documented = endpoints.filter((endpoint) => isDocumented(endpoint, options));
  const components: Components = new Map();
  const paths = new Map<string, Record<string, JsonObject>>();
  for (const endpoint of documented) {
    const path = endpoint.path.replace(/:(\w+)/g, '{$1}');
    const methods = paths.get(path) ?? {};
    const method = endpoint.method.toLowerCase();
    if (methods[method]) throw new Error(`${endpoint.method} ${path} is declared twice`);
    methods[method] = operation(endpoint, components);
    paths.set(path, methods);
  }
  return {
    openapi: '3.1.0',
    info: { title: options.title, version: options.version },
    servers: [{ url: options.serverUrl }],
    tags: [...new Set(documented.map(({ tag }) => tag))].sort(compare).map((name) => ({ name })),
    paths: sorted([...paths].map(([path, methods]) => [path, sorted(Object.entries(methods))])),
    components: { schemas: sorted(components), ...securitySchemes(documented) },
  };
}
