import { AsyncLocalStorage } from 'node:async_hooks';
import type { DatabaseSync } from 'node:sqlite';
import { Failure } from '../../kernel/index.ts';
import { type Connection, endedError, type Row, type Statement, withinLimit } from './database.ts';

/** One transaction that waits its turn. */
interface Job {
  /** Does its part of the group's transaction; answers how to tell the caller once the group is on disk. */
  run(): Promise<() => void> | (() => void);
  reject(error: unknown): void;
}

/** How long a busy server collects transactions before it makes them durable together. */
const WINDOW_MS = 2;
const MOST_JOBS = 200;
/** A group that has run so long takes in no more jobs: those in it wait for its commit. */
const LONGEST_MS = 25;

const savepoint: Statement = { sql: 'savepoint job', parameters: [] };
const release: Statement = { sql: 'release job', parameters: [] };
const rollbackTo: Statement = { sql: 'rollback to job', parameters: [] };

/** Resolves when everything committed so far would survive a power cut. */
export type Flush = () => Promise<void>;

/**
 * Transactions that arrive within a moment of each other share one COMMIT and one flush; each runs in its own savepoint, alone, and
 * none is answered before the shared commit is on disk. While a flush is under way, the next group gathers.
 */
export class GroupCommit {
  private readonly writer: DatabaseSync;
  private readonly execute: (statement: Statement) => Row[];
  private readonly limitMs: number;
  private readonly flush: Flush;
  private queue: Job[] = [];
  private draining: Promise<void> | undefined;
  private lastSize = 0;
  private closed = false;
  private lost: Failure | undefined;

  constructor(
    writer: DatabaseSync,
    execute: (statement: Statement) => Row[],
    limitMs: number,
    flush: Flush = async () => {},
  ) {
    this.writer = writer;
    this.execute = execute;
    this.limitMs = limitMs;
    this.flush = flush;
  }

  get isBusy(): boolean {
    return this.draining !== undefined;
  }

  /** Throws when a flush has failed: what is in memory may not be what a restart finds, so nothing may be answered from it. */
  requireDurable(): void {
    if (this.lost) throw this.lost;
  }

  /** One statement as a transaction of its own. */
  single(statement: Statement): Promise<Row[]> {
    return this.enqueue<Row[]>((resolve, reject) => () => {
      try {
        // A statement that fails undoes itself: no savepoint needed.
        const rows = this.statement(statement);
        return () => resolve(rows);
      } catch (error) {
        return () => reject(error);
      }
    });
  }

  /** Runs `work` as a transaction that is rolled back after `limitMs`. It runs in the async context of the caller. */
  transaction<R>(work: (connection: Connection) => Promise<R>, limitMs = this.limitMs): Promise<R> {
    const inContext = AsyncLocalStorage.bind(work);
    return this.enqueue<R>((resolve, reject) => async () => {
      this.statement(savepoint);
      const link = this.link();
      try {
        const value = await limited(inContext(link.connection), limitMs);
        link.end();
        this.statement(release);
        return () => resolve(value);
      } catch (error) {
        link.end();
        this.statement(rollbackTo);
        this.statement(release);
        return () => reject(error);
      }
    });
  }

  /** Waits for what is in progress; what comes later is refused. */
  async close(): Promise<void> {
    this.closed = true;
    await this.draining;
  }

  private enqueue<R>(make: (resolve: (value: R) => void, reject: (error: unknown) => void) => Job['run']): Promise<R> {
    if (this.closed) return Promise.reject(new Failure('temporarily_unavailable', {}, 'the database is being closed'));
    if (this.lost) return Promise.reject(this.lost);
    return new Promise<R>((resolve, reject) => {
      this.queue.push({ run: make(resolve, reject), reject });
      this.draining ??= this.drain();
    });
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0) {
      await this.collect();
      await this.commitGroup();
    }
    this.draining = undefined;
  }

  private collect(): Promise<void> {
    const wait = this.lastSize > 1 && this.queue.length < MOST_JOBS;
    return new Promise((resolve) => (wait ? setTimeout(resolve, WINDOW_MS) : setImmediate(resolve)));
  }

  private async commitGroup(): Promise<void> {
    const taken: Job[] = [];
    const outcomes: (() => void)[] = [];
    try {
      this.writer.exec('BEGIN IMMEDIATE');
      await this.runJobs(taken, outcomes);
      this.writer.exec('COMMIT');
    } catch (error) {
      this.abandon(taken, error);
      return;
    }
    this.lastSize = taken.length;
    try {
      await this.flush();
    } catch (error) {
      this.giveUp(taken, error);
      return;
    }
    for (const tell of outcomes) tell();
  }

  /** After a failed flush nobody can tell what is on disk, and a second one would not either: only opening the file anew does. */
  private giveUp(taken: readonly Job[], error: unknown): void {
    const detail = error instanceof Error ? error.message : String(error);
    this.lost = new Failure('temporarily_unavailable', {}, `the log could not be flushed: ${detail}`);
    for (const job of [...taken, ...this.queue.splice(0)]) job.reject(this.lost);
  }

  private async runJobs(taken: Job[], outcomes: (() => void)[]): Promise<void> {
    const started = performance.now();
    do {
      const job = this.queue.shift();
      if (!job) return;
      taken.push(job);
      outcomes.push(await job.run());
    } while (taken.length < MOST_JOBS && performance.now() - started < LONGEST_MS);
  }

  /** Nothing of the group was written: tells everybody in it, and everybody who waits when it could not even begin. */
  private abandon(taken: Job[], error: unknown): void {
    const refused = taken.length > 0 ? taken : this.queue.splice(0);
    try {
      if (this.writer.isOpen && this.writer.isTransaction) this.writer.exec('ROLLBACK');
    } catch (worse) {
      for (const job of refused) job.reject(worse);
      return;
    }
    for (const job of refused) job.reject(error);
  }

  /** A full disk may have ended the group's transaction by itself; what ran now would be committed on its own. */
  private statement(statement: Statement): Row[] {
    if (!this.writer.isTransaction)
      throw new Failure('temporarily_unavailable', {}, 'SQLite rolled the transaction back');
    return this.execute(statement);
  }

  private link(): { connection: Connection; end(): void } {
    let ended = false;
    const rows = async (statement: Statement) => {
      if (ended) throw endedError();
      return this.statement(statement);
    };
    return {
      connection: { rows },
      end: () => {
        ended = true;
      },
    };
  }
}

function limited<R>(work: Promise<R>, limitMs: number): Promise<R> {
  return Number.isFinite(limitMs) ? withinLimit(work, limitMs) : work;
}
