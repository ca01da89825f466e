/** Who may import whom. These tables decide; ARCHITECTURE.md repeats the first one. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');

const MACHINERY = ['kernel', 'platform', 'resources'];
const DOMAIN = [...MACHINERY, 'strategies', 'protection', 'extensibility', 'audit', 'transactions', 'assertions'];
const PRODUCT = [...DOMAIN, 'mfa', 'pages'];

/** Folder → the folders it may import. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  config: [],
  kernel: [],
  platform: ['kernel', 'platform'],
  resources: MACHINERY,
  strategies: [...MACHINERY, 'protection', 'transactions'],
  protection: MACHINERY,
  extensibility: MACHINERY,
  audit: MACHINERY,
  transactions: MACHINERY,
  assertions: MACHINERY,
  mfa: DOMAIN,
  pages: ['kernel'],
  oauth: PRODUCT,
  login: PRODUCT,
  enterprise: PRODUCT,
  development: PRODUCT,
  openapi: ['kernel', 'platform'],
  provisioning: [...MACHINERY, 'config'],
};

/** What puts everything together and may import everything: the files in `src` itself, save `config.ts`, and `src/cli`. */
const isComposition = (name: string) => name === 'cli' || name.endsWith('.ts');

/** Folders whose sub-folders are modules of their own. */
const GROUPS = ['platform', 'resources'];

