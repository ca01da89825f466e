import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookUpTexts } from './texts.ts';

const failing = (code: string) => async () => {
  throw Object.assign(new Error(code), { code });
};

test('the parts of a record are one text; no such name is no text', async () => {
  const found = await lookUpTexts('x.test', async () => [['a', 'b'], ['c']]);
  assert.deepEqual(found, ['ab', 'c']);
  for (const code of ['ENOTFOUND', 'ENODATA']) assert.deepEqual(await lookUpTexts('x.test', failing(code)), []);
});

test('a name server that does not answer is no answer', async () => {
  for (const code of ['ETIMEOUT', 'ESERVFAIL', 'ECONNREFUSED'])
    await assert.rejects(lookUpTexts('x.test', failing(code)), { reason: 'connection' });
});
