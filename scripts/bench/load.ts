import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { measureWithAutocannon } from './autocannon.ts';

const run = promisify(execFile);

/** What is sent, by the name of the wrk script beside this file that sends it. */
export type Script = 'post.lua' | 'get.lua' | 'each.lua' | 'rotate.lua' | 'session.lua';

export interface Load {
  readonly url: string;
  readonly script: Script;
  /** What the script is told; see its first line. */
  readonly args: readonly string[];
  readonly seconds: number;
  readonly connections?: number;
}

export interface Measured {
  readonly perSecond: number;
  /** Answers that were neither 2xx nor 3xx. */
  readonly refused: number;
}

const hasWrk = spawnSync('wrk', ['--version']).error === undefined;

/** The load generator of this machine: wrk costs little beside the server, autocannon is what npm brings along. */
export const generator = hasWrk ? 'wrk' : 'autocannon';

/** Puts load on `url`: from one thread, so that little is taken from the server beside it. */
export function measure(load: Load): Promise<Measured> {
  return hasWrk ? measureWithWrk(load) : measureWithAutocannon(load);
}

async function measureWithWrk({ url, script, args, seconds, connections = 128 }: Load): Promise<Measured> {
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
