// Finds a Node that can run the source and runs it. The package brings one along, so any Node from 20 on is enough to
// get here; this file therefore uses nothing newer, and only built-in modules.
// npm links the bundled Node into node_modules/.bin, but not every version of npm does: its packages for the other
// platforms claim the same name, and npm 10 removes the link when it leaves those out.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_MAJOR = 24;
/** What was compiled, kept beside the libraries and as trustworthy as they are. Where it can't be written, every start compiles anew. */
const COMPILED = join('node_modules', '.cache', 'countersign');
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'];

/** The folder of the package. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Runs `node ...args` under a recent Node, this one or the bundled one, which then is also the `node` of everything
 * that it starts. Ends with its exit code, or 1 and a message when there is no such Node.
 */
export function runNode(args) {
  const program = isRecent(process.versions.node) ? process.execPath : findBundledNode();
  if (program) {
    const path = [dirname(program), process.env.PATH].filter(Boolean).join(delimiter);
    become(program, args, {
      NODE_COMPILE_CACHE: join(ROOT, COMPILED),
      UV_THREADPOOL_SIZE: String(Math.max(4, availableParallelism() + 2)),
      // glibc keeps a heap for each thread otherwise, and each keeps what it once needed.
      MALLOC_ARENA_MAX: '2',
      ...process.env,
      PATH: path,
    });
  } else {
    console.error(
      `countersign needs Node ${OLDEST_MAJOR} or newer. This is Node ${process.versions.node}, and the package found ` +
        `no Node of its own for ${process.platform}-${process.arch}: install one, or install the package again with ` +
        'its optional dependencies.',
    );
    process.exitCode = 1;
  }
}

function isRecent(version) {
  return Number(version.split('.')[0]) >= OLDEST_MAJOR;
}

/** The `node` inside the optional dependency for this platform, by the package's own `bin` entry. */
function findBundledNode() {
  const require = createRequire(import.meta.url);
  const { optionalDependencies = {} } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const names = Object.keys(optionalDependencies).filter((name) => {
    return name.startsWith('node-') && name.endsWith(`-${platform}-${process.arch}`);
  });
  for (const name of names) {
    try {
      const manifest = require.resolve(`${name}/package.json`);
      const { bin, version } = JSON.parse(readFileSync(manifest, 'utf8'));
      const program = join(dirname(manifest), typeof bin === 'string' ? bin : bin.node);
      if (isRecent(version) && existsSync(program)) return program;
    } catch {
      // Not installed on this machine: npm leaves out what is made for others.
    }
  }
  return undefined;
}

/** Becomes the program where Node can replace its process, else waits for it as its parent. */
function become(program, args, env) {
  if (typeof process.execve === 'function' && process.platform !== 'win32') {
    process.execve(program, [program, ...args], env);
  }
  const child = spawn(program, args, { stdio: 'inherit', env });
  for (const signal of SIGNALS) process.on(signal, () => isFromTerminal(signal) || child.kill(signal));
  child.on('error', (error) => {
    console.error(`countersign could not start ${program}: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exit(signal ? 128 + (constants.signals[signal] ?? 0) : (code ?? 1));
  });
}

/** Ctrl-C and Ctrl-\ go to every process of the terminal, so the child has had them already. */
function isFromTerminal(signal) {
  return process.stdin.isTTY === true && (signal === 'SIGINT' || signal === 'SIGQUIT');
}
