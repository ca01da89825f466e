/**
 * What is asked of documents beyond their indexed members: any member, at any depth, through lists. Storage puts it into the SQL of
 * its engine; such a question may read every document of the tenant.
 */
export type Predicate =
  | { readonly and: readonly Predicate[] }
  | { readonly or: readonly Predicate[] }
  | { readonly not: Predicate }
  | MemberTest;

export interface Bound {
  readonly value: string;
  readonly inclusive: boolean;
}

/** What a value must be. Values are compared as text (`true`, `12`); ranges of two numbers compare numbers as numbers. */
export type ValueTest =
  | { readonly equals: string }
  | { readonly startsWith?: string; readonly contains?: string; readonly endsWith?: string }
  | { readonly above?: Bound; readonly below?: Bound }
  /** Something is there: not null, not an empty list, not an empty object. */
  | { readonly exists: true };

/** True when one of the values at `path` (`['identities', 'connection']`: through lists) passes `test`. */
export interface MemberTest {
  readonly path: readonly string[];
  readonly test: ValueTest;
  /** Compare without regard to the case of A to Z. */
  readonly ignoreCase?: boolean;
}

export interface SearchQuery {
  readonly match?: Predicate;
  /** Member to sort by, ties broken by the key. Default: the key. Documents without it come first. */
  readonly orderBy?: readonly string[];
  readonly descending?: boolean;
  readonly offset?: number;
  readonly limit?: number;
}
