import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { type CollectionDefinition, collection, isFailure } from '../../kernel/index.ts';
import { GroupCommit } from './group-commit.ts';
import { openStorage } from './index.ts';
import { SqliteDatabase } from './sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-sqlite-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const unavailable = (error: unknown) => isFailure(error, 'temporarily_unavailable');
const insert = (id: number) => ({ sql: 'insert into t values (?)', parameters: [id] });
const count = { sql: 'select count(*) as n from t', parameters: [] };

function faulty(
  commit: { fail: boolean; begin?: boolean },
  flush?: () => Promise<void>,
): { group: GroupCommit; rows(): number } {
  const db = new DatabaseSync(':memory:');
  db.exec('create table t (id integer primary key)');
  const exec = db.exec.bind(db);
  db.exec = (sql) => {
    if (commit.fail && sql === (commit.begin ? 'BEGIN IMMEDIATE' : 'COMMIT')) throw new Error('disk I/O error');
    exec(sql);
  };
  const run = ({ sql, parameters }: { sql: string; parameters: readonly unknown[] }) =>
    db.prepare(sql).all(...(parameters as number[]));
  return { group: new GroupCommit(db, run, 1000, flush), rows: () => Number(db.prepare(count.sql).get()?.n) };
}

for (const begin of [false, true]) {
  test(`when ${begin ? 'BEGIN' : 'COMMIT'} fails everybody in the group is told, and the next group works`, async () => {
    const commit = { fail: true, begin };
    const { group, rows } = faulty(commit);
    const outcomes = await Promise.allSettled([
      group.single(insert(1)),
      group.transaction((connection) => connection.rows(insert(2))),
      group.transaction(() => Promise.reject(new Error('its own'))),
    ]);
    assert.deepEqual(
      outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.message),
      Array(3).fill('disk I/O error'),
    );
    assert.equal(rows(), 0);
    commit.fail = false;
    await group.single(insert(1));
    assert.equal(rows(), 1);
    await group.close();
    await assert.rejects(group.single(insert(2)), unavailable);
  });
}

test('a job that fails takes nobody of its group with it', async () => {
  const { group, rows } = faulty({ fail: false });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 30 }, (_, n) =>
      group.transaction(async (connection) => {
        await connection.rows(insert(n));
        await new Promise((resolve) => setImmediate(resolve));
        if (n % 2) throw new Error('odd');
        // The same row again: a statement that fails and is swallowed.
        await connection.rows(insert(n)).catch(() => {});
      }),
    ),
  );
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 15);
  assert.equal(rows(), 15);
});

test('when the engine ends the transaction by itself, nothing is committed on its own afterwards', async () => {
  const { group, rows } = faulty({ fail: false });
  const outcomes = await Promise.allSettled([
    group.single(insert(1)),
    group.transaction(async (connection) => {
      await connection.rows(insert(2));
      // What SQLite does when the disk is full.
      await connection.rows({ sql: 'rollback', parameters: [] });
      await connection.rows(insert(3)).catch(() => {});
    }),
  ]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.equal(rows(), 0);
  await group.single(insert(4));
  assert.equal(rows(), 1);
});

test('nobody is answered before the flush, and who comes during it goes with the next', async () => {
  const flushes: (() => void)[] = [];
  const answered: number[] = [];
  const { group, rows } = faulty({ fail: false }, () => new Promise((resolve) => flushes.push(resolve)));
  const write = (id: number) => group.single(insert(id)).then(() => answered.push(id));
  const flushed = async (nth: number) => {
    while (flushes.length < nth) await new Promise((resolve) => setImmediate(resolve));
    return flushes[nth - 1]!;
  };
  const first = write(1);
  const finishFirst = await flushed(1);
  const second = write(2);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([answered, rows()], [[], 1]);
  finishFirst();
  await first;
  const finishSecond = await flushed(2);
  assert.deepEqual([answered, rows()], [[1], 2]);
  finishSecond();
  await second;
  assert.deepEqual(answered, [1, 2]);
});

test('after a failed flush nothing is answered any more: nobody knows what is on disk', async () => {
  const { group } = faulty({ fail: false }, () => Promise.reject(new Error('disk I/O error')));
  const outcomes = await Promise.allSettled([group.single(insert(1)), group.transaction(async () => 'done')]);
  assert.ok(outcomes.every((outcome) => outcome.status === 'rejected' && unavailable(outcome.reason)));
  await assert.rejects(group.single(insert(2)), unavailable);
  assert.throws(() => group.requireDurable(), unavailable);
  await group.close();
});

test('another process that holds the file is waited for, and its writes are noticed', async () => {
  const file = join(folder, 'two', 'shared.db');
  const settings = collection<{ id: string; n: number }>({ name: 'settings', key: 'id', cached: true });
  const definitions = [settings as unknown as CollectionDefinition<never>];
  const [first, second] = [
    await openStorage(`sqlite:${file}`, definitions),
    await openStorage(`sqlite:${file}`, definitions),
  ];
  const tenant = { id: 'both', name: 'both' };
  const [mine, theirs] = [first, second].map((storage) => storage.forTenant(tenant).collection(settings));
  assert.ok(mine && theirs);
  assert.equal(await theirs.get('1'), undefined);
  await mine.put({ id: '1', n: 1 });
  const deadline = performance.now() + 3000;
  while ((await theirs.get('1'))?.n !== 1) {
    assert.ok(performance.now() < deadline, 'it was not noticed');
    await new Promise((resolve) => setImmediate(resolve));
  }
  await first.close();
  await second.close();
});

test('only the owner may read the file', async () => {
  const file = join(folder, 'private.db');
  const database = new SqliteDatabase(file);
  await database.write({ sql: 'create table t (id integer)', parameters: [] });
  for (const suffix of ['', '-wal']) assert.equal(statSync(file + suffix).mode & 0o077, 0, suffix);
  await database.close();
});

test('a file that can not be opened, or is no database, stops the start', async () => {
  await assert.rejects(openStorage(`sqlite:${folder}`, []));
});
