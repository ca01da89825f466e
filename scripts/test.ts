/**
 * Runs the tests: `npm test` (everything on SQLite, then what uses a database again on PostgreSQL),
 * `npm run test:pg` (only the second pass), `npm run e2e` (the browser tests), each with name filters:
 * `npm test -- mfa otp`. The last line printed is always `N passed, N failed`, over all passes.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import { ensurePostgres } from '../test/postgres.ts';

type Pass = { title: string; database: 'sqlite' | 'postgres'; files: string[] };
type Tally = { passed: number; failed: number };

const ROOT = resolve(import.meta.dirname, '..');
const TEST_SERVER = join(ROOT, 'test/server.ts');
/** A test that takes longer has failed. */
const TEST_TIMEOUT_MS = 120_000;
/** When nothing was reported for so long, a file has left something open and never ends: the pass is cut off. */
const SILENCE_MS = TEST_TIMEOUT_MS + 30_000;

process.chdir(ROOT);
const { values, positionals: filters } = parseArgs({
  allowPositionals: true,
  options: { postgres: { type: 'boolean' }, browser: { type: 'boolean' } },
});
const passes = planPasses().filter(({ files }) => files.length > 0);
const tally = await runPasses(passes);
console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0;

function planPasses(): Pass[] {
  if (values.browser) {
    return [{ title: 'browser tests', database: 'sqlite', files: select(globSync('test/e2e/**/*.test.ts')) }];
  }
  const files = select(globSync(['src/**/*.test.ts', 'test/**/*.test.ts'], { exclude: ['test/e2e/**'] }));
  const second: Pass = { title: 'again on PostgreSQL', database: 'postgres', files: files.filter(usesDatabase) };
  return values.postgres ? [second] : [{ title: 'tests', database: 'sqlite', files }, second];
}

function select(files: string[]): string[] {
  return files.filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter))).sort();
}

function usesDatabase(file: string): boolean {
  return /\.(?:contract|http)\.test\.ts$/.test(file) || reachesTestServer(resolve(file), new Set());
}

/** Follows relative imports, so that a test which comes to the server by way of fixtures counts as well. */
function reachesTestServer(file: string, seen: Set<string>): boolean {
  if (file === TEST_SERVER) return true;
  if (seen.has(file) || !existsSync(file)) return false;
  seen.add(file);
  const imports = readFileSync(file, 'utf8').matchAll(/\bfrom '(\.[^']+\.ts)'/g);
  return [...imports].some(([, path = '']) => reachesTestServer(resolve(dirname(file), path), seen));
}

async function runPasses(list: Pass[]): Promise<Tally> {
  const total: Tally = { passed: 0, failed: 0 };
  if (list.length === 0) console.log(`No test file matches ${filters.join(' or ') || 'this pass'}.`);
  const postgres = list.some(({ database }) => database === 'postgres') ? await ensurePostgres() : undefined;
  if (postgres) process.env.TEST_POSTGRES_URL = postgres.url;
  try {
    for (const pass of list) {
      const { passed, failed } = await runPass(pass);
      total.passed += passed;
      total.failed += failed;
    }
  } finally {
    await postgres?.stop();
  }
  return total;
}

/** One run of Node's own test runner, each file in its own process. A file that dies counts as a failed test. */
async function runPass({ title, database, files }: Pass): Promise<Tally> {
  console.log(`\n▶ ${title}: ${files.length} files, database ${database}\n`);
  process.env.TEST_DATABASE = database;
  const tally: Tally = { passed: 0, failed: 0 };
  const concurrency = Math.max(2, availableParallelism());
  const cut = new AbortController();
  const watchdog = setTimeout(() => cut.abort(), SILENCE_MS);
  const events = run({ files, concurrency, timeout: TEST_TIMEOUT_MS, signal: cut.signal });
  events.on('test:summary', ({ file, success, counts }) => {
    if (file !== undefined) return;
    tally.passed = counts.passed;
    tally.failed = counts.tests - counts.passed - counts.skipped - counts.todo;
    if (!success) tally.failed ||= 1;
  });
  for await (const line of events.compose(new spec())) {
    process.stdout.write(line);
    watchdog.refresh();
  }
  clearTimeout(watchdog);
  return tally;
}
