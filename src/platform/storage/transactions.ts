import { AsyncLocalStorage } from 'node:async_hooks';
import { type Connection, type Database, endedError, type Row, type Statement } from './database.ts';

/** A transaction in progress, or one nested in it: every store operation inside finds it here, so that nobody has to hand it along. */
interface Scope {
  readonly connection: Connection;
  readonly parent: Scope | undefined;
  /** Cached collections written to: read past the cache inside, forgotten by it afterwards. */
  readonly touched: Set<string>;
  /** Nothing is answered from the cache: another node's write may not have been heard of yet. */
  readonly fresh: boolean;
  state: 'open' | 'done' | 'failed';
  /** Settles when the write before the next one is done: within a transaction writes happen one after the other. */
  tail: Promise<unknown>;
}

const statement = (sql: string): Statement => ({ sql, parameters: [] });

/**
 * Which transaction an operation belongs to, by where it was called from. Work that was started inside a transaction and goes on after
 * it stands on its own when the transaction was committed, and is refused when it was rolled back: half of it would be missing.
 */
export class Transactions {
  private readonly database: Database;
  private readonly forget: (topic: string) => void;
  private readonly scopes = new AsyncLocalStorage<Scope>();

  constructor(database: Database, forget: (topic: string) => void) {
    this.database = database;
    this.forget = forget;
  }

  /** Runs `work` as a transaction; inside another one as a part of it, which is undone by itself when `work` rejects. */
  async run<R>(work: () => Promise<R>): Promise<R> {
    const scope = this.writable();
    return scope ? this.nest(scope, work) : this.begin(work);
  }

  /** As `run`, without a limit, while no other node runs such a one. Inside another transaction it is a part of that, no more. */
  async runExclusively<R>(work: () => Promise<R>, begun: () => void): Promise<R> {
    const scope = this.writable();
    if (scope) return this.nest(scope, work);
    return this.begin(
      () => {
        begun();
        return work();
      },
      (task) => this.database.exclusively(task),
    );
  }

  /** As `run`, after all others that are run serially by this `name`, on any node. */
  async runSerially<R>(name: string, work: () => Promise<R>): Promise<R> {
    const scope = this.writable();
    if (!scope)
      return this.begin(
        () => work(),
        (task) => this.database.serially(name, task),
        true,
      );
    const waiting = async () => {
      await this.database.waitTurn(scope.connection, name);
      return work();
    };
    return this.nest(scope, waiting, true);
  }

  read(statement: Statement): Promise<Row[]> {
    return this.open()?.connection.rows(statement) ?? this.database.read(statement);
  }

  /** Must the current transaction read `topic` from the database itself? Undefined outside of a transaction. */
  readsPastCache(topic: string): boolean | undefined {
    const scope = this.open();
    return scope && (scope.fresh || scope.touched.has(topic));
  }

  /** Runs one statement, which changes `topic` when it has one. */
  async write(topic: string | undefined, statement: Statement): Promise<Row[]> {
    const scope = this.writable();
    if (!scope && topic === undefined) return this.database.write(statement);
    return this.alone(scope, topic, (connection) => connection.rows(statement));
  }

  /** As `write`, for a statement that may break a unique index and leaves the current transaction usable then. */
  async attempt(topic: string | undefined, statement: Statement): Promise<Row[]> {
    if (!this.writable() && topic === undefined) return this.database.write(statement);
    return this.atomically(topic, (connection) => connection.rows(statement));
  }

  /** Runs `work` while no other write of the current transaction happens; when it rejects, nothing of it remains. */
  async atomically<R>(topic: string | undefined, work: (connection: Connection) => Promise<R>): Promise<R> {
    const scope = this.writable();
    if (!scope || !this.database.failureAborts) return this.alone(scope, topic, work);
    if (topic !== undefined) scope.touched.add(topic);
    return this.nest(scope, () => work(scope.connection));
  }

  private alone<R>(
    scope: Scope | undefined,
    topic: string | undefined,
    work: (connection: Connection) => Promise<R>,
  ): Promise<R> {
    if (!scope)
      return this.begin((connection, touched) => {
        if (topic !== undefined) touched.add(topic);
        return work(connection);
      });
    if (topic !== undefined) scope.touched.add(topic);
    return inTurn(scope, () => work(scope.connection));
  }

  private async begin<R>(
    work: (connection: Connection, touched: Set<string>) => Promise<R>,
    transaction: Database['transaction'] = (task) => this.database.transaction(task),
    fresh = false,
  ): Promise<R> {
    const touched = new Set<string>();
    try {
      return await transaction(async (connection) => {
        touched.clear();
        const scope: Scope = { connection, parent: undefined, touched, fresh, state: 'open', tail: Promise.resolve() };
        const value = await this.within(scope, () => work(connection, touched));
        if (touched.size > 0) await this.database.announce(connection, [...touched]);
        return value;
      });
    } finally {
      // Even when it failed: a commit whose answer got lost may have happened.
      for (const topic of touched) this.forget(topic);
    }
  }

  private nest<R>(parent: Scope, work: () => Promise<R>, fresh = parent.fresh): Promise<R> {
    return inTurn(parent, async () => {
      const { connection, touched } = parent;
      const scope: Scope = { connection, parent, touched, fresh, state: 'open', tail: Promise.resolve() };
      await connection.rows(statement('savepoint nested'));
      try {
        const value = await this.within(scope, work);
        await connection.rows(statement('release savepoint nested'));
        return value;
      } catch (error) {
        await undo(scope);
        throw error;
      }
    });
  }

  private async within<R>(scope: Scope, work: () => Promise<R>): Promise<R> {
    try {
      const value = await this.scopes.run(scope, work);
      await scope.tail;
      if (scope.state === 'failed') throw endedError();
      scope.state = 'done';
      return value;
    } catch (error) {
      scope.state = 'failed';
      throw error;
    }
  }

  private open(): Scope | undefined {
    let scope = this.scopes.getStore();
    while (scope && scope.state !== 'open') scope = scope.parent;
    return scope;
  }

  private writable(): Scope | undefined {
    let scope = this.scopes.getStore();
    while (scope && scope.state === 'done') scope = scope.parent;
    if (scope?.state === 'failed') throw endedError();
    return scope;
  }
}

/** Runs `work` after the writes that were asked for before it. */
function inTurn<R>(scope: Scope, work: () => Promise<R>): Promise<R> {
  const turn = scope.tail.then(work);
  scope.tail = turn.catch(() => {});
  return turn;
}

/** Back to where `scope` began. When that can't be done, what it is nested in can't be kept either. */
async function undo({ connection, parent }: Scope): Promise<void> {
  try {
    await connection.rows(statement('rollback to savepoint nested'));
    await connection.rows(statement('release savepoint nested'));
  } catch {
    for (let outer = parent; outer; outer = outer.parent) outer.state = 'failed';
  }
}
