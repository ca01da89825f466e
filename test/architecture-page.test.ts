/** ARCHITECTURE.md describes what is there: its folders, and the functions that it names. */
import assert from 'node:assert/strict';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');
const page = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');

const part = (title: string) => page.split(/^## /m).find((text) => text.startsWith(title)) ?? assert.fail(title);
const entriesOf = (folder: string) =>
  readdirSync(join(ROOT, folder), { withFileTypes: true }).map((entry) =>
    entry.isDirectory() ? `${entry.name}/` : entry.name,
  );

test('the tree names every folder and file of src, and every platform module', () => {
  const tree = part('The tree');
  const missing = [...entriesOf('src'), ...entriesOf('src/platform')].filter(
    (name) => !new RegExp(`(^|[ \\n])${name.replace('.', '\\.')}`).test(tree),
  );
  assert.deepEqual(missing, []);
});

test('the tree names nothing that is not there', () => {
  const block = part('The tree').split('```')[1] ?? '';
  const named = block.split('\n').flatMap((line) => /^ {2,4}([a-z-]+(?:\/|\.ts))/.exec(line)?.[1] ?? []);
  const there = [...entriesOf('src'), ...entriesOf('src/platform')];
  assert.deepEqual(
    named.filter((name) => !there.includes(name)),
    [],
  );
  assert.ok(named.length > 15);
});

test('the paths name functions that there are', () => {
  const sources = globSync('src/**/*.ts', { cwd: ROOT })
    .filter((path) => !path.endsWith('.test.ts'))
    .map((path) => readFileSync(join(ROOT, path), 'utf8'))
    .join('\n');
  const paths = page.split(/^## /m).filter((text) => text.startsWith('The path of'));
  const named = new Set(
    paths.flatMap((text) => text.split('```')[1]?.match(/(?<![\w./])[a-z]+(?:[A-Z][a-z]+)+(?![\w.])/g) ?? []),
  );
  assert.deepEqual(
    [...named].filter((name) => !new RegExp(`function ${name}\\b`).test(sources)),
    [],
  );
  assert.ok(named.size > 20);
});
