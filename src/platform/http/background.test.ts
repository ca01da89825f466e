import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Logger } from '../../kernel/index.ts';
import { createBackground } from './background.ts';

const ignore = () => {};
const silent: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

test('idle waits for what was started, and for what that starts', async () => {
  const background = createBackground(silent);
  const done: string[] = [];
  background.start(async () => {
    background.start(async () => void done.push('second'));
    done.push('first');
  });
  assert.deepEqual(done, [], 'it does not begin at once');
  await background.idle(60_000);
  assert.deepEqual(done, ['first', 'second']);
  await background.idle(60_000);
});

test('idle does not wait for ever', async () => {
  const background = createBackground(silent);
  const { promise, resolve } = Promise.withResolvers<void>();
  background.start(() => promise);
  await background.idle(1);
  resolve();
  await background.idle(60_000);
});

test('what fails is logged and holds nobody up', async () => {
  const logged: string[] = [];
  const background = createBackground({ ...silent, error: (_fields, message) => void logged.push(message) });
  background.start(async () => {
    throw new Error('no');
  });
  background.start(() => {
    throw new Error('at once');
  });
  await background.idle(60_000);
  assert.equal(logged.length, 2);
});
