/** The command line: `dev` and `start` run the server. It owns how the process is configured, started and drained. */
import { parseArgs } from 'node:util';
import { ConfigurationError, readConfig } from '../config.ts';
import { serve } from './serve.ts';

const USAGE = 'usage: countersign dev | start';

/** Runs the command that `args` name, with configuration from `environment`. Resolves when the server listens. */
export async function run(args: readonly string[], environment: Readonly<Record<string, string | undefined>>): Promise<void> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true });
  const [command, ...rest] = positionals;
  if (rest.length > 0) throw new ConfigurationError(USAGE);
  if (command === 'dev') return serve(readConfig('development', environment));
  if (command === 'start') return serve(readConfig('production', environment));
  throw new ConfigurationError(USAGE);
}
