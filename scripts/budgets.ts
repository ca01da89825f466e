/**
 * Checks how big things are: files, functions and the names that gather everything (`utils` and its kin).
 * The 40 lines a function may have are Biome's rule (biome.json); its measurements give the percentile here.
 */
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join, resolve } from 'node:path';

type Diagnostic = { message: string; location: { path: string; start: { line: number } } };
type Size = { place: string; lines: number };

const ROOT = resolve(import.meta.dirname, '..');
const FILE_LINES = 400;
const FILE_LINES_WISHED = 200;
const FUNCTION_LINES_P90 = 30;
const FORBIDDEN_WORDS = new Set(['util', 'helper', 'common', 'misc', 'manager', 'service']);
const SOURCES = '{src,test,scripts,bin,examples,dashboard}/**/*.{ts,tsx,js,mjs,css,sh}';
const GENERATED = /\.generated\.|\/(?:node_modules|dist|generated)\//;
const TESTS = /^test\/|\.test\.ts$|\.contract\.ts$/;

process.chdir(ROOT);
const paths = globSync(SOURCES, { exclude: ['**/node_modules', '**/dist'] }).sort();
const sizes = paths.filter((path) => !GENERATED.test(path)).map((path) => ({ place: path, lines: countLines(path) }));
const functions = measureFunctions(sizes.map(({ place }) => place).filter((path) => !TESTS.test(path)));
const p90 = percentile(functions, 0.9);

console.log(`files: ${sizes.length}, median ${percentile(sizes, 0.5)}, 90 % within ${percentile(sizes, 0.9)} lines`);
console.log(`functions of more than one line: ${functions.length}, 90 % within ${p90} lines`);
for (const { place, lines } of sizes.filter(({ lines }) => lines > FILE_LINES_WISHED && lines <= FILE_LINES)) {
  console.log(`  ${place} has ${lines} lines (wished: ${FILE_LINES_WISHED})`);
}

const faults = [
  ...sizes
    .filter(({ lines }) => lines > FILE_LINES)
    .map(({ place, lines }) => `${place}: ${lines} lines > ${FILE_LINES}`),
  ...paths.filter(hasForbiddenName).map((path) => `${path}: a name that says nothing; name it after what it holds`),
  ...(p90 > FUNCTION_LINES_P90 ? [`90th percentile of function length: ${p90} lines > ${FUNCTION_LINES_P90}`] : []),
];
for (const fault of faults) console.error(`over budget: ${fault}`);
process.exitCode = faults.length > 0 ? 1 : 0;

function countLines(path: string): number {
  const text = readFileSync(path, 'utf8');
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

/** What a name ends with says what the thing is: `mail-helpers`, `user.service`. `common-passwords` is about passwords. */
function hasForbiddenName(path: string): boolean {
  const names = path.slice(0, -extname(path).length).toLowerCase().split(/[/.]/);
  return names.some((name) => FORBIDDEN_WORDS.has((name.split(/[-_]/).at(-1) ?? '').replace(/s$/, '')));
}

/** Lets Biome report every function of more than one line, with its length (blank lines not counted). */
function measureFunctions(files: string[]): Size[] {
  const scripts = files.filter((path) => /\.(?:ts|tsx|js|mjs)$/.test(path));
  if (scripts.length === 0) return [];
  const folder = mkdtempSync(join(tmpdir(), 'countersign-budgets-'));
  try {
    const rule = { level: 'error', options: { maxLines: 1, skipBlankLines: true } };
    const rules = { preset: 'none', complexity: { noExcessiveLinesPerFunction: rule } };
    writeFileSync(join(folder, 'biome.json'), JSON.stringify({ root: true, linter: { rules } }));
    return readMeasurements(biome([`--config-path=${folder}`, ...scripts]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function biome(args: string[]): string {
  const program = join(ROOT, 'node_modules/.bin/biome');
  const options = ['lint', '--reporter=json', '--max-diagnostics=none', ...args];
  const run = spawnSync(program, options, { encoding: 'utf8', maxBuffer: 2 ** 28, cwd: ROOT });
  if (!run.stdout.startsWith('{')) throw new Error(`Biome gave no report: ${run.error?.message ?? run.stderr}`);
  return run.stdout;
}

function readMeasurements(report: string): Size[] {
  const diagnostics: Diagnostic[] = JSON.parse(report).diagnostics;
  return diagnostics.flatMap(({ message, location }) => {
    const lines = Number(/too many lines \((\d+)\)/.exec(message)?.[1]);
    return lines ? [{ place: `${basename(location.path)}:${location.start.line}`, lines }] : [];
  });
}

function percentile(list: Size[], share: number): number {
  const ordered = list.map(({ lines }) => lines).sort((left, right) => left - right);
  return ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * share))] ?? 0;
}
