/**
 * What the server does with a property: `enforced`, it does what the property asks for; `shown`, it hands it on to people or programs
 * and does nothing else; `not offered`, what would use it is refused when it is written. There is no fourth: nothing is accepted that does
 * nothing.
 */
export type PropertyStatus = 'enforced' | 'shown' | 'not offered';

/** A test by its file (from the root of the repository) and its title; what a loop fills in is written `…`. */
export interface NamedTest {
  readonly file: string;
  readonly title: string;
}

/** What is to be said of a property. */
export interface PropertyFacts {
  readonly status: PropertyStatus;
  readonly does: string;
  /** Files under `src` that act on it. */
  readonly where: readonly string[];
  /** What fails when the property is ignored. */
  readonly tests: readonly NamedTest[];
}

/** One property of a client, by its dotted path: `refresh_token.policies[].scope`. */
export interface PropertyRow extends PropertyFacts {
  readonly name: string;
}

/** Properties that belong together: a table of the page. */
export interface PropertyFamily {
  readonly title: string;
  readonly rows: readonly PropertyRow[];
}

type Facts = (does: string, where: string | readonly string[], ...tests: readonly NamedTest[]) => PropertyFacts;

const facts =
  (status: PropertyStatus): Facts =>
  (does, where, ...tests) => ({ status, does, where: [where].flat(), tests });

export const enforced = facts('enforced');
export const shown = facts('shown');
export const notOffered = facts('not offered');

/** Names tests of one file: `const shows = testsIn('test/x.test.ts')`, and then `shows('its title')`. */
export function testsIn(file: string): (title: string) => NamedTest {
  return (title) => ({ file, title });
}

/**
 * The rows of the members of `parent` (the empty text for those of the client itself). A key of `members` may be several names with
 * spaces between them, of which the same is true.
 */
export function rowsOf(parent: string, members: Readonly<Record<string, PropertyFacts>>): PropertyRow[] {
  const prefix = parent === '' ? '' : `${parent}.`;
  return Object.entries(members).flatMap(([names, facts]) =>
    names.split(' ').map((name) => ({ name: prefix + name, ...facts })),
  );
}
