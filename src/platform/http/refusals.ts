import type { ErrorObject } from 'ajv';

/** One thing that is wrong with a value: where, what kind, and what the kinds of a choice said (`inner`, one list per branch). */
export interface Refusal {
  readonly keyword: string;
  readonly path: readonly string[];
  readonly params: Readonly<Record<string, unknown>>;
  /** The value at `path`. */
  readonly value: unknown;
  /** The schema that refused it. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Names of all members at fault, where the keyword refuses several at once. */
  readonly names: readonly string[];
  readonly inner: readonly (readonly Refusal[])[];
}

type Found = Refusal & { readonly schemaPath: string };

/** A hostile body must not buy unbounded work. */
const MOST_ERRORS = 2000;
/** Keywords that only sum up what other errors say in detail. */
const SUMMARIES = new Set(['if', 'propertyNames']);
/** z-schema asks for the type first and then reads a schema's keywords from the last to the first. */
const ORDER = [
  'type',
  'format',
  'pattern',
  'const',
  'enum',
  'maxLength',
  'minLength',
  'additionalProperties',
  'required',
];

const rank = (keyword: string) => (ORDER.includes(keyword) ? ORDER.indexOf(keyword) : ORDER.length);

function pathOf(pointer: string): string[] {
  const segments = pointer.split('/').slice(1);
  return segments.map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function foundOf(error: ErrorObject): Found {
  const name = error.params.additionalProperty ?? error.params.missingProperty;
  return {
    keyword: error.keyword,
    path: pathOf(error.instancePath),
    schemaPath: error.schemaPath,
    params: error.params,
    value: error.data,
    schema: (error.parentSchema ?? {}) as Record<string, unknown>,
    names: name === undefined ? [] : [String(name)],
    inner: [],
  };
}

function isUnder(found: Found, choice: Found): boolean {
  return (
    found.schemaPath.startsWith(`${choice.schemaPath}/`) &&
    choice.path.every((segment, index) => found.path[index] === segment)
  );
}

/** Ajv reports the branches of a choice right before the choice: takes them off the end of `found`, by branch. */
function takeBranches(found: Found[], choice: Found): Found[][] {
  const branches: Found[][] = [];
  while (found.length > 0 && isUnder(found.at(-1)!, choice)) {
    const last = found.pop()!;
    const branch = Number.parseInt(last.schemaPath.slice(choice.schemaPath.length + 1), 10);
    branches[branch] ??= [];
    branches[branch].unshift(last);
  }
  return branches.filter((branch) => branch !== undefined);
}

/** `[X, null]` is how TypeBox says what Auth0 publishes as `type: ["x", "null"]`: X speaks, and its type gains null. */
function asNullable(choice: Found, branches: readonly Found[][]): Found[] | undefined {
  const options = (choice.schema[choice.keyword] ?? []) as { type?: unknown }[];
  const nulls = options.filter((option) => option.type === 'null').length;
  if (options.length !== 2 || nulls !== 1) return undefined;
  const spoken = branches.filter(([first]) => first?.schema.type !== 'null').flat();
  const description = choice.schema.description;
  return spoken.map((found) => {
    if (found.path.length !== choice.path.length) return found;
    const type = found.keyword === 'type' ? [found.schema.type, 'null'].flat() : found.schema.type;
    return { ...found, schema: { ...(description ? { description } : {}), ...found.schema, type } };
  });
}

function settleChoice(found: Found[], choice: Found, root: unknown): void {
  const branches = takeBranches(found, choice);
  const nullable = asNullable(choice, branches);
  if (nullable) {
    found.push(...nullable);
    return;
  }
  const inner = branches.map((branch) => {
    const ordered = inOrder(branch, root);
    return choice.keyword === 'oneOf' ? ordered.slice(0, 1) : ordered.reverse();
  });
  found.push({ ...choice, inner });
}

/** Ajv names extra members one at a time; z-schema all of an object's at once, last first. */
function join(found: Found[]): Found[] {
  const joined: Found[] = [];
  for (const next of found) {
    const at = joined.findIndex((other) => next.keyword === 'additionalProperties' && isSamePlace(other, next));
    if (at < 0) joined.push(next);
    else joined[at] = { ...joined[at]!, names: [...next.names, ...joined[at]!.names] };
  }
  return joined;
}

function isSamePlace(one: Found, other: Found): boolean {
  return one.schemaPath === other.schemaPath && one.path.join('\0') === other.path.join('\0');
}

interface Place {
  readonly own: Found[];
  readonly members: Map<string, Place>;
}

function place(found: readonly Found[]): Place {
  const top: Place = { own: [], members: new Map() };
  for (const one of found) {
    let at = top;
    for (const segment of one.path) {
      const next = at.members.get(segment) ?? { own: [], members: new Map() };
      at.members.set(segment, next);
      at = next;
    }
    at.own.push(one);
  }
  return top;
}

/** A value's own errors, then those of its members, the last member first; missing members from the last that is required. */
function walk(at: Place, value: unknown): Found[] {
  const own = join(at.own).reverse();
  own.sort((one, other) => rank(one.keyword) - rank(other.keyword));
  const names = Object.keys((value ?? {}) as object).reverse();
  const members = names.flatMap((name) => {
    const member = at.members.get(name);
    return member ? walk(member, (value as Record<string, unknown>)[name]) : [];
  });
  return [...own, ...members];
}

function inOrder(found: readonly Found[], root: unknown): Found[] {
  return walk(place(found), root);
}

/**
 * Ajv's flat list as what z-schema, which speaks on Auth0's wire, would have reported about `value`: choices carry the reports
 * of their branches, and the order is z-schema's.
 */
export function readRefusals(errors: readonly ErrorObject[], value: unknown): Refusal[] {
  const found: Found[] = [];
  for (const error of errors.slice(0, MOST_ERRORS)) {
    if (SUMMARIES.has(error.keyword)) continue;
    const next = foundOf(error);
    if (next.keyword === 'anyOf' || next.keyword === 'oneOf') settleChoice(found, next, value);
    else found.push(next);
  }
  return inOrder(found, value);
}
