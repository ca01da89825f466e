import pg from 'pg';
import type { Connection } from './database.ts';

const CHANNEL = 'countersign_configuration';
const POLL_MS = 1000;
const TIMEOUT_MS = 5000;
/** PostgreSQL takes at most 8000 bytes. */
const LONGEST_PAYLOAD = 7500;

/** What is notified: which node changed something, the version that this made, and what changed; no topics: anything. */
interface Notice {
  readonly node: string;
  readonly version: number;
  readonly topics?: readonly string[];
}

/** Tells the watchers of all other nodes, when the surrounding transaction commits, that `topics` changed. */
export async function announceChange(connection: Connection, node: string, topics: readonly string[]): Promise<void> {
  const counted = await connection.rows({
    sql: 'update configuration_version set version = version + 1 where id = 1 returning version',
    parameters: [],
  });
  const version = Number(counted[0]?.version);
  const whole = JSON.stringify({ node, version, topics } satisfies Notice);
  const payload =
    Buffer.byteLength(whole) <= LONGEST_PAYLOAD ? whole : JSON.stringify({ node, version } satisfies Notice);
  await connection.rows({ sql: 'select pg_notify($1, $2)', parameters: [CHANNEL, payload] });
}

/**
 * Hears of configuration that other nodes write: at once by NOTIFY, and within a second by a counter that is polled, since a notice may
 * be lost with the connection. While the server can't be reached nothing is forgotten; what was missed is forgotten afterwards.
 */
export class ConfigurationWatcher {
  private readonly url: string;
  private readonly node: string;
  private readonly changed: (topic: string | undefined) => void;
  private client: pg.Client | undefined;
  private seen = -1;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  /** `node` names this process in notices: it knows of its own changes already. */
  constructor(url: string, node: string, changed: (topic: string | undefined) => void) {
    this.url = url;
    this.node = node;
    this.changed = changed;
  }

  /** Resolves when it listens. */
  async start(): Promise<void> {
    await this.look();
    this.schedule();
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.client?.end().catch(() => {});
  }

  private schedule(): void {
    if (this.closed) return;
    this.timer = setTimeout(async () => {
      await this.look().catch(() => this.drop());
      this.schedule();
    }, POLL_MS);
    this.timer.unref();
  }

  private async look(): Promise<void> {
    this.client ??= await this.listen();
    const { rows } = await this.client.query('select version from configuration_version where id = 1');
    this.reach(Number(rows[0]?.version));
  }

  private async listen(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.url,
      keepAlive: true,
      connectionTimeoutMillis: TIMEOUT_MS,
      query_timeout: TIMEOUT_MS,
    });
    client.on('error', () => this.drop(client));
    client.on('end', () => this.drop(client));
    client.on('notification', ({ payload }) => this.hear(JSON.parse(payload ?? '{}') as Notice));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      return client;
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
  }

  private drop(client = this.client): void {
    if (client !== this.client) return;
    this.client = undefined;
    client?.end().catch(() => {});
  }

  private hear({ node, version, topics }: Notice): void {
    if (version !== this.seen + 1 || (node !== this.node && !topics)) {
      this.reach(version);
      return;
    }
    this.seen = version;
    if (node !== this.node) for (const topic of topics ?? []) this.changed(topic);
  }

  /** Something was missed on the way to `version`. */
  private reach(version: number): void {
    if (version <= this.seen) return;
    this.seen = version;
    this.changed(undefined);
  }
}
