export type Row = Record<string, unknown>;

/** SQL text with its parameters in order. Kysely's compiled queries are of this shape. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** One conversation with the database: what runs through it inside a transaction belongs to that transaction. */
export interface Connection {
  rows(statement: Statement): Promise<Row[]>;
}

/** What the two engines have in common. Everything above this interface is the same for both. */
export interface Database {
  readonly dialect: 'sqlite' | 'postgres';
  /** True where a statement that fails spoils the transaction it is in, unless a savepoint was set before it. */
  readonly failureAborts: boolean;
  /** Sees committed data only. */
  read(statement: Statement): Promise<Row[]>;
  /** One statement as a transaction of its own: durable when it resolves. */
  write(statement: Statement): Promise<Row[]>;
  /**
   * Resolves when what `work` wrote is durable; rejects, with nothing written, when `work` does or when it takes longer than the limit.
   * Its connection is dead once it ended. May run `work` again after a conflict in which nothing was written.
   */
  transaction<R>(work: (connection: Connection) => Promise<R>): Promise<R>;
  /** As `transaction`, while no other of this `name` runs in any process. */
  serially<R>(name: string, work: (connection: Connection) => Promise<R>): Promise<R>;
  /** Within a transaction: waits for those that are run serially by this `name`, and has those that come wait. */
  waitTurn(connection: Connection, name: string): Promise<void>;
  /** Runs `work`, which makes tables, as `exclusively` does. */
  migrate(work: (connection: Connection) => Promise<void>): Promise<void>;
  /** As `transaction`, without a limit and once, while no other process is in such a one: waits for those. */
  exclusively<R>(work: (connection: Connection) => Promise<R>): Promise<R>;
  /** Names of the columns of `table`; empty when there is no such table. */
  columns(connection: Connection, table: string): Promise<Set<string>>;
  /** Calls `changed` when another process may have written configuration under `topic` (undefined: under any). */
  watch(changed: (topic: string | undefined) => void): Promise<void>;
  /** Tells other processes, when the surrounding transaction commits, that configuration under `topics` changed. */
  announce(connection: Connection, topics: readonly string[]): Promise<void>;
  /** Waits for the transactions in progress. */
  close(): Promise<void>;
}

/** How long a transaction may take: others wait for it, and one that never ended would stop the server. */
export const TRANSACTION_LIMIT_MS = 10_000;

/** A transaction that took too long: a fault in our code, so it is no Failure. */
export class TransactionLimitError extends Error {}

/** Settles as `work` does, or rejects with a TransactionLimitError after `ms`. */
export async function withinLimit<R>(work: Promise<R>, ms: number): Promise<R> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    const late = () =>
      reject(new TransactionLimitError(`a transaction did not end within ${ms} ms and was rolled back`));
    timer = setTimeout(late, ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a connection throws when it is used after its transaction. */
export function endedError(): Error {
  return new Error('the transaction that this statement belongs to has ended: something in it was not awaited');
}
