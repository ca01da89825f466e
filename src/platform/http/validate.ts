import { Ajv2020 as Ajv, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import {
  type Endpoint,
  managementError,
  oauthError,
  problem,
  type Surface,
  type TSchema,
  type WireError,
} from '../../kernel/index.ts';
import { coerceParameters } from './coerce.ts';
import { schemaError } from './errors/database.ts';
import { speaksManagement, speaksProblems } from './errors/index.ts';
import { addFormats, formats } from './formats.ts';
import { type Refusal, readRefusals } from './refusals.ts';
import { kindOf, type Part, pathText, reasonOf, validationMessage } from './wording.ts';

/** What came with a request, not yet looked at. `headers` have no schema. */
export interface RawInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly headers?: unknown;
}

/** What the endpoint may rely on. */
export interface ValidInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

const PARTS = {
  params: { label: 'Path', errorCode: 'invalid_uri' },
  query: { label: 'Query', errorCode: 'invalid_query_string' },
  body: { label: 'Payload', errorCode: 'invalid_body' },
} as const satisfies Record<keyof ValidInput, Part>;

/** Surfaces on which parameters that nobody knows are ignored (RFC 6749 §3.1, §3.2). */
const OPEN_SURFACES: ReadonlySet<Surface> = new Set(['oauth', 'legacy', 'page', 'guardian', 'plain']);

function refuseDeclaration(message: string): never {
  throw new Error(`schema of an endpoint: ${message}`);
}

/** Ajv only warns of a format that it does not know, and only when it compiles. */
function refuseUnknownFormats(schema: unknown): void {
  if (typeof schema !== 'object' || schema === null) return;
  const { format } = schema as { format?: unknown };
  if (typeof format === 'string' && !Object.hasOwn(formats, format)) refuseDeclaration(`unknown format ${format}`);
  for (const member of Object.values(schema)) refuseUnknownFormats(member);
}

function createAjv(): Ajv {
  const logger = { log: () => {}, warn: refuseDeclaration, error: refuseDeclaration };
  // Patterns are read as z-schema reads them, without the `u` flag. Optimizing costs more time at compiling than it ever saves.
  const options = { allErrors: true, verbose: true, strict: false, unicodeRegExp: false, code: { optimize: false } };
  const made = new Ajv({ ...options, logger });
  addFormats(made);
  return made;
}

const ajv = createAjv();

function managementRefusal(part: Part, refusals: readonly Refusal[]): WireError {
  return managementError(400, validationMessage(part, refusals), part.errorCode);
}

function describeParameter(refusal: Refusal): string {
  const name = pathText(refusal.path);
  if (!name) return reasonOf(refusal);
  if (refusal.keyword === 'type') {
    return `Parameter ${name} must be of type ${[refusal.schema.type].flat().join(' or ')}, not ${kindOf(refusal.value)}`;
  }
  return `Invalid parameter ${name}: ${reasonOf(refusal)}`;
}

/** The first that is missing, in declared order (`refusals` has the last required first), else the first that is wrong. */
function pickOne(refusals: readonly Refusal[]): Refusal {
  return refusals.findLast(({ keyword }) => keyword === 'required') ?? refusals[0]!;
}

function oauthRefusal(refusals: readonly Refusal[]): WireError {
  const refusal = pickOne(refusals);
  if (refusal.keyword === 'required') {
    const name = pathText([...refusal.path, ...refusal.names]);
    return oauthError(400, 'invalid_request', `Missing required parameter: ${name}`);
  }
  if (refusal.path[0] === 'scope' && ['type', 'anyOf'].includes(refusal.keyword)) {
    return oauthError(400, 'invalid_scope', 'Scope must be an array or a string');
  }
  return oauthError(400, 'invalid_request', describeParameter(refusal));
}

const SOURCES: Readonly<Record<Part['label'], string>> = { Payload: 'body', Query: 'query', Path: 'params' };

/** Every thing that is wrong, with a JSON Pointer to where. */
function problemRefusal({ label }: Part, refusals: readonly Refusal[]): WireError {
  const validation_errors = refusals.map((refusal) => {
    const path = refusal.keyword === 'required' ? [...refusal.path, ...refusal.names] : refusal.path;
    const pointer = path.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
    return { detail: reasonOf(refusal), field: pathText(path), pointer, source: SOURCES[label] };
  });
  return problem('validation', undefined, { extra: { validation_errors } });
}

function refuse(surface: Surface, part: Part, errors: readonly ErrorObject[], value: unknown): WireError {
  const refusals = readRefusals(errors, value);
  if (speaksManagement(surface)) return managementRefusal(part, refusals);
  if (speaksProblems(surface)) return problemRefusal(part, refusals);
  if (surface === 'database') return schemaError(pickOne(refusals));
  return oauthRefusal(refusals);
}

type Check = (value: unknown) => unknown;

/** When schemas are compiled: a test compiles all of them at start; a server each one when it is first needed (milliseconds, once). */
export type CompileTime = 'start' | 'first use';

function compilePart(surface: Surface, name: keyof ValidInput, schema: TSchema | undefined, when: CompileTime): Check {
  if (!schema) return (value) => value;
  refuseUnknownFormats(schema);
  const open = OPEN_SURFACES.has(surface) && 'properties' in schema;
  const compile = () => ajv.compile(open ? { ...schema, additionalProperties: true } : schema);
  let validate: ValidateFunction | undefined = when === 'start' ? compile() : undefined;
  const isObject = (schema as { type?: unknown }).type === 'object';
  return (raw) => {
    validate ??= compile();
    const whole = raw === undefined && isObject ? {} : raw;
    const value = name === 'body' ? whole : coerceParameters(schema, whole);
    if (validate(value)) return value;
    throw refuse(surface, PARTS[name], validate.errors ?? [], value);
  };
}

/**
 * Makes a function that answers the request's parts with query and path values in their declared types (a body is never changed;
 * an absent one counts as `{}`), or throws the WireError of the endpoint's surface: path first, then query, then body. Throws an
 * ordinary Error when a schema uses an unknown format and, compiled at `start`, when it is no schema.
 */
export function compileEndpoint(endpoint: Endpoint, when: CompileTime = 'first use'): (input: RawInput) => ValidInput {
  const params = compilePart(endpoint.surface, 'params', endpoint.params, when);
  const query = compilePart(endpoint.surface, 'query', endpoint.query, when);
  const body = compilePart(endpoint.surface, 'body', endpoint.body, when);
  return (input) => ({ params: params(input.params), query: query(input.query), body: body(input.body) });
}
