import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Load {
  readonly url: string;
  /** Name of a script beside this file. */
  readonly script: string;
  readonly args: readonly string[];
  readonly seconds: number;
  readonly connections?: number;
}

export interface Measured {
  readonly perSecond: number;
  /** Answers that were neither 2xx nor 3xx. */
  readonly refused: number;
}

/** Puts load on `url` with wrk: one thread, so that little is taken from the server beside it. */
export async function measure({ url, script, args, seconds, connections = 64 }: Load): Promise<Measured> {
  const parameters = [
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    '-s',
    join(import.meta.dirname, script),
    url,
    '--',
    ...args,
  ];
  const { stdout } = await run('wrk', parameters);
  const rate = /Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1];
  if (!rate) throw new Error(`wrk said nothing usable:\n${stdout}`);
  return { perSecond: Number(rate), refused: Number(/Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1] ?? 0) };
}
