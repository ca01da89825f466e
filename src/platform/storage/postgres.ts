import { randomUUID } from 'node:crypto';
import pg from 'pg';
import {
  type Connection,
  type Database,
  type Row,
  type Statement,
  TRANSACTION_LIMIT_MS,
  TransactionLimitError,
  withinLimit,
} from './database.ts';
import { linkTo, run } from './postgres-connection.ts';
import { isConflict, isLost, isUnavailable, translate } from './postgres-errors.ts';
import { announceChange, ConfigurationWatcher } from './postgres-watcher.ts';
import { Turns } from './turns.ts';

const ATTEMPTS = 5;
const ADVISORY_LOCK = 7_203_114;
const CONNECT_MS = 5000;

const statement = (sql: string, ...parameters: unknown[]): Statement => ({ sql, parameters });

/** Was the connection lost, or is something still running on it? */
function isInDoubt(error: unknown): boolean {
  return isUnavailable(error) || error instanceof TransactionLimitError;
}

async function commit(client: pg.ClientBase): Promise<void> {
  // After a statement that failed, COMMIT succeeds as a ROLLBACK.
  if ((await client.query('COMMIT')).command !== 'COMMIT')
    throw new Error('a statement of the transaction failed, so nothing of it was written');
}

/** PostgreSQL through a pool. A transaction is READ COMMITTED: two of them may interleave, and `update`, `take` and unique indexes guard. */
export class PostgresDatabase implements Database {
  readonly dialect = 'postgres';
  readonly failureAborts = true;
  private readonly pool: pg.Pool;
  private readonly url: string;
  private readonly limitMs: number;
  private readonly node = randomUUID();
  /** Connections that were lent before. */
  private readonly pooled = new WeakSet<pg.ClientBase>();
  private readonly turns = new Turns();
  private watcher: ConfigurationWatcher | undefined;

  constructor(url: string, limitMs = TRANSACTION_LIMIT_MS, poolSize = 10) {
    this.url = url;
    this.limitMs = limitMs;
    this.pool = new pg.Pool({
      connectionString: url,
      max: poolSize,
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_MS,
      statement_timeout: limitMs,
      // The server is silent where it should have cut the statement off: it is gone.
      query_timeout: limitMs + CONNECT_MS,
      idle_in_transaction_session_timeout: limitMs + CONNECT_MS,
    });
    // A connection that dies while idle is replaced by the pool; the next query tells whether the server is gone.
    this.pool.on('error', () => {});
  }

  read(statement: Statement): Promise<Row[]> {
    return this.repeat((client) => run(client, statement));
  }

  write(statement: Statement): Promise<Row[]> {
    return this.repeat((client, begun) => {
      begun();
      return run(client, statement);
    });
  }

  transaction<R>(work: (connection: Connection) => Promise<R>): Promise<R> {
    return this.repeat(async (client, begun) => {
      await client.query('BEGIN');
      begun();
      return this.inTransaction(client, work);
    });
  }

  /** Who waits for another of this process holds no connection meanwhile: a hundred of one name must leave some for all else. */
  serially<R>(name: string, work: (connection: Connection) => Promise<R>): Promise<R> {
    return this.turns.take(name, () =>
      this.transaction(async (connection) => {
        await this.waitTurn(connection, name);
        return work(connection);
      }),
    );
  }

  async waitTurn(connection: Connection, name: string): Promise<void> {
    await connection.rows(statement('select pg_advisory_xact_lock($1::integer, hashtext($2))', ADVISORY_LOCK, name));
  }

  migrate(work: (connection: Connection) => Promise<void>): Promise<void> {
    return this.exclusively(async (connection) => {
      await connection.rows(
        statement('create table if not exists configuration_version (id integer primary key, version bigint not null)'),
      );
      await connection.rows(statement('insert into configuration_version values (1, 0) on conflict do nothing'));
      await work(connection);
    });
  }

  /** On a connection of its own without time limits: filling a new column may take long, as may waiting for another node that does. */
  async exclusively<R>(work: (connection: Connection) => Promise<R>): Promise<R> {
    const client = new pg.Client({ connectionString: this.url, connectionTimeoutMillis: CONNECT_MS });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query('BEGIN');
      const link = linkTo(client);
      await link.connection.rows(statement('select pg_advisory_xact_lock($1)', ADVISORY_LOCK));
      const value = await work(link.connection);
      await link.end();
      await commit(client);
      return value;
    } catch (error) {
      throw translate(error);
    } finally {
      await client.end().catch(() => {});
    }
  }

  async columns(connection: Connection, table: string): Promise<Set<string>> {
    // Not from information_schema, whose views take twenty times as long.
    const sql = `select attname from pg_attribute
      where attrelid = to_regclass(format('%I.%I', current_schema(), $1::text)) and attnum > 0 and not attisdropped`;
    const rows = await connection.rows(statement(sql, table));
    return new Set(rows.map((row) => String(row.attname)));
  }

  async announce(connection: Connection, topics: readonly string[]): Promise<void> {
    await announceChange(connection, this.node, topics);
  }

  async watch(changed: (topic: string | undefined) => void): Promise<void> {
    this.watcher = new ConfigurationWatcher(this.url, this.node, changed);
    await this.watcher.start();
  }

  async close(): Promise<void> {
    await this.watcher?.close();
    await this.pool.end();
  }

  /**
   * Does `use`, again when it lost against another transaction, and again when the connection had died in the pool before `use` said
   * that it had begun: each such try takes a dead one out of it.
   */
  private async repeat<R>(use: (client: pg.ClientBase, begun: () => void) => Promise<R>): Promise<R> {
    for (let conflicts = 0; ; ) {
      let untouched = false;
      try {
        return await this.withClient((client, pooled) => {
          untouched = pooled;
          return use(client, () => {
            untouched = false;
          });
        });
      } catch (error) {
        if (isConflict(error)) conflicts += 1;
        const mayRepeat = isConflict(error) ? conflicts < ATTEMPTS : untouched && isLost(error);
        if (!mayRepeat) throw translate(error);
      }
    }
  }

  private async inTransaction<R>(client: pg.ClientBase, work: (connection: Connection) => Promise<R>): Promise<R> {
    const link = linkTo(client);
    try {
      const value = await withinLimit(work(link.connection), this.limitMs);
      await link.end();
      await commit(client);
      return value;
    } catch (error) {
      // A connection in doubt is given up, which rolls back; any other is left as it was found.
      const ending = link.end();
      if (!isInDoubt(error)) {
        await ending;
        await client.query('ROLLBACK');
      }
      throw error;
    }
  }

  /** Lends a connection of the pool to `use`, says whether it was used before, and gives it up when it is in doubt. */
  private async withClient<R>(use: (client: pg.ClientBase, pooled: boolean) => Promise<R>): Promise<R> {
    const client = await this.pool.connect();
    const pooled = this.pooled.has(client);
    this.pooled.add(client);
    let broken = false;
    // Without a listener a connection that dies now would take the process with it.
    const onError = () => {
      broken = true;
    };
    client.on('error', onError);
    try {
      return await use(client, pooled);
    } catch (error) {
      broken ||= isInDoubt(error);
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }
}
