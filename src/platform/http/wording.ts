import type { Refusal } from './refusals.ts';

/**
 * The sentences of the validator behind Auth0's Management API (z-schema, and z-schema-errors around it), word for word as
 * they are on the wire.
 */

/** Between the sentences when a request is wrong in several ways (recorded on POST /api/v2/users). */
const ALSO = ' (also) ';
/** Sentences beyond these tell nobody more. */
const MOST_SENTENCES = 50;

/** JSON's name of what `value` is. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function show(value: unknown): string {
  return typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value) : String(value);
}

const sizeOf = (value: unknown) => (value as { length: number }).length;
const membersOf = (value: unknown) => Object.keys(value as object).length;

function patternReason({ schema, value }: Refusal): string {
  const names = schema['x-values'] as readonly string[] | undefined;
  if (!names) return `String does not match pattern ${schema.pattern}: ${value}`;
  return `String '${value}' does not match pattern. Must be a comma separated list of the following values: ${names.join(',')}`;
}

function uniqueReason({ params }: Refusal): string {
  const [first, second] = [Number(params.i), Number(params.j)].sort((a, b) => a - b);
  return `Array items are not unique (indexes ${first} and ${second})`;
}

const REASONS: Readonly<Record<string, (refusal: Refusal) => string>> = {
  type: ({ schema, value }) => `Expected type ${show(schema.type)} but found type ${kindOf(value)}`,
  format: ({ schema, value }) => `Object didn't pass validation for format ${schema.format}: ${value}`,
  enum: ({ value }) => `No enum match for: ${show(value)}`,
  const: ({ value }) => `No enum match for: ${show(value)}`,
  pattern: patternReason,
  required: ({ names }) => `Missing required property: ${names.join(',')}`,
  additionalProperties: ({ names }) => `Additional properties not allowed: ${names.join(',')}`,
  dependentRequired: ({ params }) =>
    `Property ${params.missingProperty} is mandatory if property ${params.property} is included`,
  uniqueItems: uniqueReason,
  minItems: ({ params, value }) => `Array is too short (${sizeOf(value)}), minimum ${params.limit}`,
  maxItems: ({ params, value }) => `Array is too long (${sizeOf(value)}), maximum ${params.limit}`,
  minLength: ({ params, value }) => `String is too short (${sizeOf(value)} chars), minimum ${params.limit}`,
  maxLength: ({ params, value }) => `String is too long (${sizeOf(value)} chars), maximum ${params.limit}`,
  minimum: ({ params, value }) => `Value ${value} is less than minimum ${params.limit}`,
  maximum: ({ params, value }) => `Value ${value} is greater than maximum ${params.limit}`,
  exclusiveMinimum: ({ params, value }) => `Value ${value} is equal or less than exclusive minimum ${params.limit}`,
  exclusiveMaximum: ({ params, value }) => `Value ${value} is equal or greater than exclusive maximum ${params.limit}`,
  multipleOf: ({ params, value }) => `Value ${value} is not a multiple of ${params.multipleOf}`,
  minProperties: ({ params, value }) => `Too few properties defined (${membersOf(value)}), minimum ${params.limit}`,
  maxProperties: ({ params, value }) => `Too many properties defined (${membersOf(value)}), maximum ${params.limit}`,
  anyOf: () => 'None of the valid schemas were met',
  oneOf: ({ inner }) =>
    inner.length > 0 ? 'None of the valid schemas were met' : "Data is valid against more than one schema from 'oneOf'",
  not: () => "Data matches schema from 'not'",
};

/** What is wrong, without where: `Missing required property: email`. */
export function reasonOf(refusal: Refusal): string {
  return REASONS[refusal.keyword]?.(refusal) ?? `Value does not satisfy ${refusal.keyword}`;
}

/** `groups[0].email` */
export function pathText(path: readonly string[]): string {
  return path.join('.').replace(/\.(\d+)(?=\.|$)/g, '[$1]');
}

/** Where a request part is named in the text, and its `errorCode`. */
export interface Part {
  readonly label: 'Payload' | 'Query' | 'Path';
  readonly errorCode: 'invalid_body' | 'invalid_query_string' | 'invalid_uri';
}

function sentence(part: Part, refusal: Refusal): string {
  // Auth0 has a text of its own for a path segment outside its enum; its deployment tool looks for it.
  const isUnknownSegment = part.label === 'Path' && (refusal.keyword === 'enum' || refusal.keyword === 'const');
  const reason = isUnknownSegment ? `Invalid value "${refusal.value}"` : reasonOf(refusal);
  const description = refusal.schema.description ? ` (${refusal.schema.description})` : '';
  const where = refusal.path.length > 0 ? ` on property ${pathText(refusal.path)}${description}` : '';
  const inner = refusal.inner.flat();
  const details = inner.length > 0 ? ` Inner errors: [ ${validationMessage(part, inner)} ].` : '';
  return `${part.label} validation error: '${reason}'${where}.${details}`;
}

/** The `message` that the Management API gives for `refusals` in a part of the request. */
export function validationMessage(part: Part, refusals: readonly Refusal[]): string {
  const sentences = refusals.slice(0, MOST_SENTENCES).map((refusal) => sentence(part, refusal));
  return [...new Set(sentences)].join(ALSO);
}
