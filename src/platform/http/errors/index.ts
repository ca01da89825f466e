/**
 * Error dialects: one table per dialect, each with a row for every failure of the domain. It owns texts and statuses; who fails
 * and when is decided elsewhere. Answers that only one surface can give are made by the kernel's constructors instead.
 */
import { type Failure, type FailureCode, type FailureParams, type Surface, WireError } from '../../../kernel/index.ts';
import { databaseFailures } from './database.ts';
import { legacyFailures } from './legacy.ts';
import { managementFailures } from './management.ts';
import { oauthFailures } from './oauth.ts';
import { pageFailures } from './page.ts';
import { problemFailures } from './problem.ts';
import type { FailureTable } from './table.ts';

const TABLES: Readonly<Record<Surface, FailureTable>> = {
  oauth: oauthFailures,
  legacy: legacyFailures,
  management: managementFailures,
  my_organization: problemFailures,
  database: databaseFailures,
  page: pageFailures,
  guardian: managementFailures,
  plain: oauthFailures,
};

/** Does `surface` state errors as the Management API does (`statusCode`, `error`, `message`, `errorCode`)? */
export function speaksManagement(surface: Surface): boolean {
  return TABLES[surface] === managementFailures;
}

/** Does `surface` state errors as problems (RFC 9457)? */
export function speaksProblems(surface: Surface): boolean {
  return TABLES[surface] === problemFailures;
}

/** Puts `failure` into the words of `surface`; its private detail goes along for the log. */
export function presentFailure<Code extends FailureCode>(surface: Surface, failure: Failure<Code>): WireError {
  const present = TABLES[surface][failure.code] as (params: FailureParams[Code]) => WireError;
  const wire = present(failure.params);
  if (failure.detail === undefined) return wire;
  return new WireError(wire.status, { ...wire.body }, { headers: { ...wire.headers }, detail: failure.detail });
}