/** Outside library → the only module that may import it. One that is not listed may be imported by one module. */
const DOORS: readonly (readonly [RegExp, string])[] = [
  [/^typebox$/, 'kernel'],
  [/^(fastify|@fastify\/.*|ajv|ajv-formats|prom-client)$/, 'platform/http'],
  [/^(kysely|pg|node:sqlite)$/, 'platform/storage'],
  [/^(jose|bcrypt|@peculiar\/x509)$/, 'platform/crypto'],
  [/^nodemailer$/, 'platform/messages'],
  [/^@simplewebauthn\//, 'platform/webauthn'],
  [/^undici$/, 'platform/outbound'],
  [/^(openid-client|oauth4webapi)$/, 'platform/upstream'],
  [/^pino$/, 'platform/telemetry'],
  [/^(@xmldom\/xmldom|xml-crypto|xml-encryption)$/, 'platform/xml'],
];

/** Time and chance that tests could not hold still. */
const AMBIENT = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|(?<![.\w])fetch\(/;
const AMBIENT_ALLOWED = ['src/kernel/clock.ts'];

type Import = { from: string; to: string };

const files = globSync('src/**/*.ts', { cwd: ROOT })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => !/\.(test|contract)\.ts$/.test(path));
const imports = files.flatMap((from) => readImports(from, readFileSync(join(ROOT, from), 'utf8')));

test('every import is allowed by the table', () => {
  assert.deepEqual(imports.flatMap(judge), []);
});

test('modules do not import each other in a circle', () => {
  assert.deepEqual(findCircles(imports), []);
});

test('each outside library has one door', () => {
  const undeclared = Map.groupBy(imports.filter(isLibrary), ({ to }) => libraryName(to))
    .entries()
    .map(([name, list]) => ({ name, users: [...new Set(list.map(({ from }) => moduleOf(from)))] }))
    .filter(({ name, users }) => users.length > 1 && !doorOf(name) && !name.startsWith('node:'))
    .map(({ name, users }) => `${name} is imported by ${users.join(' and ')}: give it one door and list it in DOORS`);
  assert.deepEqual([...undeclared], []);
});

test('a module says first what it owns', () => {
  const silent = files
    .filter((path) => path === `src/${moduleOf(path)}/index.ts`)
    .filter((path) => {
      return !readFileSync(join(ROOT, path), 'utf8').startsWith('/**');
    });
  assert.deepEqual(silent, []);
});

test('time and chance are handed in, not taken from globals', () => {
  const takers = files
    .filter((path) => !AMBIENT_ALLOWED.includes(path))
    .flatMap((path) =>
      readFileSync(join(ROOT, path), 'utf8')
        .split('\n')
        .map((text, row) => ({ path, text, row })),
    )
    .filter(({ text }) => !/^\s*(\*|\/\/|\/\*)/.test(text) && AMBIENT.test(text))
    .map(({ path, text, row }) => `${path}:${row + 1}: ${text.trim()}`);
  assert.deepEqual(takers, []);
});

test('the table refuses what it should refuse', () => {
  const refused: [string, string][] = [
    ['src/kernel/a.ts', '../platform/http/index.ts'],
    ['src/platform/http/a.ts', '../storage/tables.ts'],
    ['src/platform/http/a.ts', '../../oauth/index.ts'],
    ['src/resources/users/a.ts', '../clients/client.rules.ts'],
    ['src/pages/a.ts', '../resources/users/index.ts'],
    ['src/oauth/token/a.ts', '../../login/index.ts'],
    ['src/login/a.ts', '../oauth/index.ts'],
    ['src/transactions/a.ts', '../mfa/index.ts'],
    ['src/mfa/a.ts', '../app.ts'],
    ['src/mfa/a.ts', '../unheard-of/index.ts'],
    ['src/mfa/a.ts', '../../test/server.ts'],
    ['src/oauth/a.ts', 'jose'],
    ['src/app.ts', 'fastify'],
    ['src/oauth/a.ts', 'pg/lib/defaults'],
  ];
  for (const [from, to] of refused) assert.equal(judge({ from, to }).length, 1, `${from} → ${to}`);
  const allowed: [string, string][] = [
    ['src/resources/users/a.ts', '../clients/index.ts'],
    ['src/resources/index.ts', './clients/index.ts'],
    ['src/oauth/token/a.ts', '../authorize/request.ts'],
    ['src/login/a.ts', '../transactions/index.ts'],
    ['src/app.ts', './platform/http/server.ts'],
    ['src/platform/crypto/a.ts', 'jose'],
  ];
  for (const [from, to] of allowed) assert.deepEqual(judge({ from, to }), [], `${from} → ${to}`);
  const circle = [
    { from: 'src/resources/users/a.ts', to: '../clients/index.ts' },
    { from: 'src/resources/clients/a.ts', to: '../users/index.ts' },
  ];
  assert.equal(findCircles(circle).length, 1);
});

/** The imports, re-exports and dynamic imports of one file, type-only ones included. */
function readImports(from: string, text: string): Import[] {
  const statements = /^(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]/gm;
  const dynamic = /\bimport\(\s*['"]([^'"]+)['"]/g;
  const found = [...text.matchAll(statements), ...text.matchAll(dynamic)];
  return found.map(([, first, second]) => ({ from, to: first ?? second ?? '' }));
}

/** `src/platform/http/server.ts` → `platform/http`, `src/oauth/token/issue.ts` → `oauth`; `src/app.ts` → `app.ts`. */
function moduleOf(path: string): string {
  const [, folder = '', inner = '', ...rest] = path.split('/');
  if (folder === 'config.ts') return 'config';
  return GROUPS.includes(folder) && rest.length > 0 ? `${folder}/${inner}` : folder;
}

function judge({ from, to }: Import): string[] {
  return (to.startsWith('.') ? judgeOwn(from, to) : judgeLibrary(from, to)).map(
    (why) => `${from} imports ${to}: ${why}`,
  );
}

function judgeLibrary(from: string, to: string): string[] {
  const door = doorOf(libraryName(to));
  return door && moduleOf(from) !== door ? [`only ${door} may; ask it for what you need`] : [];
}

function judgeOwn(from: string, to: string): string[] {
  const target = posix.join(posix.dirname(from), to);
  if (!target.startsWith('src/')) return ['the server needs nothing outside src'];
  const [here, there] = [moduleOf(from), moduleOf(target)];
  if (here === there || isComposition(here)) return [];
  const [layer = '', other = ''] = [here.split('/')[0], there.split('/')[0]];
  const allowed = MAY_IMPORT[layer];
  if (!allowed) return [`src/${layer} is not in the table MAY_IMPORT; add its row`];
  if (!allowed.includes(other)) return [`${layer} may import ${allowed.join(', ') || 'nothing of ours'}, not ${other}`];
  return target === `src/${there}/index.ts` || there === 'config'
    ? []
    : [`other modules enter ${there} through its index.ts`];
}

function isLibrary({ to }: Import): boolean {
  return !to.startsWith('.');
}

function libraryName(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function doorOf(name: string): string | undefined {
  return DOORS.find(([pattern]) => pattern.test(name))?.[1];
}

/** Every circle of modules, written once, as `a → b → a`. */
function findCircles(list: Import[]): string[] {
  const graph = new Map<string, Set<string>>();
  for (const { from, to } of list.filter((one) => !isLibrary(one))) {
    const [here, there] = [moduleOf(from), moduleOf(posix.join(posix.dirname(from), to))];
    if (here !== there) graph.set(here, (graph.get(here) ?? new Set()).add(there));
  }
  const done = new Set<string>();
  const walk = (node: string, trail: string[]): string[] => {
    if (trail.includes(node)) return [[...trail.slice(trail.indexOf(node)), node].join(' → ')];
    if (done.has(node)) return [];
    const circles = [...(graph.get(node) ?? [])].flatMap((next) => walk(next, [...trail, node]));
    done.add(node);
    return circles;
  };
  return [...graph.keys()].flatMap((node) => walk(node, []));
}
