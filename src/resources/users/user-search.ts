import { managementError, type Predicate } from '../../kernel/index.ts';
import {
  type FieldRules,
  parseQuery,
  predicateOf,
  QueryRefused,
  type Range,
  type Term,
} from '../../platform/lucene/index.ts';

const PROFILE = ['email', 'name', 'given_name', 'family_name', 'nickname'];

/** `email.domain:"example.com"` */
function domainPredicate(value: Term | Range): Predicate {
  if (value.kind !== 'term' || value.parts.length !== 1)
    throw new QueryRefused('email.domain needs the name of a domain');
  return { path: ['email'], test: { endsWith: `@${value.parts[0]}` }, ignoreCase: true };
}

/** What is special about the members of users (Auth0: user search v3). */
const rules: FieldRules = {
  bare: [...PROFILE, 'username', 'phone_number', 'user_id'],
  ignoreCase: new Set(PROFILE),
  lowerCase: new Set(['email']),
  times: new Set(['created_at', 'updated_at', 'last_login', 'last_password_reset']),
  exactOnly: new Set(['user_metadata']),
  special: { 'email.domain': domainPredicate },
};

/** What `q` asks of users. WireError 400 that says what is wrong with it. */
export function userPredicate(q: string | undefined): Predicate {
  if (q === undefined || q.trim() === '') return { and: [] };
  try {
    return predicateOf(parseQuery(q), rules);
  } catch (error) {
    if (!(error instanceof QueryRefused)) throw error;
    throw managementError(400, `The query can't be read: ${error.message}`, 'invalid_query_string');
  }
}
