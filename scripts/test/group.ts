/**
 * What one process of a test run does: it runs the test files that its arguments name one after the other, each as a suite with the file's
 * name. A file is loaded when the one before it has ended, so that its hooks and what it does at its top level are its own.
 */
import { resolve } from 'node:path';
import { suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';

/** A file that takes longer has failed, and so has a test in it: a test has as long as the suite that it is in. Slow machines exist. */
const FILE_TIMEOUT_MS = 300_000;

for (const file of process.argv.slice(2)) await suite(file, { timeout: FILE_TIMEOUT_MS }, () => load(file));

async function load(file: string): Promise<void> {
  try {
    await import(pathToFileURL(resolve(file)).href);
  } catch (error) {
    test('the file can be loaded', () => {
      throw error;
    });
  }
}
