/** Everything that can be wrong with one value of a body, and the words in which it is refused. */
import fc from 'fast-check';
import { type BodySchema, type Known, typesOf, valuesOf } from './schema-values.ts';

/** One mistake, in the one member of the body that it is planted in. */
export interface Mistake {
  /** The member of the body that holds it. */
  readonly name: string;
  readonly value: unknown;
  /** `Payload validation error: …` */
  readonly message: string;
}

interface Place {
  readonly schema: BodySchema;
  /** As messages have it: `mobile.ios.team_id`. */
  readonly path: string;
  /** Puts a value there, with what must stand beside it. */
  readonly plant: (value: unknown) => unknown;
}

type Wrong = readonly [value: unknown, reason: string];

const WRONG_TYPES: readonly (readonly [type: string, value: unknown])[] = [
  ['string', 'text'],
  ['integer', 7],
  ['boolean', true],
  ['array', []],
  ['object', {}],
  ['null', null],
];

function wrongTypes(schema: BodySchema): Wrong[] {
  const types = typesOf(schema);
  if (types.length === 0) return [];
  const others = WRONG_TYPES.filter(([type]) => !types.includes(type));
  return others.map(([type, value]) => [value, `Expected type ${types.join(',')} but found type ${type}`]);
}

function wrongTexts({ enum: values, format, pattern, minLength = 0, maxLength }: BodySchema): Wrong[] {
  const long = 'a'.repeat((maxLength ?? 0) + 1);
  const untidy = 'https://exa mple/<script>';
  return [
    ...(values ? [['nonsense', 'No enum match for: nonsense'] as const] : []),
    ...(maxLength === undefined || pattern !== undefined || format !== undefined
      ? []
      : [[long, `String is too long (${long.length} chars), maximum ${maxLength}`] as const]),
    ...(minLength === 1 && pattern === undefined && !values
      ? [['', 'String is too short (0 chars), minimum 1'] as const]
      : []),
    ...(pattern === undefined
      ? []
      : [[`<\n>`, `String does not match pattern ${pattern}: <\n>`] as const].filter(
          ([text]) => !new RegExp(pattern, 'u').test(text),
        )),
    ...(format === undefined || format === 'date-time'
      ? []
      : [[untidy, `Object didn't pass validation for format ${format}: ${untidy}`] as const]),
  ];
}

function wrongNumbers({ minimum, maximum }: BodySchema): Wrong[] {
  return [
    ...(minimum === undefined ? [] : [[minimum - 1, `Value ${minimum - 1} is less than minimum ${minimum}`] as const]),
    ...(maximum === undefined
      ? []
      : [[maximum + 1, `Value ${maximum + 1} is greater than maximum ${maximum}`] as const]),
  ];
}

function wrongLists({ minItems = 0, maxItems, uniqueItems }: BodySchema, item: () => unknown): Wrong[] {
  const one = item();
  const many = Array.from({ length: (maxItems ?? 0) + 1 }, () => one);
  return [
    ...(minItems === 0 ? [] : [[[], `Array is too short (0), minimum ${minItems}`] as const]),
    ...(maxItems === undefined ? [] : [[many, `Array is too long (${many.length}), maximum ${maxItems}`] as const]),
    ...(uniqueItems ? [[[one, one], 'Array items are not unique (indexes 0 and 1)'] as const] : []),
  ];
}

function wrongObjects(schema: BodySchema, whole: () => object): Wrong[] {
  const { additionalProperties, required = [], minProperties = 0, maxProperties } = schema;
  const without = (name: string) => Object.fromEntries(Object.entries(whole()).filter(([key]) => key !== name));
  const crowd = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 'v']));
  return [
    ...(additionalProperties === false
      ? [[{ ...whole(), surprise: 1 }, 'Additional properties not allowed: surprise'] as const]
      : []),
    ...required.map((name) => [without(name), `Missing required property: ${name}`] as const),
    ...(minProperties > 0 && required.length === 0
      ? [[{}, `Too few properties defined (0), minimum ${minProperties}`] as const]
      : []),
    ...(typeof additionalProperties === 'object' && maxProperties !== undefined
      ? [
          [
            crowd(maxProperties + 1),
            `Too many properties defined (${maxProperties + 1}), maximum ${maxProperties}`,
          ] as const,
        ]
      : []),
  ];
}

/** Every mistake that a body of `schema` can have in one of its members. */
export function mistakesIn(schema: BodySchema, known: Known): Mistake[] {
  const sample = (of: BodySchema, path: string) => fc.sample(valuesOf(of, path, known), { numRuns: 1, seed: 1 })[0];
  /** An object of `of` with what it requires. */
  const bare = (of: BodySchema, path: string) =>
    Object.fromEntries(
      (of.required ?? []).map((name) => [
        name,
        sample(of.properties?.[name] ?? {}, path === '' ? name : `${path}.${name}`),
      ]),
    );

  function wrongAt({ schema: of, path }: Place): Wrong[] {
    const types = typesOf(of);
    const known = path.replaceAll('[0]', '[]');
    return [
      ...wrongTypes(of),
      ...(types.includes('string') ? wrongTexts(of) : []),
      ...(types.includes('integer') ? wrongNumbers(of) : []),
      ...(types.includes('array') ? wrongLists(of, () => sample(of.items ?? {}, `${known}[]`)) : []),
      ...(types.includes('object') ? wrongObjects(of, () => bare(of, known)) : []),
    ];
  }

  function placesIn({ schema: of, path, plant }: Place): Place[] {
    const members = Object.entries(of.properties ?? {}).flatMap(([name, member]) => {
      const at = path === '' ? name : `${path}.${name}`;
      const beside = () => bare(of, path.replaceAll('[0]', '[]'));
      return placesIn({ schema: member, path: at, plant: (value) => plant({ ...beside(), [name]: value }) });
    });
    const items = of.items ? placesIn({ schema: of.items, path: `${path}[0]`, plant: (value) => plant([value]) }) : [];
    const { additionalProperties: others } = of;
    const open =
      typeof others === 'object'
        ? placesIn({ schema: others, path: `${path}.any`, plant: (value) => plant({ any: value }) })
        : [];
    return [{ schema: of, path, plant }, ...members, ...items, ...open];
  }

  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) =>
    placesIn({ schema: member, path: name, plant: (value) => value }).flatMap((place) =>
      wrongAt(place).map(([wrong, reason]) => {
        const about = place.schema.description === undefined ? '' : ` (${place.schema.description})`;
        const message = `Payload validation error: '${reason}' on property ${place.path}${about}.`;
        return { name, value: place.plant(wrong), message };
      }),
    ),
  );
}
