import { closeSync, fdatasync, openSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../../kernel/index.ts';
import { type Connection, type Database, type Row, type Statement, TRANSACTION_LIMIT_MS } from './database.ts';
import { type Flush, GroupCommit } from './group-commit.ts';

const STATEMENTS_KEPT = 500;
const POLL_MS = 1000;
/** How long whoever wants the file for a long transaction waits for another process, and how often it looks. */
const PATIENCE_MS = 60_000;
const RETRY_MS = 50;
/** Pages (4 KiB) that the log grows to before they are carried into the file: what is written over meanwhile is carried once. */
const CHECKPOINT_PAGES = 4000;
/** SQLITE_BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN: the disk's or another process's doing, and it may pass. */
const UNAVAILABLE = new Set([5, 6, 8, 10, 13, 14]);

/** Runs statements on `db` at once. Each text is compiled once. */
export type Runner = (statement: Statement) => Row[];

function statementRunner(db: DatabaseSync): Runner {
  const statements = new Map<string, StatementSync>();
  return ({ sql, parameters }) => {
    let prepared = statements.get(sql);
    if (!prepared) {
      if (statements.size >= STATEMENTS_KEPT) statements.clear();
      prepared = db.prepare(sql);
      statements.set(sql, prepared);
    }
    return prepared.all(...(parameters as SQLInputValue[])) as Row[];
  };
}

/** SQLITE_BUSY: another process writes. */
function isLocked(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5;
}

/** What an error of the engine means to the domain; others pass unchanged. */
function translate(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  // The low byte is the kind, the rest says more (SQLITE_IOERR_FSYNC = 10 | 4 << 8).
  const kind = 'errcode' in error ? Number(error.errcode) & 0xff : undefined;
  const closed = 'code' in error && error.code === 'ERR_INVALID_STATE';
  if (closed || (kind !== undefined && UNAVAILABLE.has(kind)))
    return new Failure('temporarily_unavailable', {}, error.message);
  return error;
}

/**
 * Flushes the write-ahead log of `file` without holding up the event loop, as `synchronous = FULL` would at every COMMIT. The log is one
 * file as long as a connection is open, and SQLite takes no locks on it, which closing it here would let go of.
 */
function logFlusher(file: string): { flush: Flush; close(): void } {
  let log: number | undefined;
  return {
    flush: () =>
      new Promise((resolve, reject) => {
        log ??= openSync(`${file}-wal`, 'r+');
        fdatasync(log, (error) => (error ? reject(error) : resolve()));
      }),
    close() {
      if (log !== undefined) closeSync(log);
      log = undefined;
    },
  };
}

/**
 * SQLite through `node:sqlite`: one writing connection, one reading connection (write-ahead log, so that readers see only what is
 * committed; they may see it a moment before it is flushed and its writer is answered).
 */
export class SqliteDatabase implements Database {
  readonly dialect = 'sqlite';
  readonly failureAborts = false;
  private readonly writer: DatabaseSync;
  private readonly reader: DatabaseSync;
  private readonly run: Runner;
  private readonly runOnReader: Runner;
  private readonly group: GroupCommit;
  private readonly log: ReturnType<typeof logFlusher> | undefined;
  private poll: NodeJS.Timeout | undefined;

  /** `file`: a path, or `:memory:`. */
  constructor(file: string, limitMs = TRANSACTION_LIMIT_MS) {
    const inMemory = file === ':memory:';
    // Made here for its mode, which the log and its index take over.
    if (!inMemory) closeSync(openSync(file, 'a', 0o600));
    this.writer = new DatabaseSync(file);
    this.writer.exec('PRAGMA busy_timeout = 5000');
    const logged = this.writer.prepare('PRAGMA journal_mode = WAL').get()?.journal_mode === 'wal';
    // NORMAL flushes around checkpoints, so that the file is never torn; what a COMMIT added to the log is flushed by its group.
    this.writer.exec(`PRAGMA synchronous = ${logged ? 'NORMAL' : 'FULL'}`);
    // What a transaction of a group may have to undo is kept in memory; it would outgrow its 64 KiB and go through a file.
    this.writer.exec('PRAGMA temp_store = MEMORY');
    this.writer.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    this.log = logged ? logFlusher(file) : undefined;
    this.reader = inMemory ? this.writer : new DatabaseSync(file);
    if (!inMemory) this.reader.exec('PRAGMA busy_timeout = 5000; PRAGMA query_only = ON');
    this.run = statementRunner(this.writer);
    this.runOnReader = inMemory ? this.run : statementRunner(this.reader);
    this.group = new GroupCommit(this.writer, this.run, limitMs, this.log?.flush);
  }

  async read(statement: Statement): Promise<Row[]> {
    // A memory database has one connection: reading between two steps of somebody's transaction would see what may be rolled back.
    if (this.reader === this.writer && this.group.isBusy) return this.write(statement);
    try {
      this.group.requireDurable();
      return this.runOnReader(statement);
    } catch (error) {
      throw translate(error);
    }
  }

  async write(statement: Statement): Promise<Row[]> {
    try {
      return await this.group.single(statement);
    } catch (error) {
      throw translate(error);
    }
  }

  async transaction<R>(work: (connection: Connection) => Promise<R>): Promise<R> {
    try {
      return await this.group.transaction(work);
    } catch (error) {
      throw translate(error);
    }
  }

  /** Transactions take turns here, those of other processes as well. */
  serially<R>(_name: string, work: (connection: Connection) => Promise<R>): Promise<R> {
    return this.transaction(work);
  }

  async waitTurn(): Promise<void> {}

  migrate(work: (connection: Connection) => Promise<void>): Promise<void> {
    return this.exclusively(work);
  }

  /** Every transaction has the file for itself. Another process that has it for long is waited for without holding up the event loop. */
  async exclusively<R>(work: (connection: Connection) => Promise<R>): Promise<R> {
    const giveUp = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        return await this.group.transaction(work, Number.POSITIVE_INFINITY);
      } catch (error) {
        if (!isLocked(error) || performance.now() > giveUp) throw translate(error);
        await wait(RETRY_MS);
      }
    }
  }

  async columns(connection: Connection, table: string): Promise<Set<string>> {
    const rows = await connection.rows({ sql: 'select name from pragma_table_info(?)', parameters: [table] });
    return new Set(rows.map((row) => String(row.name)));
  }

  /** The version that the writing connection sees changes only by what another process commits. */
  async watch(changed: (topic: string | undefined) => void): Promise<void> {
    if (this.reader === this.writer) return;
    const version = () => this.writer.prepare('PRAGMA data_version').get()?.data_version;
    let seen = version();
    this.poll = setInterval(() => {
      const now = version();
      if (now !== seen) changed(undefined);
      seen = now;
    }, POLL_MS);
    this.poll.unref();
  }

  async announce(): Promise<void> {}

  async close(): Promise<void> {
    clearInterval(this.poll);
    await this.group.close();
    this.log?.close();
    if (this.reader !== this.writer) this.reader.close();
    if (this.writer.isOpen) this.writer.close();
  }
}
