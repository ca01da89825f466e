/**
 * Search text (`q`) in the subset of Lucene's syntax that Auth0 documents: read into a tree, and the tree into what storage can
 * search by. It owns the syntax; which members there are, and what is special about them, its callers say.
 */
export { parseQuery } from './parse.ts';
export { type FieldRules, predicateOf } from './predicate.ts';
export { type Clause, type Node, QueryRefused, type Range, type Term } from './syntax.ts';
