type JsonSchema = Readonly<Record<string, unknown>>;

const branchesOf = (schema: JsonSchema) => [schema.anyOf ?? [], schema.oneOf ?? []].flat() as JsonSchema[];
const typesOf = (schema: JsonSchema) => [schema.type ?? []].flat() as string[];

/** Fifteen digits: a double holds every one of them. */
const INTEGER = /^-?\d{1,15}$/;
const NUMBER = /^-?\d{1,15}(\.\d{1,15})?$/;

function coerceScalar(types: readonly string[], text: string): unknown {
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if (types.includes('integer') && INTEGER.test(text)) return Number(text);
  if (types.includes('number') && NUMBER.test(text)) return Number(text);
  return text;
}

function coerceValue(schema: JsonSchema, value: unknown): unknown {
  const types = typesOf(schema);
  if (types.includes('array')) {
    const items = (schema.items ?? {}) as JsonSchema;
    return [value].flat().map((item) => coerceValue(items, item));
  }
  if (typeof value !== 'string') return value;
  for (const branch of branchesOf(schema)) {
    const coerced = coerceValue(branch, value);
    if (coerced !== value) return coerced;
  }
  return coerceScalar(types, value);
}

/**
 * Query strings and path segments as the types that `schema` gives its members: `true`, `false` and decimal numbers in exactly
 * these spellings, and a lone value where a list is expected. What cannot be read stays text, for the validator to refuse.
 */
export function coerceParameters(schema: object, input: unknown): Record<string, unknown> {
  const members = ((schema as JsonSchema).properties ?? {}) as Record<string, JsonSchema>;
  const entries = Object.entries((input ?? {}) as object);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Object.hasOwn(members, name) ? coerceValue(members[name]!, value) : value]),
  );
}
