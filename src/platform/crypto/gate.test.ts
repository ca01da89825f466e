import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFailure } from '../../kernel/index.ts';
import { createGate } from './gate.ts';

test('no more tasks run at once than there are places, and all run in order', async () => {
  const gate = createGate(2, 100);
  const started: number[] = [];
  let running = 0;
  let most = 0;
  const tasks = Array.from({ length: 20 }, (_, number) =>
    gate.run(async () => {
      started.push(number);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return number;
    }),
  );
  const expected = Array.from({ length: 20 }, (_, number) => number);
  assert.deepEqual(await Promise.all(tasks), expected);
  assert.deepEqual(started, expected);
  assert.equal(most, 2);
});

test('a task that fails gives its place back', async () => {
  const gate = createGate(1, 1);
  const failing = gate.run(() => Promise.reject(new Error('no')));
  const following = gate.run(async () => 'ran');
  await assert.rejects(failing, /no/);
  assert.equal(await following, 'ran');
  assert.equal(await gate.run(async () => 'again'), 'again');
});

test('whoever would make the queue too long is refused, and nobody else', async () => {
  const gate = createGate(1, 1);
  let finish = () => {};
  const running = gate.run(() => new Promise<void>((resolve) => (finish = resolve)));
  const waiting = gate.run(async () => 'waited');
  await assert.rejects(
    gate.run(async () => 'too late'),
    (error) => isFailure(error, 'temporarily_unavailable'),
  );
  finish();
  await running;
  assert.equal(await waiting, 'waited');
});
