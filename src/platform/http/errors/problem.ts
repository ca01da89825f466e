import { asProblem, type FailureCode } from '../../../kernel/index.ts';
import { managementFailures } from './management.ts';
import type { FailureTable } from './table.ts';

type Row = (params: never) => ReturnType<typeof asProblem>;

const rows = Object.entries(managementFailures) as [FailureCode, Row][];

/** `/my-org/*`: the Management API's words as problems. */
export const problemFailures = Object.fromEntries(
  rows.map(([code, present]) => [code, (params: never) => asProblem(present(params))]),
) as unknown as FailureTable;
