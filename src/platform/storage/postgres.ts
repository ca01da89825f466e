import { CompiledQuery as Compiled, type CompiledQuery } from 'kysely';
import pg from 'pg';
import { Failure } from '../../kernel/index.ts';
import type { Connection, Database, Row } from './database.ts';

/** A deadlock or a serialisation conflict: the transaction did nothing and may be tried again. */
const RETRYABLE = new Set(['40001', '40P01']);
/** SQLSTATE classes of a server that went away: connection, insufficient resources, operator intervention. */
const UNAVAILABLE_CLASSES = new Set(['08', '53', '57']);
const NETWORK_ERRORS =
  /ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|ETIMEDOUT|ENOENT|Connection terminated|timeout exceeded/;
const ADVISORY_LOCK = 7_203_114;
const CHANNEL = 'countersign_configuration';
const POLL_MS = 1000;

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

function translate(error: unknown): unknown {
  const code = codeOf(error);
  const gone = UNAVAILABLE_CLASSES.has(code.slice(0, 2)) && code.length === 5;
  if (gone || NETWORK_ERRORS.test(code) || (error instanceof Error && NETWORK_ERRORS.test(error.message))) {
    return new Failure('database_unavailable', {}, error instanceof Error ? error.message : code);
  }
  return error;
}

function connectionOf(client: pg.ClientBase): Connection {
  return { rows: async (query) => (await client.query(query.sql, query.parameters as unknown[])).rows as Row[] };
}

/** PostgreSQL through a pool. Configuration caches of several nodes hear of each other's writes by NOTIFY, and by a version that is polled. */
export class PostgresDatabase implements Database {
  readonly dialect = 'postgres';
  private readonly pool: pg.Pool;
  private readonly url: string;
  private listener: pg.Client | undefined;
  private poll: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(url: string, poolSize = 10) {
    this.url = url;
    this.pool = new pg.Pool({ connectionString: url, max: poolSize, connectionTimeoutMillis: 5000 });
    // A connection that dies while idle is replaced by the pool; the next query tells whether the server is gone.
    this.pool.on('error', () => {});
  }

  async read(query: CompiledQuery): Promise<Row[]> {
    try {
      return (await this.pool.query(query.sql, query.parameters as unknown[])).rows as Row[];
    } catch (error) {
      throw translate(error);
    }
  }

  async transaction<R>(work: (connection: Connection) => Promise<R>): Promise<R> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.attempt(work);
      } catch (error) {
        if (attempt >= 5 || !RETRYABLE.has(codeOf(error))) throw translate(error);
      }
    }
  }

  private async attempt<R>(work: (connection: Connection) => Promise<R>): Promise<R> {
    const client = await this.pool.connect();
    let broken = false;
    try {
      await client.query('BEGIN');
      const value = await work(connectionOf(client));
      await client.query('COMMIT');
      return value;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {
        broken = true;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async migrate(work: (connection: Connection) => Promise<void>): Promise<void> {
    await this.transaction(async (connection) => {
      await connection.rows(Compiled.raw('select pg_advisory_xact_lock($1)', [ADVISORY_LOCK]));
      await connection.rows(
        Compiled.raw(
          'create table if not exists configuration_version (id integer primary key, version bigint not null)',
          [],
        ),
      );
      await connection.rows(Compiled.raw('insert into configuration_version values (1, 0) on conflict do nothing', []));
      await work(connection);
    });
  }

  async columns(connection: Connection, table: string): Promise<Set<string>> {
    const sql =
      'select column_name from information_schema.columns where table_schema = current_schema() and table_name = $1';
    const rows = await connection.rows(Compiled.raw(sql, [table]));
    return new Set(rows.map((row) => String(row.column_name)));
  }

  async announce(connection: Connection, topic: string): Promise<void> {
    await connection.rows(Compiled.raw('update configuration_version set version = version + 1 where id = 1', []));
    await connection.rows(Compiled.raw('select pg_notify($1, $2)', [CHANNEL, topic]));
  }

  async watch(changed: (topic: string | undefined) => void): Promise<void> {
    let seen: string | undefined = await this.version();
    await this.listen(changed);
    this.poll = setInterval(async () => {
      const version = await this.version().catch(() => undefined);
      if (version !== seen) changed(undefined);
      seen = version;
      if (!this.listener && !this.closed) await this.listen(changed).catch(() => {});
    }, POLL_MS);
    this.poll.unref();
  }

  private async version(): Promise<string> {
    const rows = await this.read(Compiled.raw('select version from configuration_version where id = 1', []));
    return String(rows[0]?.version);
  }

  private async listen(changed: (topic: string | undefined) => void): Promise<void> {
    const client = new pg.Client({ connectionString: this.url });
    client.on('notification', (notice) => changed(notice.payload));
    client.on('error', () => {
      this.listener = undefined;
      changed(undefined);
    });
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}`);
    this.listener = client;
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.poll);
    await this.listener?.end();
    await this.pool.end();
  }
}
