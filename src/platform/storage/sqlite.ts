import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { CompiledQuery as Compiled, type CompiledQuery } from 'kysely';
import type { Connection, Database, Row } from './database.ts';

interface Job {
  run(connection: Connection): Promise<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** How long a busy server collects transactions before it makes them durable together. */
const GROUP_WINDOW_MS = 2;
const GROUP_LIMIT = 200;
const STATEMENTS_KEPT = 500;

function statementRunner(db: DatabaseSync): Connection {
  const statements = new Map<string, StatementSync>();
  return {
    rows: async (query) => {
      let statement = statements.get(query.sql);
      if (!statement) {
        if (statements.size >= STATEMENTS_KEPT) statements.clear();
        statement = db.prepare(query.sql);
        statements.set(query.sql, statement);
      }
      return statement.all(...(query.parameters as SQLInputValue[])) as Row[];
    },
  };
}

/**
 * SQLite through `node:sqlite`: one writing connection, one reading connection (write-ahead log, so that readers see only what is
 * committed). Transactions that arrive within a moment of each other share one COMMIT and so one fsync; each runs in its own
 * savepoint, and none is answered before the shared commit is on disk.
 */
export class SqliteDatabase implements Database {
  readonly dialect = 'sqlite';
  private readonly writer: DatabaseSync;
  private readonly reader: DatabaseSync;
  private readonly writing: Connection;
  private readonly reading: Connection;
  private readonly queue: Job[] = [];
  private draining: Promise<void> | undefined;
  private lastGroup = 0;

  /** `file`: a path, or `:memory:`. */
  constructor(file: string) {
    this.writer = new DatabaseSync(file);
    this.writer.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON',
    );
    this.reader = file === ':memory:' ? this.writer : new DatabaseSync(file);
    if (this.reader !== this.writer) this.reader.exec('PRAGMA busy_timeout = 5000; PRAGMA query_only = ON');
    this.writing = statementRunner(this.writer);
    this.reading = this.reader === this.writer ? this.writing : statementRunner(this.reader);
  }

  read(query: CompiledQuery): Promise<Row[]> {
    // A memory database has one connection: reading between two steps of somebody's transaction would see what may be rolled back.
    const shared = this.reader === this.writer;
    return shared && this.draining
      ? this.transaction((connection) => connection.rows(query))
      : this.reading.rows(query);
  }

  transaction<R>(work: (connection: Connection) => Promise<R>): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.queue.push({ run: work, resolve: resolve as (value: unknown) => void, reject });
      this.draining ??= this.drain();
    });
  }

  private async drain(): Promise<void> {
    await this.collect();
    while (this.queue.length > 0) {
      await this.commitGroup();
      if (this.queue.length > 0) await this.collect();
    }
    this.draining = undefined;
  }

  private collect(): Promise<void> {
    const wait = this.lastGroup > 1 && this.queue.length < GROUP_LIMIT;
    return new Promise((resolve) => (wait ? setTimeout(resolve, GROUP_WINDOW_MS) : setImmediate(resolve)));
  }

  private async commitGroup(): Promise<void> {
    const settled: Job[] = [];
    const outcomes: (() => void)[] = [];
    this.writer.exec('BEGIN IMMEDIATE');
    try {
      for (let job = this.queue.shift(); job; job = settled.length < GROUP_LIMIT ? this.queue.shift() : undefined) {
        settled.push(job);
        outcomes.push(await this.runInSavepoint(job));
      }
      this.writer.exec('COMMIT');
    } catch (error) {
      if (this.writer.isTransaction) this.writer.exec('ROLLBACK');
      for (const job of settled) job.reject(error);
      return;
    }
    this.lastGroup = settled.length;
    for (const tell of outcomes) tell();
  }

  private async runInSavepoint(job: Job): Promise<() => void> {
    this.writer.exec('SAVEPOINT job');
    try {
      const value = await job.run(this.writing);
      this.writer.exec('RELEASE job');
      return () => job.resolve(value);
    } catch (error) {
      this.writer.exec('ROLLBACK TO job; RELEASE job');
      return () => job.reject(error);
    }
  }

  async migrate(work: (connection: Connection) => Promise<void>): Promise<void> {
    await this.transaction(work);
  }

  async columns(connection: Connection, table: string): Promise<Set<string>> {
    const rows = await connection.rows(Compiled.raw('select name from pragma_table_info(?)', [table]));
    return new Set(rows.map((row) => String(row.name)));
  }

  /** A SQLite file belongs to one process: there is nobody to hear from. */
  async watch(): Promise<void> {}
  async announce(): Promise<void> {}

  async close(): Promise<void> {
    await this.draining;
    if (this.reader !== this.writer) this.reader.close();
    this.writer.close();
  }
}
