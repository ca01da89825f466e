/** Values that a JSON Schema nearly accepts: right in most places, so that what is wrong gets far before it is found. */
import fc from 'fast-check';

interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly additionalProperties?: unknown;
}

/** What is put in where a value should be wrong, text where any text will do, and values that are right for members of a name. */
export interface Spice {
  readonly wrong: fc.Arbitrary<unknown>;
  readonly text: fc.Arbitrary<string>;
  readonly named: Readonly<Record<string, readonly string[]>>;
}

const FORMATS: Readonly<Record<string, readonly string[]>> = {
  email: ['ada@example.test', 'new@example.test', 'a@b', '"@"@x.test'],
  uri: ['https://app.test/callback', 'http://localhost', 'urn:x', 'javascript:alert(1)', 'https://[::1]:99999/'],
  'date-time': ['2026-01-15T10:00:00.000Z', '0000-00-00T00:00:00Z', '9999-12-31T23:59:60Z'],
  ipv4: ['127.0.0.1', '999.1.1.1'],
};

const DEPTH = 5;

/** The alternative schemas of `schema`, or undefined where it has none. */
function choicesOf(schema: Schema): readonly Schema[] | undefined {
  if (schema.anyOf ?? schema.oneOf) return schema.anyOf ?? schema.oneOf;
  if (Array.isArray(schema.type)) return schema.type.map((type: string) => ({ ...schema, type }));
  return undefined;
}

/** A document with every member at once is mostly wrong at once: it has what it must, most of what is known by name, and a few others. */
function pickMembers(schema: Schema, names: readonly string[], spice: Spice): fc.Arbitrary<string[]> {
  const required = names.filter((name) => schema.required?.includes(name));
  const optional = names.filter((name) => !required.includes(name));
  const known = optional.filter((name) => spice.named[name]);
  const others = optional.filter((name) => !spice.named[name]);
  const most = fc.subarray(known, { minLength: Math.max(0, known.length - 2) });
  const few = fc.subarray(others, { maxLength: Math.min(3, others.length) });
  return fc.tuple(most, few).map((picked) => [...required, ...picked.flat()]);
}

function objectOf(schema: Schema, spice: Spice, depth: number): fc.Arbitrary<unknown> {
  const properties = schema.properties ?? {};
  const names = Object.keys(properties);
  if (names.length === 0) return fc.dictionary(spice.text, spice.wrong, { maxKeys: 3 });
  const member = (name: string) => {
    const right = valueFor(properties[name] ?? {}, spice, depth - 1);
    const known = spice.named[name];
    return known
      ? fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: right })
      : right;
  };
  return pickMembers(schema, names, spice).chain((picked) =>
    fc.record(Object.fromEntries(picked.map((name) => [name, member(name)]))),
  );
}

function numberOf({ type, minimum = 0, maximum = 100_000 }: Schema): fc.Arbitrary<unknown> {
  const edges = [minimum, maximum, minimum - 1, maximum + 1];
  const within = fc.integer({ min: Math.ceil(minimum), max: Math.max(Math.ceil(minimum), Math.floor(maximum)) });
  return fc.oneof(within, fc.constantFrom(...edges, type === 'integer' ? 1.5 : 0.1));
}

function byType(schema: Schema, spice: Spice, depth: number): fc.Arbitrary<unknown> {
  switch (schema.type) {
    case 'object':
      return depth > 0 ? objectOf(schema, spice, depth) : fc.constant({});
    case 'array':
      return depth > 0 ? fc.array(valueFor(schema.items ?? {}, spice, depth - 1), { maxLength: 3 }) : fc.constant([]);
    case 'integer':
    case 'number':
      return numberOf(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'string':
      return fc.oneof(spice.text, fc.constantFrom(...(FORMATS[schema.format ?? ''] ?? ['a text', '1'])));
    default:
      return spice.wrong;
  }
}

/** A value for `schema`, wrong once in twenty. */
function valueFor(schema: Schema, spice: Spice, depth: number): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 19, arbitrary: rightFor(schema, spice, depth) }, { weight: 1, arbitrary: spice.wrong });
}

function rightFor(schema: Schema, spice: Spice, depth: number): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = choicesOf(schema);
  if (choices) return fc.oneof(...choices.map((choice) => valueFor(choice, spice, depth)));
  if (schema.allOf) return rightFor(Object.assign({}, schema, { allOf: undefined }, ...schema.allOf), spice, depth);
  return byType(schema, spice, depth);
}

/** Bodies that `schema` nearly accepts. */
export function almostRight(schema: unknown, spice: Spice): fc.Arbitrary<unknown> {
  return rightFor(schema as Schema, spice, DEPTH);
}
