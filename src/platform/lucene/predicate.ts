import type { MemberTest, Predicate, ValueTest } from '../../kernel/index.ts';
import { type Clause, type Node, QueryRefused, type Range, type Term } from './syntax.ts';

/** What is special about the members of a kind of document. */
export interface FieldRules {
  /** Members that a value without a field is looked for in. */
  readonly bare: readonly string[];
  /** Members that are compared without regard to case. */
  readonly ignoreCase: ReadonlySet<string>;
  /** Members that hold times. */
  readonly times: ReadonlySet<string>;
  /** Members whose values are kept in lower case, and so are looked up in lower case. */
  readonly lowerCase: ReadonlySet<string>;
  /** Members below which neither wildcards nor ranges are offered. */
  readonly exactOnly: ReadonlySet<string>;
  /** Fields that stand for something else: `email.domain`. */
  readonly special: Readonly<Record<string, (value: Term | Range) => Predicate>>;
}

/** Auth0: a wildcard that is not at the end needs this many characters beside it. */
const FEWEST_LITERALS = 3;

/** Turns a query into what storage searches by. QueryRefused for what the rules do not offer. */
export function predicateOf(node: Node, rules: FieldRules): Predicate {
  if (node.kind === 'and') return { and: node.nodes.map((one) => predicateOf(one, rules)) };
  if (node.kind === 'or') return { or: node.nodes.map((one) => predicateOf(one, rules)) };
  if (node.kind === 'not') return { not: predicateOf(node.node, rules) };
  return clausePredicate(node, rules);
}

function clausePredicate({ field, value }: Clause, rules: FieldRules): Predicate {
  if (field === undefined) {
    if (isAnything(value)) return { and: [] };
    return { or: rules.bare.map((member) => memberPredicate([member], value, rules)) };
  }
  const name = field.slice(0, -1).replace(/\\(.)/gsu, '$1');
  if (name === '*' && isAnything(value)) return { and: [] };
  if (name === '_exists_') return { path: pathOf(wordOf(value)), test: { exists: true } };
  const special = Object.hasOwn(rules.special, name) ? rules.special[name] : undefined;
  return special ? special(value) : memberPredicate(pathOf(name), value, rules);
}

const isAnything = (value: Term | Range) =>
  value.kind === 'term' && value.parts.every((part) => part === '') && value.parts.length > 1;

function wordOf(value: Term | Range): string {
  if (value.kind === 'term' && value.parts.length === 1) return value.parts[0] ?? '';
  throw new QueryRefused('_exists_ needs the name of a field');
}

function pathOf(name: string): string[] {
  const path = name.split('.');
  const isSound = path.length <= 10 && path.every((segment) => segment !== '' && !/["\\\p{Cc}]/u.test(segment));
  if (!isSound) throw new QueryRefused(`${JSON.stringify(name)} is no field`);
  return path;
}

function memberPredicate(path: readonly string[], value: Term | Range, rules: FieldRules): MemberTest {
  const [root = ''] = path;
  const name = path.join('.');
  const isExactOnly = rules.exactOnly.has(root);
  if (rules.times.has(name)) return { path, test: timeTest(name, value) };
  if (value.kind === 'range') {
    if (isExactOnly) throw new QueryRefused(`ranges are not supported on ${root}`);
    return { path, test: rangeTest(value) };
  }
  if (isExactOnly && value.parts.length > 1 && !isAnything(value))
    throw new QueryRefused(`wildcards are not supported on ${root}`);
  const parts = rules.lowerCase.has(name) ? value.parts.map((part) => part.toLowerCase()) : value.parts;
  const test = termTest(parts);
  return { path, test, ...(rules.ignoreCase.has(name) && !rules.lowerCase.has(name) ? { ignoreCase: true } : {}) };
}

const rangeTest = ({ above, below }: Range): ValueTest =>
  above || below ? { ...(above ? { above } : {}), ...(below ? { below } : {}) } : { exists: true };

function termTest(parts: readonly string[]): ValueTest {
  const [first = '', ...rest] = parts;
  if (rest.length === 0) return { equals: first };
  const last = rest.pop() ?? '';
  const middle = rest.filter((part) => part !== '');
  if (parts.every((part) => part === '')) return { exists: true };
  if (first !== '' && last === '' && middle.length === 0) return { startsWith: first };
  if (middle.length > 1 || (middle.length === 1 && (first !== '' || last !== '')))
    throw new QueryRefused('wildcards are supported at the beginning, at the end, or at one place within a value');
  const literals = [first, ...middle, last].join('');
  if ([...literals].length < FEWEST_LITERALS)
    throw new QueryRefused(`a wildcard before the end needs at least ${FEWEST_LITERALS} other characters`);
  return {
    ...(first ? { startsWith: first } : {}),
    ...(middle[0] ? { contains: middle[0] } : {}),
    ...(last ? { endsWith: last } : {}),
  };
}

const PARTIAL_TIME = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;

/**
 * The first and the last moment of what `text` names: a year, a month, a day or a moment (ISO 8601), as stored times are written.
 * Undefined when it names none.
 */
function isoBounds(text: string): { first: string; last: string } | undefined {
  const [, year, month, day] = PARTIAL_TIME.exec(text) ?? [];
  if (year === undefined) {
    const moment = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN;
    const iso = Number.isFinite(moment) ? new Date(moment).toISOString() : undefined;
    return iso === undefined ? undefined : { first: iso, last: iso };
  }
  const start = new Date(`${year}-${month ?? '01'}-${day ?? '01'}T00:00:00.000Z`);
  if (Number.isNaN(start.getTime())) return undefined;
  const end = new Date(start);
  if (day !== undefined) end.setUTCDate(end.getUTCDate() + 1);
  else if (month !== undefined) end.setUTCMonth(end.getUTCMonth() + 1);
  else end.setUTCFullYear(end.getUTCFullYear() + 1);
  return { first: start.toISOString(), last: new Date(end.getTime() - 1).toISOString() };
}

function timeTest(name: string, value: Term | Range): ValueTest {
  const read = (text: string) => {
    const bounds = isoBounds(text);
    if (!bounds) throw new QueryRefused(`${JSON.stringify(text)} is no time for ${name}`);
    return bounds;
  };
  if (value.kind === 'term') {
    if (isAnything(value)) return { exists: true };
    const { first, last } = read(value.parts.join('*'));
    return { above: { value: first, inclusive: true }, below: { value: last, inclusive: true } };
  }
  const { above, below } = value;
  if (!above && !below) return { exists: true };
  return {
    ...(above
      ? {
          above: {
            value: above.inclusive ? read(above.value).first : read(above.value).last,
            inclusive: above.inclusive,
          },
        }
      : {}),
    ...(below
      ? {
          below: {
            value: below.inclusive ? read(below.value).last : read(below.value).first,
            inclusive: below.inclusive,
          },
        }
      : {}),
  };
}
