/** Search text that can't be read or is not supported; the message says where and why, fit for the caller. */
export class QueryRefused extends Error {}

/** A word or phrase; `parts` are what stands between its wildcards. */
export interface Term {
  readonly kind: 'term';
  readonly parts: readonly string[];
}

export interface Range {
  readonly kind: 'range';
  readonly above?: { readonly value: string; readonly inclusive: boolean };
  readonly below?: { readonly value: string; readonly inclusive: boolean };
}

/** `field:value`; without a field the value is looked for wherever people look. */
export interface Clause {
  readonly kind: 'clause';
  readonly field: string | undefined;
  readonly value: Term | Range;
}

export type Node =
  | Clause
  | { readonly kind: 'and'; readonly nodes: readonly Node[] }
  | { readonly kind: 'or'; readonly nodes: readonly Node[] }
  | { readonly kind: 'not'; readonly node: Node };
