import type { Collection, CollectionDefinition, Predicate, Query, SearchQuery, Where } from '../../kernel/index.ts';
import type { Connection, Row, Statement } from './database.ts';
import { duplicateFailure } from './duplicates.ts';
import type { Statements } from './statements.ts';
import { parseDocument } from './values.ts';

/** How a collection talks to the database: what it reads may come from a cache, what it writes belongs to the current transaction. */
export interface Channel {
  read(statement: Statement): Promise<Row[]>;
  /** For statements that can't break a unique index. */
  write(statement: Statement): Promise<Row[]>;
  /** Runs `work` alone in the current transaction, or in one of its own; when it fails, the current transaction is as it was before. */
  atomically<R>(work: (connection: Connection) => Promise<R>): Promise<R>;
  /** A single statement done `atomically`. */
  attempt(statement: Statement): Promise<Row[]>;
  /** Answers from memory where the collection is cached. */
  remember<R>(question: string, read: () => Promise<R>): Promise<R>;
}

/** A collection of one tenant. */
export class BoundCollection<T extends object> implements Collection<T> {
  private readonly definition: CollectionDefinition<never>;
  private readonly tenantId: string;
  private readonly statements: Statements;
  private readonly channel: Channel;

  constructor(definition: CollectionDefinition<never>, tenantId: string, statements: Statements, channel: Channel) {
    this.definition = definition;
    this.tenantId = tenantId;
    this.statements = statements;
    this.channel = channel;
  }

  get(key: string): Promise<T | undefined> {
    return this.channel.remember(`get ${key}`, () => this.readOne(this.statements.get(this.tenantId, key)));
  }

  async find(where: Where<T>): Promise<T | undefined> {
    const statement = this.statements.list(this.tenantId, { where: where as Where<never>, limit: 1 });
    return this.channel.remember(questionOf('find', statement), () => this.readOne(statement));
  }

  async list(query: Query<T> = {}): Promise<T[]> {
    const statement = this.statements.list(this.tenantId, query as Query<never>);
    return this.channel.remember(questionOf('list', statement), async () =>
      (await this.channel.read(statement)).map((row) => parseDocument<T>(row.data)),
    );
  }

  async count(where?: Where<T>): Promise<number> {
    const statement = this.statements.count(this.tenantId, where as Where<never> | undefined);
    return this.channel.remember(questionOf('count', statement), async () =>
      Number((await this.channel.read(statement))[0]?.n),
    );
  }

  async search(query: SearchQuery): Promise<T[]> {
    const rows = await this.channel.read(this.statements.search(this.tenantId, query));
    return rows.map((row) => parseDocument<T>(row.data));
  }

  async countMatches(match: Predicate): Promise<number> {
    return Number((await this.channel.read(this.statements.countMatches(this.tenantId, match)))[0]?.n);
  }

  async insert(document: T): Promise<T> {
    await this.namingDuplicates(this.channel.attempt(this.statements.insert(this.tenantId, document)));
    return document;
  }

  async put(document: T): Promise<T> {
    const statement = this.statements.put(this.tenantId, document);
    // Without unique combinations there is nothing that it could collide with.
    const putting = this.definition.unique.length > 0 ? this.channel.attempt(statement) : this.channel.write(statement);
    await this.namingDuplicates(putting);
    return document;
  }

  async update(key: string, change: (document: T) => T | undefined): Promise<T | undefined> {
    const { statements, tenantId } = this;
    const updating = this.channel.atomically(async (connection) => {
      const [row] = await connection.rows(statements.getForUpdate(tenantId, key));
      const before = row && parseDocument<T>(row.data);
      if (!before) return undefined;
      const replace = statements.replace(tenantId, key, before);
      const after = change(before);
      if (!after) return before;
      if (statements.keyOf(after) !== key)
        throw new TypeError(`${this.definition.name}: an update may not change the key`);
      await connection.rows(replace(after));
      return after;
    });
    return this.namingDuplicates(updating);
  }

  hold(key: string): Promise<T | undefined> {
    return this.readOne(this.statements.hold(this.tenantId, key));
  }

  async delete(key: string): Promise<boolean> {
    return (await this.channel.write(this.statements.delete(this.tenantId, key))).length > 0;
  }

  async take(key: string): Promise<T | undefined> {
    const [row] = await this.channel.write(this.statements.delete(this.tenantId, key));
    return row && parseDocument<T>(row.data);
  }

  async deleteWhere(where: Where<T>): Promise<number> {
    return (await this.channel.write(this.statements.deleteWhere(this.tenantId, where as Where<never>))).length;
  }

  private async readOne(statement: Statement): Promise<T | undefined> {
    const [row] = await this.channel.read(statement);
    return row && parseDocument<T>(row.data);
  }

  private async namingDuplicates<R>(writing: Promise<R>): Promise<R> {
    try {
      return await writing;
    } catch (error) {
      throw duplicateFailure(this.definition, error) ?? error;
    }
  }
}

/** What tells one question to a collection from another: the text of the statement and its parameters. */
function questionOf(kind: string, { sql, parameters }: Statement): string {
  return `${kind} ${sql} ${JSON.stringify(parameters)}`;
}
