import type { CompiledQuery } from 'kysely';

export type Row = Record<string, unknown>;

/** One conversation with the database: what runs through it inside a transaction belongs to that transaction. */
export interface Connection {
  rows(query: CompiledQuery): Promise<Row[]>;
}

/** What the two engines have in common. Everything above this interface is the same for both. */
export interface Database {
  readonly dialect: 'sqlite' | 'postgres';
  /** Sees committed data only. */
  read(query: CompiledQuery): Promise<Row[]>;
  /** Resolves when what `work` wrote is durable; rejects, with nothing written, when `work` does. */
  transaction<R>(work: (connection: Connection) => Promise<R>): Promise<R>;
  /** Runs `work` while no other process changes the schema. */
  migrate(work: (connection: Connection) => Promise<void>): Promise<void>;
  /** Names of the columns of `table`; empty when there is no such table. */
  columns(connection: Connection, table: string): Promise<Set<string>>;
  /** Calls `changed` when another process may have written configuration. */
  watch(changed: (topic: string | undefined) => void): Promise<void>;
  /** Tells other processes, when the surrounding transaction commits, that configuration changed. */
  announce(connection: Connection, topic: string): Promise<void>;
  close(): Promise<void>;
}
