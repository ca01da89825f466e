import type pg from 'pg';
import { type Connection, endedError, type Row, type Statement } from './database.ts';

/** Runs one statement. */
export async function run(client: pg.ClientBase, { sql, parameters }: Statement): Promise<Row[]> {
  return (await client.query(sql, parameters as unknown[])).rows as Row[];
}
