import { type TSchema, Type } from './schema.ts';

/** JSON Schema keywords beside type and description; `nullable` admits null. */
type Rules = Readonly<Record<string, unknown>> & { readonly nullable?: boolean };

function shape<T>(type: string, description: string, { nullable, ...rules }: Rules): TSchema {
  return Type.Unsafe<T>({ type: nullable ? [type, 'null'] : type, description, ...rules });
}

/**
 * Shapes of large published bodies, written as the JSON Schema that Auth0 publishes (`type: ["string", "null"]`, `required` beside
 * `properties`), so that refusals read as Auth0's. For small bodies TypeBox itself is shorter.
 */
export const text = (description: string, rules: Rules = {}) => shape<string>('string', description, rules);
export const flag = (description: string, rules: Rules = {}) => shape<boolean>('boolean', description, rules);
export const integer = (description: string, rules: Rules = {}) => shape<number>('integer', description, rules);
export const decimal = (description: string, rules: Rules = {}) => shape<number>('number', description, rules);

/** One of `values`; null among them when nullable. */
export function choice(values: readonly string[], description: string, rules: Rules = {}): TSchema {
  return shape<string>('string', description, { enum: rules.nullable ? [...values, null] : values, ...rules });
}

export function list(items: TSchema, description: string, rules: Rules = {}): TSchema {
  return shape<unknown[]>('array', description, { items, ...rules });
}

/** An object of exactly these members, of which those in `rules.required` must be there. */
export function record(properties: Record<string, TSchema>, description: string, rules: Rules = {}): TSchema {
  return shape<object>('object', description, { additionalProperties: false, properties, ...rules });
}

/** An object of these members and any other. */
export function openRecord(properties: Record<string, TSchema>, description: string, rules: Rules = {}): TSchema {
  return shape<object>('object', description, { additionalProperties: true, properties, ...rules });
}

/** `schema` where null is not admitted. */
export function withoutNull(schema: TSchema): TSchema {
  const { type } = schema as { type?: unknown };
  const types = [type].flat().filter((one) => one !== 'null');
  return { ...schema, type: types.length === 1 ? types[0] : types };
}

/** A request body: closed, without a description of its own. */
export function body<T>(properties: Record<string, TSchema>, rules: Rules = {}) {
  return Type.Unsafe<T>({ type: 'object', additionalProperties: false, properties, ...rules });
}

/** What an answer looks like: these members, none promised, others allowed. */
export function answer(properties: Record<string, TSchema>): TSchema {
  return Type.Unsafe<object>({ type: 'object', additionalProperties: true, properties });
}

/** How many tokens may be issued by client credentials, in an hour and in a day. */
export function tokenQuota(rules: Rules = {}): TSchema {
  const limits = {
    enforce: flag('Whether requests beyond the quota fail.'),
    per_day: integer('Tokens a day.', { minimum: 1, maximum: 2147483647 }),
    per_hour: integer('Tokens an hour.', { minimum: 1, maximum: 2147483647 }),
  };
  const members = { client_credentials: record(limits, 'The token quota configuration', { minProperties: 1 }) };
  return record(members, 'Quota of issued tokens.', { required: ['client_credentials'], ...rules });
}
