/** A JSON Schema, as far as its members are concerned. */
export interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

type Resolve = (ref: string) => Schema;

const noReferences: Resolve = (ref) => {
  throw new Error(`nothing to find ${ref} in`);
};

/**
 * Dotted paths of every member that `schema` describes, however deep, in its order and each once: `refresh_token.policies[].scope` for
 * members of a list's items, `a.*` for an object whose members may have any name and have members of their own.
 *
 * @param resolve finds what a `$ref` refers to
 */
export function schemaPaths(schema: Schema, resolve: Resolve = noReferences): string[] {
  return [...new Set(pathsUnder('', schema, resolve, []))];
}

function pathsUnder(path: string, schema: Schema, resolve: Resolve, inside: readonly string[]): string[] {
  const { $ref, additionalProperties: others } = schema;
  if ($ref !== undefined)
    return inside.includes($ref) ? [] : pathsUnder(path, resolve($ref), resolve, [...inside, $ref]);
  const deeper = (at: string, member: Schema) => pathsUnder(at, member, resolve, inside);
  const variants = [schema.anyOf, schema.oneOf, schema.allOf].flatMap((list) => list ?? []);
  return [
    ...variants.flatMap((variant) => deeper(path, variant)),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
      const at = path === '' ? name : `${path}.${name}`;
      return [at, ...deeper(at, member)];
    }),
    ...(schema.items ? deeper(`${path}[]`, schema.items) : []),
    ...(typeof others === 'object' ? deeper(`${path}.*`, others) : []),
  ];
}
