/** Packages of CommonJS modules as one script for a page, unmodified: each module a function, `require` a look-up among them. */
import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';

interface Module {
  readonly source: string;
  /** What it requires, as it says it, by the file that is meant. */
  readonly needs: Readonly<Record<string, string>>;
}

/** What a page has in place of a file: packages say so in the member `browser` of their description. Nothing for `false`. */
function forBrowsers(file: string): string | undefined {
  const folder = packageOf(dirname(file));
  const { browser, main = 'index.js' } = readDescription(folder) ?? {};
  if (typeof browser === 'string') return join(folder, main) === file ? join(folder, browser) : file;
  const replaced = Object.entries(browser ?? {}).find(([from]) => withExtension(join(folder, from)) === file);
  if (!replaced) return file;
  return replaced[1] === false ? undefined : withExtension(join(folder, replaced[1]));
}

/** The folder of the package that `folder` is in. */
function packageOf(folder: string): string {
  const isTop = folder === dirname(folder) || readDescription(folder) !== undefined;
  return isTop ? folder : packageOf(dirname(folder));
}

const withExtension = (file: string) => (/\.(c?js|json)$/.test(file) ? file : `${file}.js`);

interface Description {
  readonly main?: string;
  readonly browser?: string | Readonly<Record<string, string | false>>;
}

function readDescription(folder: string): Description | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Description;
  } catch {
    return undefined;
  }
}

function read(file: string, modules: Map<string, Module>): void {
  if (modules.has(file)) return;
  const text = readFileSync(file, 'utf8');
  const source = file.endsWith('.json') ? `module.exports = ${text};` : text;
  const needs: Record<string, string> = {};
  modules.set(file, { source, needs });
  for (const [, name = ''] of source.matchAll(/\brequire\(\s*["']([^"']+)["']\s*\)/g)) {
    const found = resolve(name, file);
    if (found === undefined) continue;
    needs[name] = found;
    read(found, modules);
  }
}

/** Undefined: a package that is not installed. With a slash it is the package, and not Node's own module of that name. */
function resolve(name: string, from: string): string | undefined {
  try {
    // Node prefers an ES module where a package offers both; those packages have the other as `index.js` beside it.
    const found = createRequire(from)
      .resolve(isBuiltin(name) ? `${name}/` : name)
      .replace(/[^/]+\.mjs$/, 'index.js');
    return found.startsWith('/') ? forBrowsers(found) : undefined;
  } catch {
    return undefined;
  }
}

/** The script that defines `global` as what the package `name` exports. */
export function bundle(name: string, global: string): string {
  const entry = createRequire(import.meta.url).resolve(isBuiltin(name) ? `${name}/` : name);
  const modules = new Map<string, Module>();
  read(entry, modules);
  const entries = [...modules].map(
    ([file, { source, needs }]) =>
      `${JSON.stringify(file)}: [${JSON.stringify(needs)}, function (module, exports, require) {\n${source}\n}]`,
  );
  return `(() => {
const process = { env: { NODE_ENV: 'production' } };
const modules = {${entries.join(',\n')}};
const made = {};
const load = (file) => {
  if (file === undefined) return {};
  if (made[file]) return made[file].exports;
  const module = made[file] = { exports: {} };
  const [needs, define] = modules[file];
  define.call(module.exports, module, module.exports, (name) => load(needs[name]));
  return module.exports;
};
window.${global} = load(${JSON.stringify(entry)});
})();`;
}
