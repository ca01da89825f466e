import { run } from '../../src/cli/index.ts';
import { ConfigurationError } from '../../src/config.ts';

/** Runs a command in this process, which is quicker than a process of its own: what it printed, and why it failed. */
export async function runHere(
  environment: Record<string, string>,
  args: string,
): Promise<{ failure: string | undefined; printed: string }> {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const failure = await run(args.split(' '), environment, print).then(
    () => undefined,
    (error: Error) => error,
  );
  if (failure && !(failure instanceof ConfigurationError)) throw failure;
  return { failure: failure?.message, printed: lines.join('\n') };
}
