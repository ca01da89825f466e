import type pg from 'pg';
import { type Connection, endedError, type Row, type Statement } from './database.ts';

/** Runs one statement. */
export async function run(client: pg.ClientBase, { sql, parameters }: Statement): Promise<Row[]> {
  return (await client.query(sql, parameters as unknown[])).rows as Row[];
}

/** A connection for one transaction: one statement after the other, none after the end. */
export function linkTo(client: pg.ClientBase): { connection: Connection; end(): Promise<void> } {
  let tail: Promise<unknown> = Promise.resolve();
  let ended = false;
  const rows = (statement: Statement) => {
    if (ended) return Promise.reject(endedError());
    const turn = tail.then(() => run(client, statement));
    tail = turn.catch(() => {});
    return turn;
  };
  const end = async () => {
    ended = true;
    await tail;
  };
  return { connection: { rows }, end };
}
