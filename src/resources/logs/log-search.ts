import { managementError, type Predicate } from '../../kernel/index.ts';
import { type FieldRules, parseQuery, predicateOf, QueryRefused } from '../../platform/lucene/index.ts';

/** What is special about the members of log events (Auth0: log search query syntax). */
const rules: FieldRules = {
  bare: ['client_name', 'connection', 'user_name'],
  ignoreCase: new Set(['client_name', 'connection', 'user_name']),
  lowerCase: new Set(),
  times: new Set(['date']),
  exactOnly: new Set(),
  special: {},
};

/** What `q` (or `search`) asks of log events. WireError 400 that says what is wrong with it. */
export function logPredicate(q: string | undefined): Predicate {
  if (q === undefined || q.trim() === '') return { and: [] };
  try {
    return predicateOf(parseQuery(q), rules);
  } catch (error) {
    if (!(error instanceof QueryRefused)) throw error;
    throw managementError(400, `The query can't be read: ${error.message}`, 'invalid_query_string');
  }
}
