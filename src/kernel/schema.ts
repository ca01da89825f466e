/** Shorthands over TypeBox for shapes that recur on Auth0's wire. */
import { type Static, type TObject, type TProperties, type TSchema, Type } from 'typebox';

export type { Static, TObject, TProperties, TSchema };
export { Type };

/** An object that refuses members it does not know, as nearly all of Auth0's request bodies do. */
export function closed<P extends TProperties>(properties: P, options: Record<string, unknown> = {}): TObject<P> {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

/** `schema` or null. */
export function nullable<S extends TSchema>(schema: S, options: Record<string, unknown> = {}) {
  return Type.Union([schema, Type.Null()], options);
}

/** One of `values`, as a JSON Schema `enum` (what Auth0's messages speak of). */
export function oneOf<const V extends readonly string[]>(values: V, options: Record<string, unknown> = {}) {
  return Type.Unsafe<V[number]>({ type: 'string', enum: [...values], ...options });
}

/** Gives a schema a name under `#/components/schemas/`. */
export function named<S extends TSchema>(title: string, schema: S): S {
  return { ...schema, title };
}

const whole = (minimum: number, maximum: number | undefined, description: string) =>
  Type.Optional(
    Type.Unsafe<number>({ type: 'integer', minimum, ...(maximum === undefined ? {} : { maximum }), description }),
  );

/** A parameter that may be left out: a text. */
export const optionalText = (description: string) => Type.Optional(Type.String({ description }));

/** A parameter that may be left out, of whatever kind: its endpoint reads it itself, and says what is wrong with it in words of its own. */
export const anything = (description: string) => Type.Optional(Type.Unsafe<unknown>({ description }));

const truth = (description: string) => Type.Optional(Type.Unsafe<boolean>({ type: 'boolean', description }));

/** Page-style paging. */
export const paging = {
  page: whole(0, undefined, 'Page index of the results to return. First page is 0.'),
  per_page: whole(0, 100, 'Number of results per page.'),
  include_totals: truth(
    'Return results inside an object that contains the total result count (true) or as a direct array of results (false, default).',
  ),
};

/** Checkpoint paging. */
export const checkpoint = {
  from: Type.Optional(Type.String({ description: 'Optional Id from which to start selection.' })),
  take: whole(1, 100, 'Number of results per page. Defaults to 50.'),
};

/** Choosing the order: `member:1`, or `member:-1` for the other way round. */
export function sorting(names: readonly string[]) {
  return {
    sort: Type.Optional(
      Type.String({
        pattern: `^(${names.join('|')}):(1|-1)$`,
        description: 'Field to sort by, `field:1` or `field:-1`.',
      }),
    ),
  };
}

/** Choosing members of the answer. */
export function fieldSelection(names: readonly string[]) {
  const list = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  return {
    fields: Type.Optional(
      Type.String({
        pattern: `^(${list})(,(${list}))*$`,
        'x-values': names,
        description:
          'Comma-separated list of fields to include or exclude (based on value provided for include_fields) in the result. Leave empty to retrieve all fields.',
      }),
    ),
    include_fields: truth('Whether specified fields are to be included (true) or excluded (false).'),
  };
}
