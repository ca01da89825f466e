/**
 * The server is killed (SIGKILL) at random moments while people use it, and started again on the same database. Everything that it
 * answered must be there; nothing that it was in the middle of may be half there.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createDatabase, dropDatabase } from '../postgres.ts';
import { PRODUCTION, type Started, startProcess, temporaryFolder } from '../process/server-process.ts';
import { application, type Credentials, registerApplication } from './client.ts';
import { newLedger, progressOf } from './ledger.ts';
import { assertConsistent, assertRemembered } from './truth.ts';
import { live, seededChance } from './workload.ts';

/** More of both find more: `KILL_ROUNDS=100 KILL_SEED=7`. */
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 4);
const SEED = Number(process.env.KILL_SEED ?? 20260115);
const PEOPLE_AT_ONCE = 4;

async function databaseFor(t: TestContext, folder: string): Promise<string> {
  if (process.env.TEST_DATABASE !== 'postgres') return `sqlite:${join(folder, 'killed.db')}`;
  const url = await createDatabase(process.env.TEST_POSTGRES_URL ?? '');
  t.after(() => dropDatabase(url));
  return url;
}

test('what was answered survives kill -9', async (t) => {
  const folder = temporaryFolder();
  t.after(() => folder.remove());
  const database = await databaseFor(t, folder.path);
  const chance = seededChance(SEED);
  const ledger = newLedger();
  let running: Started | undefined;
  t.after(() => running?.child.kill('SIGKILL'));

  async function start(): Promise<{ server: Started; port: number }> {
    const environment = { ...PRODUCTION, COUNTERSIGN_DATABASE: database, COUNTERSIGN_TLS_PORT: 'off' };
    const server = startProcess(['dev'], environment, folder.path);
    running = server;
    const { port } = await server.ready;
    assert.ok(port);
    return { server, port };
  }

  let credentials: Credentials | undefined;
  for (let round = 0; round <= ROUNDS; round++) {
    const { server, port } = await start();
    credentials ??= await registerApplication(port);
    const app = application(port, credentials);
    await assertRemembered(app, ledger);
    if (round < ROUNDS) {
      const lives = Array.from({ length: PEOPLE_AT_ONCE }, (_, n) => live(app, ledger, `p${round}-${n}`, chance));
      const ended = Promise.all(lives);
      ended.catch(() => {});
      // After some answers, and then at any moment.
      const enough = progressOf(ledger) + 10 + Math.floor(chance() * 40);
      while (progressOf(ledger) < enough) await Promise.race([ended, wait(2)]);
      await wait(chance() * 30);
      server.child.kill('SIGKILL');
      await ended;
    } else server.child.kill('SIGKILL');
    await server.ended;
    await assertConsistent(database, ledger);
  }
  t.diagnostic(`seed ${SEED}, ${ROUNDS} kills: ${JSON.stringify(ledger.answered)}`);
  for (const [kind, count] of Object.entries(ledger.answered)) assert.ok(count > 0, kind);
});
