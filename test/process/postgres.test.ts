/** A database that goes away and comes back: the server says so, and recovers by itself. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { ensurePostgres } from '../postgres.ts';
import { findServer, unprivilegedAccount } from '../postgres-program.ts';
import { ask, managementToken, PRODUCTION, startProcess, stopProcess, temporaryFolder } from './server-process.ts';

const PATIENCE_MS = 60_000;

/** A server of this test's own: others may be using the shared one, which must not go down under them. */
let url: string;
let data: string;
/** How it was started: its port is among that. */
let options: string;

/** Stops or starts the database as its operator would. */
function control(...args: string[]): void {
  const account = unprivilegedAccount();
  const program = join(findServer(dirname(data), account), 'pg_ctl');
  const all = ['-D', data, '-w', '-s', '-l', join(dirname(data), 'log'), ...args];
  const ran = spawnSync(program, all, { ...account, cwd: dirname(data), stdio: 'ignore' });
  assert.equal(ran.status, 0, `pg_ctl ${args.join(' ')}`);
}

before(async () => {
  const shared = process.env.TEST_POSTGRES_URL;
  delete process.env.TEST_POSTGRES_URL;
  ({ url } = await ensurePostgres());
  if (shared) process.env.TEST_POSTGRES_URL = shared;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  data = (await client.query('SHOW data_directory')).rows[0].data_directory as string;
  await client.end();
  options = readFileSync(join(data, 'postmaster.opts'), 'utf8').trim().replace(/^\S+ /, '');
});

after(() => {
  control('stop', '-m', 'immediate');
  rmSync(dirname(data), { recursive: true, force: true });
});

async function untilReadyIs(port: number, status: number): Promise<void> {
  const giveUp = performance.now() + PATIENCE_MS;
  let seen = 0;
  while (performance.now() < giveUp) {
    seen = (await ask(port, { path: '/readyz' })).status;
    if (seen === status) return;
    await wait(50);
  }
  assert.fail(`/readyz stayed ${seen}, not ${status}`);
}

test('while PostgreSQL is down /readyz says 503; when it is back everything works again', async (t) => {
  const folder = temporaryFolder();
  t.after(() => folder.remove());
  const started = startProcess(['start'], { ...PRODUCTION, COUNTERSIGN_DATABASE: url }, folder.path);
  t.after(() => stopProcess(started));
  const { port = 0 } = await started.ready;
  await untilReadyIs(port, 200);
  await managementToken(port);

  control('stop', '-m', 'fast');
  await untilReadyIs(port, 503);
  const refused = await ask(port, { path: '/readyz' });
  assert.ok(Number(refused.headers['retry-after']) > 0);
  assert.equal((await ask(port, { path: '/healthz' })).status, 200, 'the process itself is well');

  control('start', '-o', options);
  await untilReadyIs(port, 200);
  const authorization = `Bearer ${await managementToken(port)}`;
  const made = await ask(port, { path: '/api/v2/clients', json: { name: 'Afterwards' }, headers: { authorization } });
  assert.equal(made.status, 201, made.text);
});
