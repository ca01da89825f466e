/** Calls of Management endpoints with ids of somebody else, made from the endpoints' own declarations: new ones are covered by being there. */
import type { Endpoint } from '../src/kernel/index.ts';

type Schema = Readonly<Record<string, unknown>>;

/** One endpoint, called with `ids` in its places. */
export interface Attack {
  readonly endpoint: Endpoint;
  readonly ids: readonly string[];
  path(ids: readonly string[]): string;
  body(ids: readonly string[]): { json?: unknown };
}

export function managementEndpoints(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  return endpoints.filter(({ surface }) => surface === 'management');
}

const isId = (member: string) => /(^|_)(id|kid|audience|identifier)$/i.test(member);

/**
 * The ids that a document leads to: itself, and with each id that it names, in both orders, since `/users/:id/methods/:method_id` wants
 * both.
 */
export function idsIn(document: Readonly<Record<string, unknown>>): string[][] {
  const values = Object.entries(document)
    .filter(([member, value]) => isId(member) && typeof value === 'string' && value !== '')
    .map(([, value]) => value as string);
  const distinct = [...new Set(values)];
  return [
    ...distinct.map((id) => [id]),
    ...distinct.flatMap((one) => distinct.filter((two) => two !== one).map((two) => [one, two])),
  ];
}

/** An id of the same form that nobody has. */
export function resembling(id: string): string {
  const last = id.at(-1) ?? '';
  const other = last === '0' ? '1' : '0';
  // A URL keeps its form by its path, anything else by its last digits.
  return /\/$/.test(id) ? `${id.slice(0, -1)}0/` : `${id.slice(0, -2)}${other}${other}`;
}

function membersOf(schema: unknown): [string, Schema][] {
  return Object.entries((schema as { properties?: Record<string, Schema> } | undefined)?.properties ?? {});
}

const idMembers = (schema: unknown) =>
  membersOf(schema)
    .filter(([member, { type }]) => isId(member) && type === 'string')
    .map(([member]) => member);

/** The smallest value that `schema` may take. */
function sample(schema: Schema): unknown {
  const {
    const: constant,
    enum: choices,
    anyOf,
    type,
    minLength,
  } = schema as {
    const?: unknown;
    enum?: unknown[];
    anyOf?: Schema[];
    type?: string;
    minLength?: number;
  };
  if (constant !== undefined) return constant;
  if (choices) return choices[0];
  if (anyOf?.[0]) return sample(anyOf[0]);
  if (type === 'object') return sampleObject(schema);
  if (type === 'array') return [];
  if (type === 'boolean') return false;
  if (type === 'number' || type === 'integer') return (schema.minimum as number | undefined) ?? 1;
  return 'x'.repeat(Math.max(1, minLength ?? 1));
}

function sampleObject(schema: Schema): Record<string, unknown> {
  const required = new Set((schema.required as string[] | undefined) ?? []);
  const members = membersOf(schema).filter(([member]) => required.has(member));
  return Object.fromEntries(members.map(([member, inner]) => [member, sample(inner)]));
}

function attack(endpoint: Endpoint, ids: readonly string[]): Attack {
  const inPath = [...endpoint.path.matchAll(/:(\w+)/g)].map(([place]) => place);
  const inQuery = idMembers(endpoint.query);
  const inBody = idMembers(endpoint.body);
  return {
    endpoint,
    ids,
    path(given) {
      const path = inPath.reduce(
        (text, place, n) => text.replace(place, encodeURIComponent(given[n] ?? '')),
        endpoint.path,
      );
      const query = new URLSearchParams(inQuery.map((member) => [member, given.at(-1) ?? '']));
      return query.size > 0 ? `${path}?${query}` : path;
    },
    body(given) {
      if (!endpoint.body) return {};
      const last = given.at(-1) ?? '';
      const json = sampleObject(endpoint.body as Schema);
      return { json: { ...json, ...Object.fromEntries(inBody.map((member) => [member, last])) } };
    },
  };
}

/** What makes something goes last: its id may be anybody's, as with the identifier of an API, and would be found from then on. */
const rankOf = ({ endpoint: { method, path } }: Attack) =>
  path.includes('/:') && method === 'POST' ? 4 : ['GET', 'PATCH', 'PUT', 'DELETE', 'x', 'POST'].indexOf(method);

/** Every endpoint that takes an id, with every fitting group of `groups`. */
export function attacksOn(endpoints: readonly Endpoint[], groups: readonly (readonly string[])[]): Attack[] {
  const distinct = new Map(groups.map((ids) => [JSON.stringify(ids), ids]));
  const attacks = endpoints.flatMap((endpoint) => {
    const places = [...endpoint.path.matchAll(/:\w+/g)].length;
    const elsewhere = idMembers(endpoint.query).length + idMembers(endpoint.body).length;
    if (places + elsewhere === 0) return [];
    const fitting = [...distinct.values()].filter((ids) => ids.length === Math.max(1, places));
    return fitting.map((ids) => attack(endpoint, ids));
  });
  return attacks.toSorted((one, two) => rankOf(one) - rankOf(two));
}

/** A place in a body that may hold an id, and a body with one in it. */
export interface Reference {
  readonly place: string;
  body(id: string): unknown;
}

const NAMED =
  /(^|_)(id|ids|kid|audience|identifier|members|users|roles|clients|organizations|connections|credentials)$/i;

/**
 * Every place in `schema` that may hold an id, at any depth, each in a body with nothing else but what must be in it. `own` says what is
 * right for members of a name.
 */
export function referencesIn(schema: unknown, own: Readonly<Record<string, unknown>>, place = ''): Reference[] {
  const { type, anyOf, items } = schema as { type?: string | string[]; anyOf?: Schema[]; items?: Schema };
  if (anyOf) return anyOf.flatMap((one) => referencesIn(one, own, place));
  const is = (kind: string) => type === kind || (Array.isArray(type) && type.includes(kind));
  if (is('array')) return referencesIn(items ?? {}, own, place).map(inside((inner) => [inner]));
  if (is('string')) return NAMED.test(place) ? [{ place, body: (id) => id }] : [];
  const members = membersOf(schema);
  const required = new Set(((schema as Schema).required as string[] | undefined) ?? []);
  const needed = members.filter(([name]) => required.has(name)).map(([name, one]) => [name, own[name] ?? sample(one)]);
  return members.flatMap(([name, inner]) =>
    referencesIn(inner, own, `${place}.${name}`).map(
      inside((value) => ({ ...Object.fromEntries(needed), [name]: value })),
    ),
  );
}

const inside = (wrap: (inner: unknown) => unknown) => (one: Reference) => ({
  place: one.place,
  body: (id: string) => wrap(one.body(id)),
});
