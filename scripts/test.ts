/**
 * Runs the tests: `npm test` (everything on SQLite, then what uses a database again on PostgreSQL),
 * `npm run test:pg` (only the second pass), `npm run e2e` (the browser tests), each with name filters:
 * `npm test -- mfa otp`. The last line printed is always `N passed, N failed`, over all passes.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensurePostgres } from '../test/postgres.ts';
import { runGroups, type Tally } from './test/run-groups.ts';
import { createTemplate } from './test/template-database.ts';

type Pass = { title: string; database: 'sqlite' | 'postgres'; files: string[] };

const ROOT = resolve(import.meta.dirname, '..');
const TEST_SERVER = join(ROOT, 'test/server.ts');

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
  for (const pass of list) {
    const { passed, failed } = await (pass.database === 'postgres' ? withPostgres(() => runPass(pass)) : runPass(pass));
    total.passed += passed;
    total.failed += failed;
  }
  return total;
}

async function withPostgres<R>(work: () => Promise<R>): Promise<R> {
  const postgres = await ensurePostgres();
  try {
    const template = await createTemplate(postgres.url);
    Object.assign(process.env, { TEST_POSTGRES_URL: postgres.url, TEST_POSTGRES_TEMPLATE: template.name });
    return await work().finally(template.drop);
  } finally {
    await postgres.stop();
  }
}

async function runPass({ title, database, files }: Pass): Promise<Tally> {
  console.log(`\n▶ ${title}: ${files.length} files, database ${database}\n`);
  process.env.TEST_DATABASE = database;
  return runGroups(files);
}
