/** Values that a schema takes: at random, for properties that must hold of all of them. */
import fc from 'fast-check';

/** JSON Schema, as far as the Management API's bodies use it. */
export interface BodySchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly items?: BodySchema;
  readonly oneOf?: readonly BodySchema[];
  readonly properties?: Readonly<Record<string, BodySchema>>;
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly additionalProperties?: boolean | BodySchema;
  readonly propertyNames?: BodySchema;
}

/** Values for what names something that must exist, by the end of its path. */
export type Known = readonly (readonly [path: RegExp, values: fc.Arbitrary<unknown>])[];

export const typesOf = ({ type }: BodySchema): readonly string[] => (type === undefined ? [] : [type].flat());

const label = fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/);
const webUrl = fc.tuple(label, label).map(([host, path]) => `https://${host}.example.test/${path}`);

const FORMATS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  url: webUrl,
  'url-or-null': webUrl,
  'absolute-uri-or-empty': fc.oneof(webUrl, fc.constant('')),
  'absolute-https-uri-with-placeholders-or-empty': fc.oneof(webUrl, fc.constant('')),
  'ec-initiate-login-uri-template-url': webUrl,
  'callback-url': fc.oneof(
    webUrl,
    label.map((host) => `https://*.${host}.test/cb`),
    label.map((scheme) => `com.${scheme}://callback`),
  ),
  'url-with-placeholders': fc.oneof(
    webUrl,
    label.map((host) => `https://{organization_name}.${host}.test`),
  ),
  'date-time': fc.constant('2030-01-01T00:00:00.000Z'),
};

function texts({ format, pattern, minLength = 0, maxLength = 400 }: BodySchema): fc.Arbitrary<string> {
  const known = format === undefined ? undefined : FORMATS[format];
  if (known) return known;
  if (format !== undefined) throw new Error(`which texts are ${format}?`);
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern)).map((text) => text.slice(0, maxLength));
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, minLength + 40) });
}

function objects(schema: BodySchema, path: string, known: Known): fc.Arbitrary<object> {
  const { properties = {}, required = [], additionalProperties: others, minProperties = 0, maxProperties } = schema;
  const members = Object.entries(properties).map(([name, member]) => [
    name,
    valuesOf(member, path === '' ? name : `${path}.${name}`, known),
  ]);
  const named = fc.record(Object.fromEntries(members) as Record<string, fc.Arbitrary<unknown>>, {
    requiredKeys: required as string[],
  });
  const counted = named.filter((one) => {
    const count = Object.keys(one).length;
    return count >= minProperties && count <= (maxProperties ?? count);
  });
  if (typeof others !== 'object') return counted;
  return fc.dictionary(label, valuesOf(others, `${path}.*`, known), { maxKeys: maxProperties ?? 5 });
}

/** Any value that `schema` takes, at `path` of the body. */
export function valuesOf(schema: BodySchema, path: string, known: Known): fc.Arbitrary<unknown> {
  const found = known.find(([pattern]) => pattern.test(path));
  if (found) return found[1];
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.oneOf) return fc.oneof(...schema.oneOf.map((one) => valuesOf(one, path, known)));
  const { minimum = 0, maximum = 2_147_483_647, minItems = 0, maxItems = 3 } = schema;
  const byType: Readonly<Record<string, () => fc.Arbitrary<unknown>>> = {
    null: () => fc.constant(null),
    boolean: () => fc.boolean(),
    integer: () => fc.integer({ min: minimum, max: maximum }),
    string: () => texts(schema),
    array: () => {
      const items = valuesOf(schema.items ?? {}, `${path}[]`, known);
      const length = { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, 3)) };
      return schema.uniqueItems ? fc.uniqueArray(items, length) : fc.array(items, length);
    },
    object: () => objects(schema, path, known),
  };
  return fc.oneof(
    ...typesOf(schema).map((type) => {
      const values = byType[type]?.();
      if (!values) throw new Error(`which values are of type ${type}?`);
      return values;
    }),
  );
}
